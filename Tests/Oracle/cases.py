"""Reads Tests/Cases/*.case: a claim, tiny exports, and the figures they must give.

    # The claim, in one sentence.
    settings {"complete_through": "2024-02-29", "policy": {"grace_days": 3}}
    == charges                       a CSV file each: charges, customers, subscriptions, plans, rates, ...
    id,customer,start,end,amount
    8 x left#,left#,2024-01-01,2024-02-10,100      eight rows, # being 1 to 8
    == customers 2024-01-31          a snapshot of that date
    == expected
    2024-02 customer_churn_rate = 7.48 %
    2024-02 mrr [plan/Pro] = 100.00
    2024-02 mrr (constant) = 100.00
    2024-02 bridge.fx = 0.500001
    2024-02 gross_margin = null

A figure is compared in the digits it is written with. In place of one `== expected`, the same exports can be judged by several policies:

    == answers {"trials": "exclude"} Trials do not count, even with a price.
    2024-02 mrr_new = 100.00

Behind a policy's answers stands the sentence with which reports print them; `preset` and `zone` are settings.
"""

import copy
import glob
import json
import os
import re
from fractions import Fraction

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Cases")
EXPECTED = re.compile(r"(\S+) ([a-z0-9_.]+)(?: \[([^/]+)/(.+?)\])?(?: \((\w+)\))? = (.+)")


def all_cases():
    paths = sorted(glob.glob(os.path.join(CASES, "*.case")))
    return [case for path in paths for case in read_cases(path)]


class Case:
    def __init__(self, name, claim, settings, files, expected):
        self.name = name
        self.claim = claim
        self.settings = settings
        self.files = files
        self.expected = expected

    def write(self, folder):
        for path, lines in self.files.items():
            path = os.path.join(folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        with open(os.path.join(folder, "settings.json"), "w", encoding="utf-8") as file:
            json.dump(self.settings, file, indent=1)

    def faults(self, lookup):
        """`lookup(table, grain, period, column, dimension, segment, valuation)` gives the actual value or None."""
        faults = []
        for line in self.expected:
            period, name, dimension, segment, valuation, wanted = EXPECTED.fullmatch(line).groups()
            table, column = ("mrr_bridge", name[7:]) if name.startswith("bridge.") else ("metric_period", name)
            actual = lookup(
                table, grain_of(period), period, column, dimension or "all", segment or "all",
                valuation or "as_reported")
            shown = as_written(actual, wanted, is_money(column))
            if shown != wanted.replace(",", ""):
                faults.append(f"{line}    but is {shown}")
        return faults


def read_cases(path):
    claim, settings, files = [], {}, {}
    judgements = []
    rows = None
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line == "== expected" or line.startswith("== answers "):
                answers, sentence = json.JSONDecoder().raw_decode(line[11:]) if line != "== expected" else ({}, 0)
                rows = []
                judgements.append((answers, line[11 + sentence :].strip(), rows))
            elif line.startswith("== "):
                rows = section(line[3:], settings, files)
            elif rows is None and line.startswith("#"):
                claim.append(line[1:].strip())
            elif rows is None and line.startswith("settings "):
                settings.update(json.loads(line[9:]))
            elif line.strip():
                rows += repeated(line)
    settings.setdefault("currency", "USD")
    for file in settings.get("files", {}).get("charges", []):
        header = files[file["path"]][0].split(",")
        if "plans" not in settings["files"]:
            usual = {"currency": settings["currency"], "interval_unit": "month"}
            file["constants"] = {field: text for field, text in usual.items() if field not in header}
    for answers, sentence, expected in judgements:
        judged = copy.deepcopy(settings)
        for key, answer in answers.items():
            (judged if key in ("preset", "zone") else judged.setdefault("policy", {}))[key] = answer
        yield Case(os.path.basename(path)[:-5], " ".join(claim + [sentence]).strip(), judged, files, expected)


def section(title, settings, files):
    entity, _, snapshot = title.partition(" ")
    path = f"exports/{entity}_{snapshot}.csv" if snapshot else f"exports/{entity}.csv"
    entry = {"path": path, "snapshot": snapshot} if snapshot else {"path": path}
    settings.setdefault("files", {}).setdefault(entity, []).append(entry)
    files[path] = []
    return files[path]


def repeated(line):
    match = re.fullmatch(r"(\d+) x (.+)", line)
    if not match:
        return [line]
    return [match[2].replace("#", str(number)) for number in range(1, int(match[1]) + 1)]


def grain_of(period):
    if period.startswith("FY"):
        return "fiscal_quarter" if "-Q" in period else "fiscal_year"
    return "quarter" if "-Q" in period else "month"


def is_money(column):
    money = {"mrr", "arr", "arpa", "asp", "cmrr", "cac", "ltv", "pipeline_amount", "starting", "transfer_in",
             "transfer_out", "new", "reactivation", "expansion", "contraction", "churn", "fx", "ending", "billings", "bookings",
             "tcv", "acv", "rpo", "crpo", "recognized_revenue", "deferred_revenue", "deferred_revenue_opening",
             "contract_asset", "contract_asset_change", "deferred_revenue_fx", "collections", "cash", "burn_rate", "delinquent_mrr"}
    return column in money or column.startswith(("mrr_", "receivables_")) and column != "mrr_growth_rate"


def as_written(actual, wanted, money):
    if actual is None:
        return "null"
    value = Fraction(actual)
    if money:
        value /= 1_000_000
    suffix = ""
    if wanted.endswith(" %"):
        value, suffix, wanted = value * 100, " %", wanted[:-2]
    digits = len(wanted.partition(".")[2])
    scaled = round(value * 10**digits)
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    text = str(scaled).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text) + suffix


def lookup_in(tables, columns):
    """Of the calculator's tables."""
    indexes = {}
    for table in ("mrr_bridge", "metric_period"):
        for row in tables[table]:
            indexes.setdefault(table, []).append(dict(zip(columns[table], row)))

    def lookup(table, grain, period, column, dimension, segment, valuation):
        key = {"grain": grain, "period": period, "dimension": dimension, "segment": segment, "valuation": valuation}
        if table == "metric_period":
            key["metric"] = column
        for row in indexes.get(table, []):
            if all(row[name] == value for name, value in key.items()):
                return row["value" if table == "metric_period" else column]
        return None

    return lookup
