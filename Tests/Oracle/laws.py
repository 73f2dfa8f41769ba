"""Laws that hold for every book, tried on the program with random ones.

    python3 laws.py PROGRAM --seeds 1..20 [--billed] [--workers 2]

With `--billed` the books are of invoices and contracts, and only the laws that say nothing of charges are tried. Each law gets a seeded book, runs the program on it and on a changed copy, and compares the public views.
Prints the seed, the law and the first differences; ends with 0 when all hold, else 1.
"""

import argparse
import collections
import csv
import datetime
import json
import concurrent.futures
import os
import random
import shutil
import sys
import tempfile

from billed_books import make_billed_book
from books import DIMENSIONS, make_book
from calculator import COLUMNS
from compare import differences
from movements import AMOUNTS, COUNTS
from policy import PRESETS
from project import write_project
from timeline import first_day, last_day, month_of, plus_days
from warehouse import documents, dump, opened, public_tables, run_program, said

TRANSFERS = {"transfer_in", "transfer_out", "customers_transfer_in", "customers_transfer_out"}


class Broken(Exception):
    """A law does not hold; the text says where."""


class Trial:
    """A seeded book in a folder of its own, and changed copies of it."""

    def __init__(self, program, seed, folder, is_billed=False):
        self.program = program
        self.random = random.Random(seed * 7919)
        self.root = folder
        self.folder = os.path.join(folder, "book")
        os.makedirs(self.folder)
        self.settings = make_billed_book(seed, self.folder) if is_billed else make_book(seed, self.folder)
        self.notes = []
        self.kept = {}

    def note(self, text):
        self.notes.append(text)

    def run(self, folder=None):
        folder = folder or self.folder
        result = run_program(self.program, folder, self.settings["complete_through"])
        if result.returncode != 0:
            raise Broken(said(result))

    def tables(self, folder=None):
        self.run(folder)
        return public_tables(folder or self.folder)

    def copy(self, name):
        folder = os.path.join(self.root, name)
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("output"))
        return folder

    def without(self, *keys):
        """The same book without policy overrides under which a law does not hold."""
        for key in keys:
            self.settings["policy"].pop(key, None)
        self.write_settings(self.folder, self.settings)

    def with_policy(self, **answers):
        """The same book under these answers and otherwise its own, without the preset."""
        settings = json.loads(json.dumps(self.settings))
        self.keep_basis(settings)
        settings["policy"].update(answers)
        # Inside a month a charge can need a rate that no month's end needs.
        settings["max_rate_age"] = 60
        folder = self.copy("-".join(map(str, answers.values())))
        self.write_settings(folder, settings)
        return folder

    @staticmethod
    def keep_basis(settings):
        """Of the preset nothing stays but what MRR is computed from."""
        basis = PRESETS[settings["preset"]].get("basis")
        settings["preset"] = "standard@1"
        if basis:
            settings["policy"].setdefault("basis", basis)

    def by_end_points(self):
        """The same book under a policy that knows month ends only."""
        self.keep_basis(self.settings)
        self.without("bridge", "grouping_minutes", "same_month", "churn_window")

    def write_settings(self, folder, settings):
        with open(os.path.join(folder, "settings.json"), "w", encoding="utf-8") as file:
            json.dump(settings, file)
        shutil.rmtree(os.path.join(folder, "Config"), ignore_errors=True)
        write_project(folder, settings)


def rows_of(folder, path):
    with open(os.path.join(folder, path), encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def write_rows(folder, path, header, rows):
    with open(os.path.join(folder, path), "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def must_agree(expected, actual, only=COLUMNS):
    found = [line for table, line in differences(expected, actual) if table in only]
    if found:
        raise Broken("; ".join(found[:4]) + f" ({len(found)} in all)")


def bridge_rows(tables):
    return [dict(zip(COLUMNS["mrr_bridge"], row)) for row in tables["mrr_bridge"]]


# The laws


def every_bridge_row_adds_up_and_hands_on_its_ending(trial):
    rows = bridge_rows(trial.tables())
    ends = {}
    for row in rows:
        parts = sum(row[name] for name in AMOUNTS if name != "ending")
        if parts != row["ending"]:
            raise Broken(f"{row} adds up to {parts}")
        if row["customers_starting"] is not None:
            signs = {"customers_transfer_out": -1, "customers_churned": -1, "customers_ending": 0}
            counted = sum(row[name] * signs.get(name, 1) for name in COUNTS)
            if counted != row["customers_ending"]:
                raise Broken(f"{row} counts {counted}")
        if row["grain"] == "month" and row["valuation"] != "constant":
            month = int(row["period"][:4]) * 12 + int(row["period"][5:])
            ends[month, row["dimension"], row["segment"], row["currency"], row["valuation"]] = row
    months = {key[0] for key in ends}
    for key, row in ends.items():
        after = ends.get((key[0] + 1, *key[1:]))
        if key[0] + 1 in months and (after["starting"] if after else 0) != row["ending"]:
            raise Broken(f"{row} ends with another amount than the next month starts with: {after}")
        before = ends.get((key[0] - 1, *key[1:]))
        if (before["ending"] if before else 0) != row["starting"]:
            raise Broken(f"{row} starts with another amount than the month before ended with: {before}")


def segments_sum_to_the_total(trial):
    tables = trial.tables()
    sums, totals = {}, {}
    for row in bridge_rows(tables):
        if row["valuation"] == "native":
            continue
        key = row["grain"], row["period"], row["valuation"]
        if row["dimension"] == "all":
            totals[key] = row
        for name in AMOUNTS + COUNTS:
            if row[name] is not None:
                place = *key, row["dimension"], name
                sums[place] = sums.get(place, 0) + row[name]
    for (grain, period, valuation, dimension, name), amount in sums.items():
        if name in TRANSFERS:
            continue
        if amount != totals[grain, period, valuation][name]:
            raise Broken(f"{dimension} {name} of {period} {valuation} sums to {amount}")
    for (grain, period, valuation, dimension, name), amount in sums.items():
        if name == "transfer_in" and amount != -sums[grain, period, valuation, dimension, "transfer_out"]:
            raise Broken(f"transfers of {dimension} in {period} {valuation} do not cancel out")
    monthly = {}
    for month, _, currency, mrr in tables["customer_mrr"]:
        monthly[month] = monthly.get(month, 0) + mrr
    for (grain, period, valuation), row in totals.items():
        if grain == "month" and valuation == "as_reported" and row["ending"] != monthly.get(period, 0):
            raise Broken(f"customers of {period} have {monthly.get(period, 0)} together, not {row['ending']}")


def gross_retention_is_at_most_one_and_at_most_net(trial):
    figures = {}
    for row in trial.tables()["metric_period"]:
        row = dict(zip(COLUMNS["metric_period"], row))
        if row["metric"][:4] in ("gdr_", "ndr_") and row["value"] is not None:
            key = tuple(row[name] for name in ("grain", "period", "dimension", "segment", "valuation"))
            figures[row["metric"], *key] = row["value"]
    for (metric, *key), value in figures.items():
        if metric.startswith("gdr_"):
            if not 0 <= value <= 1:
                raise Broken(f"{metric} of {key} is {value}")
            if value > figures["ndr_" + metric[4:], *key] + 1e-12:
                raise Broken(f"{metric} of {key} is {value}, above ndr")


def a_second_run_changes_nothing(trial):
    write_project(trial.folder, trial.settings, reports=True)
    trial.run()
    views, reports = dump(trial.folder, everything=True), documents(trial.folder)
    trial.run()
    again, reports_again = dump(trial.folder, everything=True), documents(trial.folder)
    for name in views:
        if views[name] != again.get(name):
            changed = sorted(set(views[name]) ^ set(again.get(name, [])))[:3]
            raise Broken(f"{name} is another one after a second run: {changed}")
    if not reports or reports != reports_again:
        changed = [path for path in reports if reports[path] != reports_again.get(path)]
        raise Broken(f"of {len(reports)} reports these changed: {changed}")


def order_of_rows_and_files_does_not_matter(trial):
    trial.run()
    expected = dump(trial.folder)
    folder = trial.copy("shuffled")
    settings = json.loads(json.dumps(trial.settings))
    for entity, files in settings["files"].items():
        for file in list(files):
            header, rows = rows_of(folder, file["path"])
            trial.random.shuffle(rows)
            if file.get("snapshot") or entity == "plans":
                write_rows(folder, file["path"], header, rows)
                continue
            cut = trial.random.randrange(len(rows) + 1)
            other = {**file, "path": file["path"].replace("exports/", "exports/a_")}
            write_rows(folder, file["path"], header, rows[:cut])
            write_rows(folder, other["path"], header, rows[cut:])
            files.append(other)
    trial.write_settings(folder, settings)
    trial.run(folder)
    actual = dump(folder)
    for view in expected:
        if view not in ("charge",) and expected[view] != actual[view]:
            changed = sorted(set(expected[view]) ^ set(actual[view]))[:3]
            raise Broken(f"{view} depends on the order: {changed}")


def carrying_on_is_rolling_up_anew(trial):
    """Nights of random changes: what a run carries on from the night before is what all facts give, read again."""
    if run_program(trial.program, trial.folder, trial.settings["complete_through"]).returncode != 0:
        return trial.note("a book that is refused")
    allow_quarantine(trial.folder)
    for night in range(1, 7):
        changed = change_some_rows(trial)
        anew = os.path.join(trial.root, f"anew-{night}")
        shutil.copytree(trial.folder, anew)
        carried = run_program(trial.program, trial.folder, trial.settings["complete_through"])
        whole = run_program(trial.program, anew, trial.settings["complete_through"], "--full-refresh")
        if carried.returncode != whole.returncode:
            raise Broken(f"night {night} ({changed}): {said(carried)}, anew {said(whole)}")
        if sorted(findings_in(carried)) != sorted(findings_in(whole)):
            raise Broken(f"night {night} ({changed}): other findings: {said(carried)}\nanew: {said(whole)}")
        ours, theirs = (dump(folder, everything=True) for folder in (trial.folder, anew))
        for name in theirs:
            # Codes are given once and stay: a night that only removes gives none back, another order gives others.
            if name not in CODED and ours[name] != theirs[name]:
                differing = sorted(set(ours[name]) ^ set(theirs[name]))[:4]
                raise Broken(f"night {night} ({changed}): {name} differs: {differing}")
        if documents(trial.folder) != documents(anew):
            raise Broken(f"night {night} ({changed}): the reports differ")
        trial.note("carried on" if carries(trial.folder) else "rolled up anew")


def a_file_of_changes_is_as_good_as_the_whole_export(trial):
    """Rows that changed or came, alone in files of their own, give what the same rows give among all others."""
    if run_program(trial.program, trial.folder, trial.settings["complete_through"]).returncode != 0:
        return trial.note("a book that is refused")
    deltas = os.path.join(trial.root, "deltas")
    shutil.copytree(trial.folder, deltas)
    plain = [
        (entity, entry["path"]) for entity, entries in trial.settings["files"].items() for entry in entries
        if not entry.get("snapshot")
    ]
    for entity in {entity for entity, _ in plain}:
        with open(os.path.join(deltas, f"Config/sources/{entity}.yml"), "a", encoding="utf-8") as file:
            file.write("extent: delta\nquarantine: {max_share: 100 %}\n")
    for night in range(1, 4):
        before = {path: rows_of(trial.folder, path)[1] for _, path in plain}
        changed = change_some_rows(trial, {path for _, path in plain}, removes=False)
        for _, path in plain:
            header, rows = rows_of(trial.folder, path)
            write_rows(deltas, path, header, [row for row in rows if row not in before[path]])
        whole, ours = (
            run_program(trial.program, folder, trial.settings["complete_through"])
            for folder in (trial.folder, deltas)
        )
        # Rows of one id that differ are refused in a whole export; in a file of changes the last one counts.
        if whole.returncode != 0:
            return trial.note("a night that is refused")
        if ours.returncode != 0:
            raise Broken(f"night {night} ({changed}): {said(ours)}")
        must_agree(public_tables(trial.folder), public_tables(deltas))
        trial.note("carried on" if carries(deltas) else "rolled up anew")


UNREADABLE = "=?="


def allow_quarantine(folder):
    """Any share of a source's rows may be in quarantine."""
    sources = os.path.join(folder, "Config/sources")
    for name in os.listdir(sources):
        with open(os.path.join(sources, name), "a", encoding="utf-8") as file:
            file.write("quarantine: {max_share: 100 %}\n")


CODED = {"stored_digest", "segment", "null_reason", "product", "figure", "bridge", "cohort_cell", "segment_membership",
         "charge_interval", "period", "carried_sums"}


def findings_in(result):
    return [line for line in result.stderr.splitlines() if ": warning:" in line or ": error:" in line or ": note:" in line]


def carries(folder):
    with opened(folder) as database:
        last = database.execute(
            "select detail from stage_run where stage = 'rollup' order by run desc limit 1").fetchone()
    return last is not None and "changed" in (last[0] or "")


def change_some_rows(trial, files=None, removes=True):
    """Changes a few cells of a few exports: rows go, come back, and take over values of others. Says what."""
    files = sorted(files or {entry["path"] for entries in trial.settings["files"].values() for entry in entries})
    said = []
    for path in trial.random.sample(files, min(len(files), trial.random.randint(1, 2))):
        header, rows = rows_of(trial.folder, path)
        kept = trial.kept.setdefault(path, [])
        for _ in range(trial.random.randint(1, 3)):
            action = trial.random.choice(["break", "remove", "remove", "return", "swap", "swap", "swap", "copy"][0 if removes else 3:])
            if action == "return" and kept:
                rows.insert(trial.random.randint(0, len(rows)), kept.pop())
            elif action == "remove" and len(rows) > 3:
                # What is broken often goes altogether the next night.
                broken = [place for place, row in enumerate(rows) if UNREADABLE in row.values()]
                place = trial.random.choice(broken or range(len(rows)))
                if not broken:
                    kept.append(rows[place])
                del rows[place]
            elif action == "break" and rows:
                row = trial.random.choice(rows)
                row[trial.random.choice(header)] = UNREADABLE
            elif len(rows) > 1:
                # Where nothing is said of what goes, what a row is known by stays: the id, or the day and the pair of a rate.
                fixed = () if removes else ("id", "day", "from", "to")
                column = trial.random.choice([name for name in header if name not in fixed])
                one, other = trial.random.sample(rows, 2)
                if action == "copy":
                    one[column] = other[column]
                else:
                    one[column], other[column] = other[column], one[column]
                action += " " + column
            said.append(f"{path}: {action}")
        write_rows(trial.folder, path, header, rows)
    return ", ".join(said)


def two_equal_neighbours_are_as_good_as_one_charge(trial):
    # By event the seam's plain date would make the changes of its day one.
    trial.by_end_points()
    trial.without("rate_date", "discount_once", "discount_repeating")
    expected = trial.tables()
    folder = trial.copy("split")
    path = trial.settings["files"]["charges"][0]["path"]
    header, rows = rows_of(folder, path)
    divided = []
    for row in rows:
        start, end = row["start"][:10], row["end"][:10]
        if not start or not end or "T" in row["start"] + row["end"]:
            divided.append(row)
            continue
        start, end = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
        if (end - start).days < 3:
            divided.append(row)
            continue
        middle = plus_days(start, trial.random.randrange(1, (end - start).days))
        last = plus_days(middle, -1) if trial.settings["inclusive_ends"] else middle
        divided.append({**row, "end": last.isoformat()})
        divided.append({**row, "start": middle.isoformat(), "id": row["id"] + "-later"})
    write_rows(folder, path, header, divided)
    must_agree(expected, trial.tables(folder))


def two_books_together_add_up(trial):
    # Accounts of a CRM would join customers of both books.
    trial.settings["files"].pop("accounts", None)
    trial.settings.pop("attribute_sources", None)
    trial.without("customer_is")
    settings = json.loads(json.dumps(trial.settings))
    whole = bridge_rows(trial.tables())
    subscriptions = settings["files"].get("subscriptions")
    owner = {}
    if subscriptions:
        for file in subscriptions:
            owner.update({row["id"]: row["customer"] for row in rows_of(trial.folder, file["path"])[1]})
    sums = {}
    published = []
    for part in ("odd", "even"):
        folder = trial.copy(part)

        def belongs(customer):
            return (int(customer[1:]) % 2 == 1) == (part == "odd")

        path = settings["files"]["charges"][0]["path"]
        header, rows = rows_of(folder, path)
        write_rows(folder, path, header, [
            row for row in rows if belongs(row["customer"] or owner[row["subscription"]])])
        for file in subscriptions or []:
            header, rows = rows_of(folder, file["path"])
            write_rows(folder, file["path"], header, [row for row in rows if belongs(row["customer"])])
        rows = bridge_rows(trial.tables(folder))
        published.append(months_of(rows))
        add_bridges(sums, rows)
    joined = {}
    add_bridges(joined, whole)
    for key in sorted(set(sums) | set(joined)):
        # A book begins with the first month at whose end anything is in force: who came and went before that is in no period of a part.
        if not all(key[1] in months if key[0] == "month" else months == months_of(whole) for months in published):
            continue
        if sums.get(key, 0) != joined.get(key, 0):
            raise Broken(f"{key}: the parts have {sums.get(key, 0)}, the whole {joined.get(key, 0)}")


def months_of(rows):
    return {row["period"] for row in rows if row["grain"] == "month"}


def add_bridges(sums, rows):
    for row in rows:
        if row["valuation"] == "as_reported":
            for name in AMOUNTS + COUNTS:
                key = row["grain"], row["period"], row["dimension"], row["segment"], name
                sums[key] = sums.get(key, 0) + (row[name] or 0)


def new_customers_never_move_retention(trial):
    before = trial.tables()
    folder = trial.copy("newcomers")
    path = trial.settings["files"]["charges"][0]["path"]
    header, rows = rows_of(folder, path)
    last = max(row[1] for row in before["mrr_bridge"] if row[0] == "month") if before["mrr_bridge"] else None
    if last is None:
        return
    start = first_day(int(last[:4]) * 12 + int(last[5:]) - 1)
    for number in range(1, 4):
        blank = {name: "" for name in header}
        rows.append({
            **blank, "id": f"newcomer-{number}", "customer": f"n{number}", "start": start.isoformat(),
            "amount": "777", "currency": "USD", "interval_unit": "month", "interval_count": "1",
        })
    write_rows(folder, path, header, rows)
    after = trial.tables(folder)

    def retention(tables):
        return {
            row[:1] + row[1:8]: row[8]
            for row in tables["metric_period"]
            if row[3].startswith(("ndr_", "gdr_")) and row[8] is not None
        }

    old, new = retention(before), retention(after)
    for key in sorted(set(old) | set(new)):
        if old.get(key) != new.get(key):
            raise Broken(f"{key} moved from {old.get(key)} to {new.get(key)}")


def monthly_snapshots_give_what_the_periods_gave(trial):
    """Every night of a month's end gets a file of what is in force then; all nights at once, and one by one."""
    periods = simple_periods(trial)
    expected = trial.tables()
    start = min(datetime.date.fromisoformat(row["start"]) for row in periods)
    last = month_of(datetime.date.fromisoformat(trial.settings["complete_through"]))
    with_start = trial.random.random() < 0.5
    header = [name for name in periods[0] if name not in ("end", *([] if with_start else ["start"]))]
    folder = trial.copy("snapshots")
    settings = json.loads(json.dumps(trial.settings))
    files = []
    for month in range(month_of(start) - 1, last + 1):
        day = last_day(month)
        rows = [
            {name: row[name] for name in header}
            for row in periods
            if row["start"] <= day.isoformat() and (not row["end"] or day.isoformat() < row["end"])
        ]
        path = f"exports/charges_{day.isoformat()}.csv"
        write_rows(folder, path, header, rows)
        files.append({"path": path, "snapshot": day.isoformat(), "rows": "current_state"})
    os.remove(os.path.join(folder, settings["files"]["charges"][0]["path"]))
    settings["files"]["charges"] = files
    trial.write_settings(folder, settings)
    must_agree(expected, trial.tables(folder))
    nightly = os.path.join(trial.root, "nightly")
    shutil.copytree(folder, nightly, ignore=shutil.ignore_patterns("output"))
    shutil.rmtree(os.path.join(nightly, "exports"))
    for file in sorted(os.listdir(os.path.join(folder, "exports"))):
        if not file.startswith("charges_"):
            copy_export(folder, nightly, file)
    for file in files:
        copy_export(folder, nightly, os.path.basename(file["path"]))
        result = run_program(trial.program, nightly, file["snapshot"])
        if result.returncode != 0:
            raise Broken(f"the night of {file['snapshot']}: {said(result)}")
    must_agree(expected, public_tables(nightly))


def copy_export(source, target, name):
    os.makedirs(os.path.join(target, "exports"), exist_ok=True)
    shutil.copy(os.path.join(source, "exports", name), os.path.join(target, "exports", name))


def simple_periods(trial):
    """Makes the trial's book one of plain periods: dates only, ends exclusive, no subscriptions, dated customers or
    charges, whose discounts and rates do not hang on their start."""
    settings = trial.settings
    trial.by_end_points()
    settings.pop("attribute_sources", None)
    trial.without("rate_date", "discount_once", "discount_repeating", "grace_days")
    while not settings["complete_through"].endswith(("-28", "-29", "-30", "-31")) or "T" in settings["complete_through"]:
        day = datetime.date.fromisoformat(settings["complete_through"][:10])
        settings["complete_through"] = last_day(month_of(day)).isoformat()
    through = last_day(month_of(datetime.date.fromisoformat(settings["complete_through"])))
    settings["complete_through"] = through.isoformat()
    settings["inclusive_ends"] = False
    settings["files"] = {"charges": settings["files"]["charges"], "rates": settings["files"].get("rates", [])}
    settings["dimensions"] = {
        name: rule for name, rule in DIMENSIONS.items() if "charge" in rule or rule.get("band") == "arr"
    }
    path = settings["files"]["charges"][0]["path"]
    rows = []
    for row in rows_of(trial.folder, path)[1]:
        start, end = row["start"][:10], row["end"][:10]
        if start and row["amount"] and row["currency"] and row["customer"] and (not end or start < end):
            rows.append({
                "id": row["id"], "customer": row["customer"], "start": start, "end": end, "plan": row["plan"],
                "amount": row["amount"], "quantity": row["quantity"], "discount_percent": row["discount_percent"],
                "discount_amount": row["discount_amount"], "interval_unit": row["interval_unit"],
                "interval_count": row["interval_count"], "currency": row["currency"],
            })
    rows = [row for row in rows if row["start"] <= settings["complete_through"]]
    write_rows(trial.folder, path, rows[0].keys(), rows)
    trial.write_settings(trial.folder, settings)
    return rows


def both_bridges_share_levels_fx_and_the_sum_of_all_movements(trial):
    answers = {"same_month": trial.random.choice(["both", "ignore"]), "grouping_minutes": trial.random.choice([0, 60])}
    by_ends = trial.tables(trial.with_policy(bridge="end_point"))
    by_event = trial.tables(trial.with_policy(bridge="event", **answers))
    must_agree(by_ends, by_event, only=("customer_mrr", "cohort_period"))
    sums = []
    for tables in (by_ends, by_event):
        rows = {}
        for row in bridge_rows(tables):
            levels = [row[name] for name in ("starting", "restatement", "fx", "ending")]
            moved = sum(row[name] for name in AMOUNTS) - sum(levels)
            key = *(row[name] for name in ("grain", "period", "dimension", "segment", "currency", "valuation")),
            if any(levels) or moved:
                rows[key] = [*levels, moved, row["customers_starting"], row["customers_ending"]]
        sums.append(rows)
    for key in sorted(set(sums[0]) | set(sums[1])):
        if sums[0].get(key) != sums[1].get(key):
            raise Broken(f"{key}: by end points {sums[0].get(key)}, by event {sums[1].get(key)}")


def a_whole_month_grouped_is_what_its_ends_say(trial):
    """Exact, figure by figure: nobody is seen inside a group, and none is longer than its month. Only the days of a
    reactivation window and of a 30-day window are counted otherwise by event."""
    trial.by_end_points()
    trial.without("reactivation_window")
    expected = trial.tables(trial.with_policy(bridge="end_point"))
    must_agree(expected, trial.tables(trial.with_policy(bridge="event", grouping_minutes=44_700)))


LAWS = [
    every_bridge_row_adds_up_and_hands_on_its_ending,
    segments_sum_to_the_total,
    gross_retention_is_at_most_one_and_at_most_net,
    a_second_run_changes_nothing,
    order_of_rows_and_files_does_not_matter,
    carrying_on_is_rolling_up_anew,
    a_file_of_changes_is_as_good_as_the_whole_export,
    two_equal_neighbours_are_as_good_as_one_charge,
    two_books_together_add_up,
    new_customers_never_move_retention,
    monthly_snapshots_give_what_the_periods_gave,
    both_bridges_share_levels_fx_and_the_sum_of_all_movements,
    a_whole_month_grouped_is_what_its_ends_say,
]


FOR_BILLED = LAWS[:7] + LAWS[-2:]


def try_law(task):
    program, seed, law, is_billed = task
    folder = tempfile.mkdtemp(prefix=f"law-{seed}-")
    try:
        trial = Trial(program, seed, folder, is_billed)
        law(trial)
        return seed, law.__name__, None, trial.notes
    except Broken as broken:
        return seed, law.__name__, str(broken), []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1..10")
    parser.add_argument("--billed", action="store_true")
    parser.add_argument("--law", choices=[law.__name__ for law in LAWS])
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    first, last = (int(part) for part in arguments.seeds.split(".."))
    laws = [law for law in (FOR_BILLED if arguments.billed else LAWS) if arguments.law in (None, law.__name__)]
    tasks = [
        (os.path.abspath(arguments.program), seed, law, arguments.billed) for law in laws for seed in range(first, last + 1)
    ]
    broken = 0
    notes = collections.Counter()
    # Not multiprocessing.Pool: it ends its workers by SIGTERM, which a test runner may have blocked.
    with concurrent.futures.ProcessPoolExecutor(arguments.workers) as pool:
        for seed, law, problem, noted in pool.map(try_law, tasks):
            notes.update(noted)
            if problem:
                broken += 1
                print(f"seed {seed}: {law.replace('_', ' ')}: {problem}")
    print(f"{len(tasks) - broken} of {len(tasks)} trials hold ({len(laws)} laws, seeds {arguments.seeds})")
    for note, count in sorted(notes.items()):
        print(f"{count} times {note}")
    if notes["rolled up anew"] and not notes["carried on"]:
        # The law would say nothing.
        broken += 1
        print("no night was carried on")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
