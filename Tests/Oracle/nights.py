"""What a second night may and may not change: python3 nights.py PROGRAM. Each function is one claim."""

import csv
import os
import sys
import tempfile

from cases import lookup_in
from calculator import COLUMNS
from project import write_project
from warehouse import documents, dump, public_tables, run_program, warehouse_path

HEADER = "id,customer,start,end,amount,currency"
CHARGES = {"path": "exports/charges.csv", "constants": {"interval_unit": "month"}}


class Nights:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.settings = {
            "currency": "USD",
            "files": {"charges": [CHARGES], "rates": [{"path": "exports/rates.csv"}]},
        }
        self.reports = False
        self.rates = ["2024-01-31,EUR,USD,1.1", "2024-02-29,EUR,USD,1.2"]

    def night(self, as_of, rows):
        self.write("charges", HEADER, rows)
        self.write("rates", "day,from,to,rate", self.rates)
        write_project(self.folder, self.settings, self.reports)
        # One bad row of a small file would be above the usual share.
        path = os.path.join(self.folder, "Config/sources/charges.yml")
        with open(path, "a", encoding="utf-8") as file:
            file.write("quarantine: {max_share: 60 %}\n")
        return run_program(self.program, self.folder, as_of)

    def write(self, name, header, rows):
        os.makedirs(os.path.join(self.folder, "exports"), exist_ok=True)
        with open(os.path.join(self.folder, f"exports/{name}.csv"), "w", encoding="utf-8") as file:
            file.write("\n".join([header, *rows]) + "\n")

    def figure(self, period, metric):
        lookup = lookup_in(public_tables(self.folder), COLUMNS)
        return lookup("metric_period", "month", period, metric, "all", "all", "as_reported")


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what} should be {wanted!r}, is {actual!r}")


def a_row_in_quarantine_tonight_is_not_churn(nights):
    expect(nights.night("2024-01-31", ["1,a,2024-01-01,,10,USD", "2,b,2024-01-01,,20,USD"]).returncode, 0, "exit")
    result = nights.night("2024-02-29", ["1,a,2024-01-01,,ten,USD", "2,b,2024-01-01,,20,USD"])
    expect(result.returncode, 0, f"exit ({result.stderr})")
    expect(nights.figure("2024-02", "mrr"), 30_000_000, "MRR")
    expect(nights.figure("2024-02", "mrr_churn"), 0, "churn")


def a_second_row_of_a_known_id_is_as_if_both_were_new(nights):
    rows = [f"{number},c{number},2024-01-01,,10,USD" for number in range(1, 6)]
    expect(nights.night("2024-01-31", rows).returncode, 0, "exit")
    result = nights.night("2024-02-29", [*rows, "3,c3,2024-01-01,,15,USD"])
    expect(result.returncode, 0, f"exit ({result.stderr})")
    expect("duplicate-id" in result.stdout + result.stderr, True, "a word of the two rows")
    expect(nights.figure("2024-02", "mrr"), 50_000_000, "MRR, of the row that was good before")


def a_vanished_period_was_never_true(nights):
    nights.night("2024-01-31", ["1,a,2024-01-01,,10,USD", "2,b,2024-01-01,,20,USD"])
    expect(nights.night("2024-02-29", ["1,a,2024-01-01,,10,USD"]).returncode, 0, "exit")
    expect(nights.figure("2024-01", "mrr"), 10_000_000, "January's MRR")
    expect(nights.figure("2024-02", "mrr_churn"), 0, "churn")


def a_back_dated_change_shows_in_its_month(nights):
    nights.night("2024-01-31", ["1,a,2024-01-01,,10,USD"])
    expect(nights.night("2024-02-29", ["1,a,2024-01-01,,15,USD"]).returncode, 0, "exit")
    expect(nights.figure("2024-01", "mrr"), 15_000_000, "January's MRR")


def a_missing_rate_publishes_nothing_and_names_pair_and_day(nights):
    expect(nights.night("2024-01-31", ["1,a,2024-01-01,,10,EUR"]).returncode, 0, "exit")
    before = dump(nights.folder)
    nights.rates = nights.rates[:1]
    result = nights.night("2024-02-29", ["1,a,2024-01-01,,10,EUR"])
    expect(result.returncode, 1, "exit")
    expect("EUR" in result.stderr and "USD" in result.stderr and "2024-02-29" in result.stderr, True, result.stderr)
    after = dump(nights.folder)
    expect([name for name in before if before[name] != after[name]], [], "changed views")


def a_first_night_that_fails_leaves_no_figures(nights):
    nights.rates = []
    expect(nights.night("2024-01-31", ["1,a,2024-01-01,,10,EUR"]).returncode, 1, "exit")
    if os.path.exists(warehouse_path(nights.folder)):
        expect(public_tables(nights.folder)["mrr_bridge"], [], "figures")


def an_export_without_rows_is_a_book_without_months(nights):
    expect(nights.night("2024-01-31", []).returncode, 0, "exit")
    expect(public_tables(nights.folder)["mrr_bridge"], [], "figures")
    expect(nights.night("2024-02-29", ["1,a,2024-02-01,,10,USD"]).returncode, 0, "exit of the second night")
    expect(nights.figure("2024-02", "mrr_new"), 10_000_000, "new MRR")


def customers_are_called_the_same_whatever_was_read_first(nights):
    ids = ["z", "C10", "C2", "=1+1", "a,b", 'say "hi"', "two\nlines", "007", "\u00c4", "_"]
    texts = ['"' + id.replace('"', '""') + '"' for id in ids]
    # All pay the same, so that nothing but what they are called orders them.
    charges = [f"{number},{id},2024-02-0{number % 9 + 1},,10,USD" for number, id in enumerate(texts)]
    accounts = ["A1,Ann,billing,C10", "A2,Ben,billing,z"]

    def night(nights, charges, accounts):
        nights.reports = True
        nights.settings["files"]["accounts"] = [{"path": "exports/accounts.csv", "system": "crm", "rows": "periods"}]
        nights.write("accounts", "id,name,link_system,link_id", accounts)
        result = nights.night("2024-02-29", charges)
        expect(result.returncode, 0, f"exit ({result.stderr})")

    anew = Nights(nights.program, os.path.join(nights.folder, "anew"))
    night(anew, charges[::-1], accounts)
    night(nights, charges[:2] + charges[-1:], [])
    night(nights, charges[:6], accounts[1:])
    night(nights, charges, accounts)
    wanted, actual = documents(anew.folder), {
        path: text for path, text in documents(nights.folder).items() if not path.startswith("anew")}
    expect(sorted(actual), sorted(wanted), "reports")
    expect([path for path in wanted if wanted[path] != actual[path]], [], "reports that depend on the order")
    with open(os.path.join(nights.folder, "output/reports/customers.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expect({row["system"] for row in rows}, {"billing"}, "systems")
    # As any text: an apostrophe before what a spreadsheet would take for a formula or a number.
    expect(
        [row["natural_id"] for row in rows],
        ["'" + id if id in ("007", "=1+1") else id for id in sorted(ids, key=str.encode)], "ids")
    expect([row["customer"] for row in rows if row["natural_id"] in ("C10", "z")], ["Ann", "Ben"], "names")


CLAIMS = [
    customers_are_called_the_same_whatever_was_read_first,
    an_export_without_rows_is_a_book_without_months,
    a_row_in_quarantine_tonight_is_not_churn,
    a_second_row_of_a_known_id_is_as_if_both_were_new,
    a_vanished_period_was_never_true,
    a_back_dated_change_shows_in_its_month,
    a_missing_rate_publishes_nothing_and_names_pair_and_day,
    a_first_night_that_fails_leaves_no_figures,
]


def main(program):
    wrong = 0
    for claim in CLAIMS:
        with tempfile.TemporaryDirectory(prefix="nights-") as folder:
            try:
                claim(Nights(os.path.abspath(program), folder))
            except AssertionError as fault:
                wrong += 1
                print(f"{claim.__name__.replace('_', ' ')}: {fault}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1])
