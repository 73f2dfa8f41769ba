"""The two public books beside the checkout, when they are there, and how their columns are read.

    python3 real_books.py PROGRAM playbook|ravenstack

runs the program on one of them in a project made by `perennial init` and compares with the calculator.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

from calculator import COLUMNS, tables_of
from compare import differences
from warehouse import public_tables, run_program, said


def shared_folder():
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in (os.environ.get("PERENNIAL_SHARED"), os.path.join(here, "..", "..", "..", "shared")):
        if folder and os.path.isdir(os.path.join(folder, "data", "playbook")):
            return os.path.abspath(folder)
    return None


def playbook_settings(exports):
    return {
        "currency": "USD",
        "complete_through": "2020-02-29",
        "dimensions": {"arr_band": {"band": "arr", "bounds": [500, 1000]}, "currency": {"charge": "currency"}},
        "files": {
            "charges": [{
                "path": exports + "subscription_periods.csv",
                "columns": {
                    "id": "subscription_id", "customer": "customer_id", "start": "start_date", "end": "end_date",
                    "amount": "monthly_amount",
                },
                "constants": {"currency": "USD", "interval_unit": "month"},
            }],
        },
    }


def ravenstack_settings(exports):
    """`mrr_amount` is a month's price of all seats; a trial's is 0, and `is_trial` says so; ends are exclusive."""
    return {
        "currency": "USD",
        "complete_through": "2024-12-31",
        "dimensions": {
            "industry": {"attribute": "industry"},
            "country": {"attribute": "country"},
            "plan": {"charge": "plan"},
        },
        "files": {
            "customers": [{
                "path": exports + "ravenstack_accounts.csv",
                "columns": {
                    "id": "account_id", "name": "account_name", "country": "country", "created": "signup_date",
                    "industry": "industry",
                },
            }],
            "charges": [{
                "path": exports + "ravenstack_subscriptions.csv",
                "columns": {
                    "id": "subscription_id", "customer": "account_id", "start": "start_date", "end": "end_date",
                    "plan": "plan_tier", "amount": "mrr_amount", "trial": "is_trial",
                },
                "constants": {"currency": "USD", "interval_unit": "month"},
                "values": {"trial": {"True": "1", "False": "0"}},
            }],
        },
    }


SOURCES = {
    "playbook": {
        "Config/company.yml": "name: Playbook\nreporting_currency: USD\n",
        "Config/segments.yml": """
segments:
  arr_band: {band: arr, bounds: [500, 1000]}
  currency: {charge: currency}
""",
        "Config/sources/periods.yml": """
files: exports/subscription_periods.csv
entities:
  recurring_charge:
    id: subscription_id
    customer: customer_id
    start: start_date
    end: {column: end_date, bound: exclusive}
    amount: monthly_amount
    interval_unit: {constant: month}
    currency: {constant: USD}
""",
    },
    "ravenstack": {
        "Config/company.yml": "name: Ravenstack\nreporting_currency: USD\n",
        "Config/segments.yml": """
segments:
  industry: {attribute: industry}
  country: {attribute: country}
  plan: {charge: plan}
""",
        "Config/sources/accounts.yml": """
system: ravenstack
files: exports/ravenstack_accounts.csv
entities:
  customer:
    id: account_id
    name: account_name
    country: country
    created: signup_date
    attributes: {industry: industry}
""",
        "Config/sources/subscriptions.yml": """
system: ravenstack
files: exports/ravenstack_subscriptions.csv
entities:
  recurring_charge:
    id: subscription_id
    customer: account_id
    plan: plan_tier
    start: start_date
    end: {column: end_date, bound: exclusive}
    amount: mrr_amount
    interval_unit: {constant: month}
    currency: {constant: USD}
    trial: {column: is_trial, map: {"True": "1", "False": "0"}}
""",
    },
}
SETTINGS = {"playbook": playbook_settings, "ravenstack": ravenstack_settings}


def write_real_project(program, name, folder):
    """`perennial init` in an empty folder, then a source file of a few lines and the book's own exports."""
    done = subprocess.run([program, "init", folder], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"init: exit {done.returncode}: {done.stderr}")
    for path, text in SOURCES[name].items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.lstrip("\n"))
    shutil.copytree(os.path.join(shared_folder(), "data", name), os.path.join(folder, "exports"))


def main(program, name):
    if not shared_folder():
        print("skipped: the public books are not beside the checkout")
        return 0
    with tempfile.TemporaryDirectory(prefix=name + "-") as folder:
        project = os.path.join(folder, "project")
        write_real_project(program, name, project)
        settings = SETTINGS[name]("exports/")
        result = run_program(program, project, settings["complete_through"])
        if result.returncode != 0:
            print(said(result))
            return 1
        actual = public_tables(project)
        lines = [line for _, line in differences(tables_of(project, settings), actual)]
        if name == "playbook":
            lines += playbook_faults(actual)
        print("\n".join(lines[:20]), f"{len(lines)} differences", sep="\n")
        return 1 if lines else 0


PLAYBOOK_AMOUNTS = {
    "start_mrr": "starting", "new": "new", "reactivation": "reactivation", "upgrade": "expansion",
    "downgrade": "contraction", "churn": "churn", "end_mrr": "ending",
}
PLAYBOOK_COUNTS = {
    "active_customers": "customers_ending", "n_new": "customers_new", "n_reactivation": "customers_reactivated",
    "n_churn": "customers_churned",
}


def playbook_faults(tables):
    """Where the bridge is not that of the book's own expected_monthly.csv."""
    rows = [dict(zip(COLUMNS["mrr_bridge"], row)) for row in tables["mrr_bridge"]]
    bridge = {
        row["period"]: row
        for row in rows
        if (row["grain"], row["dimension"], row["valuation"]) == ("month", "all", "as_reported")
    }
    with open(os.path.join(shared_folder(), "data/playbook/expected_monthly.csv"), encoding="utf-8") as file:
        expected_rows = list(csv.DictReader(file))
    faults = [] if expected_rows else ["expected_monthly.csv has no rows"]
    for expected in expected_rows:
        row = bridge[expected["month"]]
        for theirs, ours in {**PLAYBOOK_AMOUNTS, **PLAYBOOK_COUNTS}.items():
            wanted = Fraction(expected[theirs]) * (1_000_000 if theirs in PLAYBOOK_AMOUNTS else 1)
            if wanted != row[ours]:
                faults.append(f"{expected['month']} {ours} should be {wanted}, is {row[ours]}")
    return faults


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2]))
