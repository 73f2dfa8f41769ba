"""Tests of the calculator itself against figures computed by hand: python3 Tests/Oracle/test_calculator.py"""

import datetime
import os
import tempfile
import unittest

from billed_books import make_billed_book
from calculator import COLUMNS, tables_of
from cases import all_cases, lookup_in
from compare import differences
from movements import AMOUNTS
from real_books import playbook_faults, playbook_settings, shared_folder
from segments import employees_band, shared_out
from timeline import day_of, month_named, periods, plus_interval


class Cases(unittest.TestCase):
    def test_every_case_gives_its_expected_figures(self):
        cases = all_cases()
        self.assertGreater(len(cases), 25)
        for case in cases:
            with self.subTest(case=case.name, claim=case.claim), tempfile.TemporaryDirectory() as folder:
                case.write(folder)
                self.assertGreater(len(case.expected), 0)
                self.assertEqual(case.faults(lookup_in(tables_of(folder), COLUMNS)), [])


class Arithmetic(unittest.TestCase):
    def test_shares_go_to_the_largest_remainder_and_ties_to_the_first_name(self):
        self.assertEqual(shared_out(10, {"b": 1, "a": 1, "c": 1}), {"a": 4, "b": 3, "c": 3})
        self.assertEqual(shared_out(7, {"x": 5, "y": 2}), {"x": 5, "y": 2})
        self.assertEqual(shared_out(3, {"x": 70, "y": 30}), {"x": 2, "y": 1})
        self.assertEqual(shared_out(5, {"y": 0, "x": 0}), {"x": 5, "y": 0})

    def test_bands_include_their_lower_bound(self):
        bands = [employees_band([10, 50], text) for text in ("0", "9", "10", "49", "50", "", None)]
        self.assertEqual(bands, ["0 to 9", "0 to 9", "10 to 49", "10 to 49", "50 or more", "(none)", "(none)"])

    def test_a_month_after_the_31st_is_the_last_day_of_a_shorter_month(self):
        self.assertEqual(plus_interval(datetime.date(2024, 1, 31), "month", 1), datetime.date(2024, 2, 29))
        self.assertEqual(plus_interval(datetime.date(2024, 2, 29), "year", 1), datetime.date(2025, 2, 28))
        self.assertEqual(plus_interval(datetime.date(2024, 12, 30), "week", 1), datetime.date(2025, 1, 6))

    def test_an_instant_is_on_the_day_of_the_reporting_zone(self):
        self.assertEqual(day_of("2024-01-31T22:30:00Z", "Europe/Berlin"), datetime.date(2024, 1, 31))
        self.assertEqual(day_of("2024-01-31T23:30:00Z", "Europe/Berlin"), datetime.date(2024, 2, 1))
        self.assertEqual(day_of("2024-01-31", "Pacific/Auckland"), datetime.date(2024, 1, 31))

    def test_a_fiscal_year_is_named_after_the_year_it_ends_in(self):
        first, last = month_named("2023-06"), month_named("2024-06")
        years = [label for label, _ in periods("fiscal_year", first, last, 7)]
        self.assertEqual(years, ["FY2023", "FY2024"])
        self.assertEqual([label for label, _ in periods("fiscal_year", first, last, 1)], ["FY2023"])
        quarters = [label for label, _ in periods("fiscal_quarter", first, last, 2)]
        self.assertEqual(quarters, ["FY2024-Q2", "FY2024-Q3", "FY2024-Q4", "FY2025-Q1"])
        self.assertEqual(
            [label for label, _ in periods("quarter", first, last, 2)],
            ["2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2"])


class Laws(unittest.TestCase):
    def test_the_order_of_rows_changes_nothing_and_bridges_add_up(self):
        for seed in (1, 9):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                settings = make_billed_book(seed, folder)
                tables = tables_of(folder)
                bridge = [dict(zip(COLUMNS["mrr_bridge"], row)) for row in tables["mrr_bridge"]]
                self.assertGreater(len(bridge), 0)
                for row in bridge:
                    self.assertEqual(sum(row[name] for name in AMOUNTS if name != "ending"), row["ending"], row)
                for files in settings["files"].values():
                    for file in files:
                        with open(os.path.join(folder, file["path"]), encoding="utf-8", newline="") as lines:
                            header, *rows = lines
                        with open(os.path.join(folder, file["path"]), "w", encoding="utf-8", newline="") as lines:
                            lines.writelines([header, *reversed(rows)])
                self.assertEqual(list(differences(tables, tables_of(folder)))[:3], [])


@unittest.skipUnless(shared_folder(), "the public books are not beside the checkout")
class Playbook(unittest.TestCase):
    def test_the_playbook_book_gives_its_own_expected_figures(self):
        folder = os.path.join(shared_folder(), "data", "playbook")
        self.assertEqual(playbook_faults(tables_of(folder, playbook_settings(""))), [])


if __name__ == "__main__":
    unittest.main()
