"""What a close promises, tried on the program with random books.

    python3 closing.py PROGRAM --seeds 1..20 [--billed] [--workers 2]

Each seeded book is run twice side by side: in one folder a month is closed, in the other never. Then the same random changes come to
both, night by night, and what is closed must stay while everything else is what the other folder says. Prints the seed and the first
difference; ends with 0 when all hold, else 1.
"""

import os
import shutil
import subprocess

import seeds
from laws import CODED, Broken, allow_quarantine, change_some_rows
from movements import AMOUNTS, COUNTS
from warehouse import documents, dump, opened, run_program, said

NIGHTS = 4
# What the record holds is read through the views; codes are given in the order of what comes.
OTHERWISE_CODED = CODED | {"closed_value", "closed_bridge", "closed_cohort", "restated_figure"}


def number(month):
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def label(month):
    return f"{month // 12:04}-{month % 12 + 1:02}"


def command(trial, folder, *arguments):
    return subprocess.run(
        [trial.program, *arguments, "--project", folder], capture_output=True, text=True, timeout=300)


def must(result):
    if result.returncode != 0:
        raise Broken(f"{' '.join(result.args[1:3])}: {said(result)}")
    return result


def rows(folder, sql):
    with opened(folder) as database:
        return database.execute(sql).fetchall()


def ends_of_periods(folder):
    return {(grain, label): last for grain, label, last in rows(folder, "select grain, label, last_month from period")}


class Published:
    """The public views of a folder, by key."""

    def __init__(self, folder):
        self.ends = ends_of_periods(folder)
        names = ", ".join(AMOUNTS + COUNTS)
        self.bridge = {
            tuple(row[:6]): dict(zip(AMOUNTS + COUNTS, row[6:])) for row in rows(
                folder, f"select grain, period, dimension, segment, currency, valuation, {names} from mrr_bridge")
        }
        self.figures = {
            tuple(row[:7]): row[7:] for row in rows(folder, """
                select grain, period, metric, dimension, segment, currency, valuation, value, numerator, denominator, reason,
                  grade, state from metric_period""")
        }
        self.mrr = {row[:2]: row[2] for row in rows(folder, "select month, customer_id, mrr from customer_mrr")}
        self.movements = sorted(rows(folder, "select * from customer_movement"))
        self.reasons = sorted(rows(folder, "select * from churn_reason"))
        self.cohorts = {
            tuple(row[:6]): row[6:] for row in rows(folder, """
                select cohort_grain, cohort, age, dimension, segment, currency, customers, mrr_net, mrr_gross,
                  customers_at_start, mrr_at_start from cohort_period""")
        }
        self.forecasts = sorted(rows(folder, "select * from forecast"))
        self.rates = sorted(rows(folder, "select * from rate_used"))

    def closed(self, month):
        """Everything there is of the months to this one."""
        ends, through = self.ends, number(month)

        def is_closed(key):
            return ends[key[:2]] <= through

        def reached(key):
            return ends[key[:2]] + key[2] * (1 if key[0] == "month" else 3) <= through

        return {
            "bridge": {key: row for key, row in self.bridge.items() if is_closed(key)},
            "figures": {key: row for key, row in self.figures.items() if is_closed(key)},
            "mrr": {key: row for key, row in self.mrr.items() if key[0] <= month},
            "movements": [row for row in self.movements if row[0] <= month],
            "reasons": [row for row in self.reasons if row[0] <= month],
            "cohorts": {key: row for key, row in self.cohorts.items() if reached(key)},
            "rates": [row for row in self.rates if row[0] <= month],
            "forecasts": [row for row in self.forecasts if row[0] <= month],
        }


def must_be(expected, actual, what):
    if expected != actual:
        if isinstance(expected, dict):
            keys = [key for key in expected.keys() | actual.keys() if expected.get(key) != actual.get(key)]
            shown = [(key, expected.get(key), actual.get(key)) for key in sorted(keys, key=repr)[:3]]
        else:
            shown = sorted(set(expected) ^ set(actual), key=repr)[:4]
        raise Broken(f"{what}: {shown}")


LENGTHS = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "fiscal_year": 12}


def opening(record, ours, key, through):
    """What an open period's row of the bridge starts from: the ending of the month before, if that is closed."""
    before = ours.ends[key[:2]] - LENGTHS[key[0]]
    if before > through:
        return None
    valuation = "as_reported" if key[5] == "constant" else key[5]
    return record["bridge"].get(("month", label(before), *key[2:5], valuation), {}).get("ending", 0)


def check_open_periods(record, ours, plain, closed):
    """An open period starts as the month before was closed and is restated to what is known; nothing else is another one."""
    through = number(closed)
    restated = set()
    for key in ours.bridge.keys() | plain.bridge.keys():
        if ours.ends[key[:2]] <= through:
            continue
        nothing = {**dict.fromkeys(AMOUNTS, 0), **dict.fromkeys(COUNTS, 0)}
        mine, theirs = dict(ours.bridge.get(key, nothing)), dict(plain.bridge.get(key, nothing))
        start = opening(record, ours, key, through)
        if start is not None:
            restated.add(key[:2])
            theirs["restatement"] = theirs["starting"] - start
            theirs["starting"] = start
        for name in COUNTS:
            mine[name], theirs[name] = mine[name] or 0, theirs[name] or 0
        must_be(theirs, mine, f"bridge of {key}")
    for key, row in ours.bridge.items():
        if sum(row[name] for name in AMOUNTS if name != "ending") != row["ending"]:
            raise Broken(f"{key} does not add up: {row}")
    must_be({k: v for k, v in plain.mrr.items() if k[0] > closed}, {k: v for k, v in ours.mrr.items() if k[0] > closed},
            "MRR of customers in open months")
    must_be([row for row in plain.movements if row[0] > closed], [row for row in ours.movements if row[0] > closed],
            "movements of open months")

    def chosen(published):
        return {
            # Which of two reasons a figure is missing for may depend on the first closed month.
            key: (*row[:3], *row[4:]) for key, row in published.figures.items()
            if ours.ends[key[:2]] > through and not (key[:2] in restated and key[2] == "mrr_starting")
        }

    theirs = chosen(plain)
    # A segment that only the closed months have still has figures, of nothing.
    mine = {key: row for key, row in chosen(ours).items() if key in theirs or row[0]}
    must_be(theirs, mine, "figures of open periods")


def check_ledger(folder, record, plain, closed):
    """The ledger holds every difference between what was closed and what is known, and no other."""
    through = number(closed)
    expected = {}
    for key in record["mrr"].keys() | plain.mrr.keys():
        if key[0] <= closed and record["mrr"].get(key, 0) != plain.mrr.get(key, 0):
            expected[key] = (record["mrr"].get(key, 0), plain.mrr.get(key, 0))
    found = {
        row[:2]: row[2:] for row in rows(
            folder, "select period, customer_id, as_closed, now from restatement where customer_id is not null")
    }
    must_be(expected, found, "restated customers")
    for (cause,) in rows(folder, "select cause from restatement where customer_id is not null"):
        if not cause:
            raise Broken("a restatement without a cause")
    now = {key: row for key, row in plain.figures.items() if plain.ends[key[:2]] <= through}
    expected = {}
    for key in record["figures"].keys() | now.keys():
        then, since = record["figures"].get(key, (None,))[0], now.get(key, (None,))[0]
        if (then or None) != (since or None) and (then is None) + (since is None) < 2 and then != since:
            if isinstance(then, float) and isinstance(since, float) and abs(then - since) <= 1e-12 * max(1, abs(then)):
                continue
            expected[key] = (then, since)
    found = {
        row[:7]: row[7:] for row in rows(folder, """
            select grain, period, metric, dimension, segment, currency, valuation, as_closed, now from restatement
            where customer_id is null""")
    }
    # A figure of nothing may be missing on one side.
    for key in list(expected.keys() ^ found.keys()):
        pair = expected.get(key) or found.get(key)
        if not any(pair):
            expected.pop(key, None)
            found.pop(key, None)
    must_be(set(expected), set(found), "restated figures")
    for key, (then, since) in expected.items():
        for wanted, actual in zip((then, since), found[key]):
            if (wanted or 0) != (actual or 0) and abs((wanted or 0) - (actual or 0)) > 1e-9:
                raise Broken(f"{key} is restated from {found[key]}, not {(then, since)}")
    return len(expected)


def what_is_closed_stays(trial):
    through = trial.settings["complete_through"]
    if run_program(trial.program, trial.folder, through).returncode != 0:
        return trial.note("books that are refused")
    months = [row[0] for row in rows(
        trial.folder, "select distinct period from mrr_bridge where grain = 'month' and state = 'open' order by 1")]
    if len(months) < 3:
        return trial.note("books of a month or two")
    allow_quarantine(trial.folder)
    plain = os.path.join(trial.root, "plain")
    shutil.copytree(trial.folder, plain)
    closed = trial.random.choice(months[1:])
    must(command(trial, trial.folder, "close", closed, "--by", "the oracle"))
    record = Published(trial.folder).closed(closed)
    for key, row in record["figures"].items():
        if row[-1] != "closed":
            raise Broken(f"{key} is {row[-1]} after the close")
    # Rates of closed months stay, and are no fact of the other folder.
    files = {
        entry["path"] for entity, entries in trial.settings["files"].items() if entity != "rates" for entry in entries
    }
    for night in range(1, NIGHTS + 1):
        changed = change_some_rows(trial, files) if night > 1 else "nothing"
        shutil.rmtree(os.path.join(plain, "exports"))
        shutil.copytree(os.path.join(trial.folder, "exports"), os.path.join(plain, "exports"))
        anew = os.path.join(trial.root, f"anew-{night}")
        shutil.copytree(trial.folder, anew)
        carried = run_program(trial.program, trial.folder, through)
        whole = run_program(trial.program, anew, through, "--full-refresh")
        never = run_program(trial.program, plain, through)
        if len({carried.returncode, whole.returncode, never.returncode}) > 1:
            raise Broken(f"night {night} ({changed}): {said(carried)}, anew {said(whole)}, never closed {said(never)}")
        if carried.returncode != 0:
            trial.note("nights that are refused")
            continue
        try:
            ours, theirs = Published(trial.folder), Published(plain)
            for name, expected in record.items():
                must_be(expected, ours.closed(closed)[name], f"closed {name}")
            check_open_periods(record, ours, theirs, closed)
            if check_ledger(trial.folder, record, theirs, closed):
                trial.note("nights with restatements")
            mine, others = (dump(folder, everything=True) for folder in (trial.folder, anew))
            for name in others:
                if name not in OTHERWISE_CODED:
                    must_be(others[name], mine[name], f"{name}, read again")
            must_be(documents(anew), documents(trial.folder), "reports, read again")
            audited = command(trial, trial.folder, "doctor").stdout
            if "ok    closed months:" not in audited:
                raise Broken(f"doctor: {audited}")
        except Broken as broken:
            raise Broken(f"closed to {closed}, night {night} ({changed}): {broken}") from None
        shutil.rmtree(anew)
    for month in reversed([month for month in months if month <= closed]):
        must(command(trial, trial.folder, "reopen", month, "--reason", "to see what is known", "--by", "the oracle"))
    if run_program(trial.program, trial.folder, through).returncode == 0:
        never = run_program(trial.program, plain, through)
        if never.returncode == 0:
            ours, theirs = dump(trial.folder), dump(plain)
            for name in theirs:
                if name != "month_close":
                    must_be(theirs[name], ours[name], f"{name}, all months opened again")
            trial.note("books opened again")


if __name__ == "__main__":
    seeds.main(what_is_closed_stays, "nights with restatements", "nothing was restated in any night")
