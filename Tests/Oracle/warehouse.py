"""Runs the built program on a project, and reads the public views of its warehouse as the calculator's tables."""

import contextlib
import os
import sqlite3
import subprocess

from calculator import COLUMNS, GIVEN


def run_program(program, folder, as_of, *arguments):
    command = [program, "run", "nightly", "--project", folder, "--as-of", as_of, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def rendered(program, folder, report, month):
    """The folder of a report's documents, made again from the warehouse."""
    target = os.path.join(folder, "rendered", month)
    command = [program, "render", report, "--project", folder, "--month", month, "--to", target]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    return target


def said(result):
    """Exit code and what matters of the program's errors: a crash's first lines, else the last ones."""
    text = result.stderr.strip()
    crash = max(text.find("Fatal error"), text.find("Thread 0"))
    return f"exit {result.returncode}: {text[crash:crash + 900] if crash >= 0 else text[-900:]}"


def warehouse_path(folder):
    return os.path.join(folder, "output", "warehouse.sqlite")


def opened(folder):
    return contextlib.closing(sqlite3.connect(f"file:{warehouse_path(folder)}?mode=ro", uri=True))


def public_tables(folder):
    """{view: rows} in the calculator's columns, customers by their natural id in the billing system."""
    with opened(folder) as database:
        names = dict(database.execute(
            "select customer_id, natural_id from customer_identity order by system <> 'billing', natural_id desc"))
        # The last one stays: the smallest id of the billing system, if there is one.
        names.update(database.execute(
            "select customer_id, min(natural_id) from customer_identity where system = 'billing' group by 1"))
        tables = {}
        for view, columns in COLUMNS.items():
            order = " order by sequence" if view == "customer_movement" else ""
            listed = ", ".join(quoted(name) for name in columns)
            rows = database.execute(f"select {listed} from {view}{order}").fetchall()
            if "customer_id" in columns:
                position = columns.index("customer_id")
                rows = [(*row[:position], names[row[position]], *row[position + 1 :]) for row in rows]
            if view == "metric_period":
                value, grade, reason = (columns.index(name) for name in ("value", "grade", "reason"))
                rows = [
                    (*row[:grade], None if row[value] is None else row[grade], GIVEN if row[reason] else None)
                    for row in rows
                ]
            tables[view] = rows
        return tables


def quoted(name):
    return f'"{name}"'


RUN_BOUND = {
    "run", "stage_run", "source_file", "finding", "quarantined_row", "source_read", "kept_from_quarantine",
    "stream_read", "stream_cursor", "timeless_record", "publication_digest",
}


def dump(folder, everything=False):
    """{name: sorted rows} of all views, or of all tables and views, besides the run log."""
    with opened(folder) as database:
        kinds = "('table', 'view')" if everything else "('view')"
        listed = database.execute(f"select name from sqlite_master where type in {kinds} order by 1").fetchall()
        tables = {
            name: sorted(map(repr, database.execute(f"select * from {quoted(name)}")))
            for (name,) in listed
            if name not in RUN_BOUND and not name.startswith("sqlite_")
        }
        if "known_record_block" in tables:
            tables["known_record_block"] = known_records(database)
        return tables


def known_records(database):
    """[(source, its records in order)]: where a block of them begins and ends depends on the nights that wrote them."""
    found = []
    for source, entities, records in database.execute("select source, entities, records from known_record order by 1"):
        digests, identities = b"", b""
        for (content,) in database.execute(
                "select content from known_record_block where source = ? order by place", (source,)):
            count = len(content) // (8 + 4 * entities)
            digests, identities = digests + content[:8 * count], identities + content[8 * count:]
        if len(digests) != 8 * records or len(identities) != 4 * entities * records:
            raise ValueError(f"source {source} has {len(digests) // 8} known records, {records} are said")
        found.append(repr((source, digests, identities)))
    return found


def documents(folder):
    """{path: bytes} of all reports."""
    found = {}
    for parent, _, names in os.walk(os.path.join(folder, "output")):
        for name in names:
            if "sqlite" not in name and not name.endswith((".lock", ".log")):
                path = os.path.join(parent, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = file.read()
    return found
