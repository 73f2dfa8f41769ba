"""Feeds the program amounts near the largest it accepts: it never crashes, and never publishes a wrong figure.

    python3 huge.py PROGRAM --seeds 1..40 [--edges] [--workers 2] [--keep FOLDER]

Amounts, quantities and uses of random books grow until totals leave 64 bits. The program either refuses the run with a
finding that says what is too large, or publishes the calculator's figures. With `--edges` dates are put to the edges of
what a date can be, too, and only a crash counts. Prints each failing seed; ends with 0 when there is none, else 1.
"""

import argparse
import concurrent.futures
import csv
import glob
import os
import random
import shutil
import sys
import tempfile

from billed_books import make_billed_book
from books import make_book
from calculator import tables_of
from compare import differences
from rates import MissingRate
from warehouse import public_tables, run_program, said

LARGEST = 9223372036854775807
MONEY = {"amount", "discount_amount", "discount", "tax", "total", "subtotal", "paid_amount"}
MILLIONTHS = {"quantity", "count", "value", "discount_percent"}
DATES = {
    "start", "end", "discount_end", "period_start", "period_end", "issued", "due", "paid", "created", "closed", "day",
    "at", "signed", "canceled", "started", "trial_end", "ended", "cancel_requested", "cancel_effective", "pause_start",
    "pause_end",
}
EDGES = ["1900-01-01", "1900-01-31T23:59:59Z", "2199-12-31", "2199-12-31T23:59:59Z", "2100-02-28", "1999-12-31", "2200-01-01"]
# Of these the program speaks where a number does not fit; books without a rate there are anyway.
TOLD = ("[total-too-large]", "[amount-too-large]", "[too-large]", "[missing-rate]")


def number_text(micros):
    whole, rest = divmod(abs(micros), 1_000_000)
    return f"{'-' if micros < 0 else ''}{whole}.{rest:06d}"


class Growth:
    """Makes numbers of a book's exports huge: of some files, of some of their rows."""

    def __init__(self, seed, folder, edges):
        self.random = random.Random(f"huge {seed}")
        self.edges = edges
        self.folder = folder
        self.share = self.random.choice([0.02, 0.2, 1.0])
        self.power = self.random.choice([1, 3, 5, 6, 8])
        self.ways = self.random.sample(["set", "grow", "near"], self.random.choice([1, 2, 3]))

    def apply(self):
        files = sorted(glob.glob(os.path.join(self.folder, "exports", "*.csv")))
        chosen = [file for file in files if self.random.random() < 0.5] or files
        for file in chosen:
            with open(file, encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
            if not rows or "rates" in os.path.basename(file):
                continue
            for row in rows:
                self.grow(row)
            with open(file, "w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, rows[0].keys())
                writer.writeheader()
                writer.writerows(rows)

    def grow(self, row):
        for name, text in row.items():
            if self.random.random() > self.share or not text:
                continue
            if name in MONEY or name in MILLIONTHS and self.random.random() < 0.3:
                row[name] = number_text(self.number(text))
            elif name == "interval_count" and self.random.random() < 0.1:
                row[name] = str(self.random.choice([2147483647, 200_000, 99_999, 1000]))
            elif self.edges and name in DATES and self.random.random() < 0.2:
                row[name] = self.random.choice(EDGES)

    def number(self, text):
        micros = int(round(float(text) * 1_000_000))
        way = self.random.choice(self.ways)
        if way == "grow":
            grown = micros * 10**self.power
        elif way == "set":
            grown = self.random.choice([LARGEST, LARGEST // 2, LARGEST // 3 + 1, LARGEST // 144, LARGEST // 1728, 4_700_000 * 10**12, 5_000_000 * 10**12])
        else:
            grown = LARGEST - self.random.randrange(10)
        grown = -grown if micros < 0 < grown else grown
        return max(-LARGEST, min(LARGEST, grown))


def judge_seed(task):
    """(seed, lines): no lines when the program said the truth, or that it cannot."""
    program, seed, keep, edges = task
    folder = os.path.join(keep, str(seed)) if keep else tempfile.mkdtemp(prefix=f"huge-{seed}-")
    if keep:
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    try:
        settings = (make_billed_book if seed % 2 else make_book)(seed, folder)
        Growth(seed, folder, edges).apply()
        run = run_program(program, folder, settings["complete_through"])
        if run.returncode == 1 and (edges or any(name in run.stderr for name in TOLD)):
            return seed, "refused", []
        if run.returncode != 0:
            allowed = edges and run.returncode in (1, 2)
            return seed, "refused", [] if allowed else [("exit", said(run))]
        if edges:
            return seed, "published", []
        try:
            return seed, "published", list(differences(tables_of(folder), public_tables(folder)))
        except MissingRate as missing:
            return seed, "published", [("exit", f"expected exit 1 ({missing})")]
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1..40")
    parser.add_argument("--edges", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    first, last = (int(part) for part in arguments.seeds.split(".."))
    program = os.path.abspath(arguments.program)
    tasks = [(program, seed, arguments.keep, arguments.edges) for seed in range(first, last + 1)]
    failed, ends = 0, {}
    with concurrent.futures.ProcessPoolExecutor(arguments.workers) as pool:
        for seed, end, lines in pool.map(judge_seed, tasks):
            ends[end] = ends.get(end, 0) + 1
            if lines:
                failed += 1
                print(f"seed {seed} fails ({len(lines)}):")
                for _, line in lines[:5]:
                    print("   ", line)
    print(f"{len(tasks) - failed} of {len(tasks)} huge books are in order (seeds {arguments.seeds}): {ends}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
