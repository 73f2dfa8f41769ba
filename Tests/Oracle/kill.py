"""Kills the program at random instants of a run, runs it again, and compares with an undisturbed run.

    python3 kill.py PROGRAM [--seed 1] [--rounds 12] [--customers 1500]

A first night and a second one with a changed export are each killed, some of them twice. Only this script's own
children are killed. Ends with 0 when views and reports are always those of the undisturbed run.
"""

import argparse
import datetime
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from project import write_project
from warehouse import documents, dump

SETTINGS = {
    "currency": "USD",
    "dimensions": {"plan": {"charge": "plan"}, "currency": {"charge": "currency"},
                   "arr": {"band": "arr", "bounds": [500, 5000]}},
    "files": {"charges": [{"path": "exports/charges.csv", "constants": {"interval_unit": "month"}}],
              "rates": [{"path": "exports/rates.csv"}]},
}
NIGHTS = ["2024-11-30", "2024-12-31"]


def write_exports(folder, seed, customers, night):
    """The second night knows some ends and some charges that the first did not."""
    chance = random.Random(seed)
    rows = []
    for number in range(customers):
        start = datetime.date(2022, 1, 1) + datetime.timedelta(days=chance.randrange(1000))
        for part in range(chance.randrange(1, 5)):
            end = start + datetime.timedelta(days=chance.randrange(20, 400))
            amount = f"{chance.randrange(1, 90000) / 100:.2f}"
            plan, currency = chance.choice("ABCD"), chance.choice(["USD", "USD", "EUR"])
            known_end = end.isoformat() if night == 1 or chance.random() < 0.95 else ""
            if night == 1 or part < 3:
                rows.append(f"{number}-{part},c{number},{plan},{start},{known_end},{amount},{currency}")
            start = end
    os.makedirs(os.path.join(folder, "exports"), exist_ok=True)
    with open(os.path.join(folder, "exports/charges.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(["id,customer,plan,start,end,amount,currency", *rows]) + "\n")
    day, lines = datetime.date(2021, 12, 1), ["day,from,to,rate"]
    while day < datetime.date(2025, 1, 10):
        if day.weekday() < 5:
            lines.append(f"{day},EUR,USD,{1 + chance.randrange(2000) / 10000:.4f}")
        day += datetime.timedelta(days=1)
    with open(os.path.join(folder, "exports/rates.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    write_project(folder, SETTINGS, reports=True)


def start_run(program, folder, night):
    command = [program, "run", "nightly", "--project", folder, "--as-of", NIGHTS[night]]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(program, folder, night):
    process = start_run(program, folder, night)
    _, errors = process.communicate(timeout=600)
    if process.returncode != 0:
        raise SystemExit(f"exit {process.returncode}: {errors[-2000:]}")


def state(folder):
    return dump(folder), documents(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--customers", type=int, default=1500)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    chance = random.Random(arguments.seed)
    root = tempfile.mkdtemp(prefix="kill-")
    try:
        undisturbed, first_night = os.path.join(root, "undisturbed"), os.path.join(root, "first-night")
        expected, seconds = [], []
        for night in (0, 1):
            write_exports(undisturbed, arguments.seed, arguments.customers, night)
            began = time.monotonic()
            finish(program, undisturbed, night)
            seconds.append(time.monotonic() - began)
            expected.append(state(undisturbed))
            if night == 0:
                shutil.copytree(undisturbed, first_night)
        failures, killed = 0, 0
        for number in range(arguments.rounds):
            night = number % 2
            folder = os.path.join(root, f"round-{number}")
            if night == 1:
                shutil.copytree(first_night, folder)
            write_exports(folder, arguments.seed, arguments.customers, night)
            instants = [chance.uniform(0, 1.05) * seconds[night] for _ in range(chance.choice([1, 1, 2]))]
            for instant in instants:
                process = start_run(program, folder, night)
                try:
                    process.wait(instant)
                except subprocess.TimeoutExpired:
                    process.kill()
                    killed += 1
                process.communicate()
            finish(program, folder, night)
            views, reports = state(folder)
            wrong = [name for name in expected[night][0] if expected[night][0][name] != views.get(name)]
            wrong += [path for path in expected[night][1] if expected[night][1][path] != reports.get(path)]
            if wrong:
                failures += 1
                shown = ", ".join(f"{instant:.3f}" for instant in instants)
                print(f"seed {arguments.seed}, round {number}, night {night}, killed after {shown} s: {wrong} differ")
            shutil.rmtree(folder)
        print(f"{arguments.rounds - failures} of {arguments.rounds} rounds as undisturbed, {killed} runs killed")
        sys.exit(1 if failures or not killed else 0)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
