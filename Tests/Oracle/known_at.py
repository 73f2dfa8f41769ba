"""What `--known-at` promises, tried on the program with random books: whatever comes afterwards, what a run knew and published can be
seen again, every row of every public view and every byte of its reports.

    python3 known_at.py PROGRAM --seeds 1..20 [--billed] [--workers 2]

Each seeded book is run night after night, with random changes of its exports and its configuration, and closes and reopenings of months
between. Prints the seed and the first difference; ends with 0 when all hold, else 1.
"""

import os
import shutil
import subprocess

import seeds
from laws import Broken, allow_quarantine, change_some_rows
from warehouse import opened, said

NIGHTS = 4
# The outbox is of deliveries, and a run's own times are not told.
LEFT_OUT = {"outbox"}
# Answers that change between nights; whatever they make of a book has to come out again.
ANSWERS = [
    {"rate_date": "month_average"}, {"trials": "include_priced"}, {"churn_at": "cancel_requested"}, {"week_factor": 4},
    {"paused": "keep"}, {"fully_discounted": "keep_at_zero"}, {"grace_days": 20}, {"customer_is": "parent"},
]


def command(trial, *arguments):
    return subprocess.run(
        [trial.program, *arguments, "--project", trial.folder], capture_output=True, text=True, timeout=300)


def views(trial, *known):
    """{view: its rows as sorted lines}, as the program itself gives them."""
    with opened(trial.folder) as database:
        names = [row[0] for row in database.execute("select name from sqlite_master where type = 'view' order by 1")]
        columns = {
            # By which run and with which cause a restatement was noted first may differ: what a later one noted otherwise is not kept.
            name: [
                row[1] for row in database.execute(f"pragma table_info({name})")
                if name != "restatement" or row[1] not in ("run", "cause", "source_rows")
            ]
            for name in names if name not in LEFT_OUT
        }
    parts = [
        f"select '{name}' || json_array({', '.join(quoted(column) for column in listed)}) from {name}"
        for name, listed in columns.items()
    ]
    result = command(trial, "query", " union all ".join(parts), *known)
    if result.returncode != 0:
        raise Broken(f"query {known}: {said(result)}")
    lines = sorted(result.stdout.splitlines()[1:])
    return {name: [line for line in lines if line.lstrip('"').startswith(name + "[")] for name in columns}, result.stderr


def quoted(name):
    return f'"{name}"'


def files(folder):
    found = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = file.read()
    return found


def reports(trial, *known):
    """The documents of every report, made again."""
    target = os.path.join(trial.root, "rendered")
    shutil.rmtree(target, ignore_errors=True)
    for report in ("executive_summary", "customers"):
        result = command(trial, "render", report, "--to", target, *known)
        if "[month-not-published]" in result.stderr:
            continue
        if result.returncode != 0:
            raise Broken(f"render {report} {known}: {said(result)}")
    return files(target)


def must_be(expected, actual, what):
    for name in expected.keys() | actual.keys():
        before, now = expected.get(name), actual.get(name)
        if before != now:
            if isinstance(before, list) and isinstance(now, list):
                raise Broken(f"{what}: {name} {sorted(set(before) ^ set(now))[:4]}")
            raise Broken(f"{what}: {name} is another one")


def change_something(trial, paths):
    """A change of the exports, the policy or the record of closes; says which."""
    choice = trial.random.random()
    if choice < 0.6:
        return change_some_rows(trial, paths)
    if choice < 0.8:
        trial.settings["policy"].update(trial.random.choice(ANSWERS))
        write(trial)
        return f"policy {trial.settings['policy']}"
    with opened(trial.folder) as database:
        months = [row[0] for row in database.execute(
            "select distinct period from mrr_bridge where grain = 'month' and state = 'open' order by 1")]
        closed = [row[0] for row in database.execute(
            "select distinct period from mrr_bridge where grain = 'month' and state = 'closed' order by 1")]
    if closed and choice < 0.9:
        result = command(trial, "reopen", closed[-1], "--reason", "to see", "--by", "the oracle")
        if result.returncode != 0:
            raise Broken(f"reopen {closed[-1]}: {said(result)}")
        trial.note("months opened again")
        return f"{closed[-1]} opened again"
    if not months:
        return "nothing"
    month = trial.random.choice(months)
    result = command(trial, "close", month, "--by", "the oracle")
    if result.returncode != 0:
        raise Broken(f"close {month}: {said(result)}")
    trial.note("months closed")
    return f"{month} closed"


def write(trial):
    trial.write_settings(trial.folder, trial.settings)
    with open(os.path.join(trial.folder, "Pipelines/nightly.yml"), "w", encoding="utf-8") as file:
        file.write("deliver: {folder: reports}\n")
    # Another pipeline reads some of the sources, in an order of its own.
    with open(os.path.join(trial.folder, "Pipelines/part.yml"), "w", encoding="utf-8") as file:
        file.write("deliver: {folder: reports}\nsources: [" + ", ".join(trial.part) + "]\n")
    allow_quarantine(trial.folder)


def run(trial):
    pipeline = "part" if trial.random.random() < 0.3 else "nightly"
    return pipeline, command(trial, "run", pipeline, "--as-of", trial.settings["complete_through"])


def what_a_run_knew_is_seen_again(trial):
    names = [entity for entity, entries in trial.settings["files"].items() if entries]
    trial.part = trial.random.sample(names, max(1, len(names) * 2 // 3))
    write(trial)
    paths = {entry["path"] for entries in trial.settings["files"].values() for entry in entries}
    known = {}
    told = []
    for night in range(1, NIGHTS + 1):
        if night > 1 and known:
            told.append(change_something(trial, paths))
        pipeline, result = run(trial)
        told.append(pipeline)
        if result.returncode != 0:
            trial.note("nights that are refused")
            continue
        with opened(trial.folder) as database:
            last = database.execute("select max(run) from run where status = 'published'").fetchone()[0]
        known[last] = (views(trial)[0], reports(trial), list(told))
    if len(known) < 2:
        return trial.note("books that are refused")
    after = views(trial)[0]
    for number, (then, documents, _) in known.items():
        what = f"run {number}, nights: {told}"
        found, said_of_it = views(trial, "--known-at", str(number))
        is_reopened = "known-reopened" in said_of_it
        if "known-otherwise" in said_of_it:
            raise Broken(f"{what}: {said_of_it}")
        if is_reopened:
            # Of months opened again single customers' rows are not kept.
            trial.note("runs before a reopening")
            kept = {"metric_period", "mrr_bridge", "cohort_period", "month_close", "closed_figure"}
            then = {name: rows for name, rows in then.items() if name in kept}
            found = {name: rows for name, rows in found.items() if name in kept}
        must_be(then, found, what)
        if not is_reopened:
            must_be(documents, reports(trial, "--known-at", str(number)), what)
        if then["metric_period"] != after["metric_period"]:
            trial.note("runs that knew otherwise")
    must_be(after, views(trial)[0], "what is published now")


if __name__ == "__main__":
    seeds.main(what_a_run_knew_is_seen_again, "runs that knew otherwise", "no run knew anything that a later one does not")
