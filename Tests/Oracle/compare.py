"""Compares the program with the calculator on random books.

    python3 compare.py PROGRAM --seeds 1..300 [--billed] [--keep FOLDER] [--workers 2] [--show 6]

The books are of subscriptions; with `--billed` of invoices, contracts and usage that is invoiced. For every seed: a book is made, the program runs on it, and each public view is compared with the calculator's table.
Whatever the close pack says must tie has to tie, in the last months of every book.
Prints each failing seed with its first differences; ends with 0 when there is none, else 1.
"""

import argparse
import concurrent.futures
import csv
import math
import os
import shutil
import sys
import tempfile

from billed_books import make_billed_book
from books import make_book
from calculator import COLUMNS, tables_of
from rates import MissingRate
from warehouse import public_tables, rendered, run_program, said

KEYS = {
    "mrr_bridge": 6, "customer_movement": 0, "customer_mrr": 3, "cohort_period": 6, "metric_period": 0,
    "forecast": 3, "churn_reason": 3,
}
MONTHS_HELD = 3


def keyed(table, rows):
    """{key: {column: value}}; a customer's movements of one month by their place among them."""
    columns = COLUMNS[table]
    keys = {
        "customer_movement": ["month", "customer_id", "currency"],
        "metric_period": [
            "grain", "period", "period_end", "metric", "dimension", "segment", "currency", "valuation"],
    }.get(table) or columns[: KEYS[table]]
    result, places = {}, {}
    for row in rows:
        values = dict(zip(columns, row))
        key = tuple(values.pop(name) for name in keys)
        if table == "customer_movement":
            places[key] = places.get(key, 0) + 1
            key = *key, places[key]
        result[key] = values
    return result


def differences(expected_tables, actual_tables):
    """Readable lines, table by table."""
    for table in COLUMNS:
        expected, actual = keyed(table, expected_tables[table]), keyed(table, actual_tables[table])
        if len(actual) != len(actual_tables[table]):
            yield table, f"{table}: {len(actual_tables[table]) - len(actual)} rows with the key of another one"
        for key in sorted(set(expected) | set(actual), key=repr):
            for line in row_differences(table, key, expected.get(key), actual.get(key)):
                yield table, f"{table} {' '.join(map(str, key))}: {line}"


def row_differences(table, key, expected, actual):
    if expected is None and is_empty(actual) or actual is None and may_be_missing(table, key, expected):
        return
    if expected is None or actual is None:
        yield f"expected {expected}, is {actual}"
        return
    for column, value in expected.items():
        if not same(value, actual[column]):
            yield f"{column} should be {value}, is {actual[column]}"


def is_empty(values):
    """A row that says nothing: no amounts, no counts, no figure."""
    return all(value in (None, 0) for name, value in values.items() if name not in ("state", "currency", "grade", "reason"))


def may_be_missing(table, key, expected):
    """Segments in which nothing happens need no row; neither do figures that do not exist."""
    if table == "metric_period":
        return expected["value"] is None or expected["value"] == 0 and key[4] != "all"
    if table == "mrr_bridge":
        return is_empty(expected) and key[2] != "all"
    return table == "cohort_period" and is_empty(expected)


def same(expected, actual):
    if isinstance(expected, float) and isinstance(actual, (int, float)):
        return math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-12)
    return expected == actual


def untied(program, folder, month):
    """What the close pack of a month holds against each other in vain."""
    with open(os.path.join(rendered(program, folder, "close_pack", month), "close_pack.csv"), encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["state"] == "does not tie":
                yield "close pack", f"{month}: {row['figure']}, {row['value']}, does not tie to {row['against']}, {row['against_value']}"


def compare_seed(task):
    """(seed, lines): no lines when program and calculator agree."""
    program, seed, keep, is_billed = task
    folder = os.path.join(keep, str(seed)) if keep else tempfile.mkdtemp(prefix=f"book-{seed}-")
    if keep:
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    try:
        settings = make_billed_book(seed, folder) if is_billed else make_book(seed, folder)
        lines = []
        run = run_program(program, folder, settings["complete_through"])
        try:
            expected = tables_of(folder)
        except MissingRate as missing:
            if run.returncode != 1:
                lines.append(("exit", f"expected exit 1 ({missing}), got {run.returncode}"))
        else:
            if run.returncode != 0:
                lines.append(("exit", said(run)))
            else:
                actual = public_tables(folder)
                lines += differences(expected, actual)
                months = {row[1] for row in actual["metric_period"] if row[0] == "month"}
                for month in sorted(months)[-MONTHS_HELD:]:
                    lines += untied(program, folder, month)
        note = f"{settings['preset']} {settings['policy']}, through {settings['complete_through']}, zone {settings['zone']}"
        return seed, note, lines
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1..50")
    parser.add_argument("--billed", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--show", type=int, default=6, help="differences shown of one table")
    arguments = parser.parse_args()
    first, last = (int(part) for part in arguments.seeds.split(".."))
    program = os.path.abspath(arguments.program)
    tasks = [(program, seed, arguments.keep, arguments.billed) for seed in range(first, last + 1)]
    failed = 0
    # Not multiprocessing.Pool: it ends its workers by SIGTERM, which a test runner may have blocked.
    with concurrent.futures.ProcessPoolExecutor(arguments.workers) as pool:
        for seed, note, lines in pool.map(compare_seed, tasks):
            if not lines:
                continue
            failed += 1
            print(f"seed {seed} differs ({len(lines)}): {note}")
            shown = {}
            for table, line in lines:
                shown[table] = shown.get(table, 0) + 1
                if shown[table] <= arguments.show:
                    print("   ", line)
    print(f"{len(tasks) - failed} of {len(tasks)} books agree ({'billed, ' if arguments.billed else ''}seeds {arguments.seeds})")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
