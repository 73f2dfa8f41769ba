"""usage: agreement.py PERENNIAL-WAREHOUSE PEER-FOLDER PEER-TABLES

Whether a peer came to Perennial's figures, to the last micro-unit: every customer's movement, every month's bridge and
retention, every cohort at every age, and the rows stored. Ends with 1 and the first differences if not.

A program of its own, so that its memory is not the driver's.
"""

import csv
import itertools
import json
import sqlite3
import sys

MONTHS = 60
SUMMARY = (
    "month starting new reactivation expansion contraction churn ending customers mrr_12_months_ago ndr_numerator "
    "gdr_numerator"
).split()
MONTH = "(cast(substr({0}, 1, 4) as integer) - 2020) * 12 + cast(substr({0}, 6, 2) as integer) - 1"


class Perennial:
    """The figures in Perennial's public views."""

    name = "Perennial"

    def __init__(self, warehouse):
        self.connection = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)

    def movements(self):
        return self.connection.execute(f"""
            select cast(i.natural_id as integer), {MONTH.format('m.month')} as month, m.movement, m.amount, m.mrr_before, m.mrr_after
            from customer_movement m
            join customer_identity i on i.customer_id = m.customer_id
            order by 1, 2""")

    def summary(self):
        bridge = self.connection.execute(f"""
            select {MONTH.format('period')}, starting, new, reactivation, expansion, contraction, churn, ending, customers_ending
            from mrr_bridge
            where grain = 'month' and dimension = 'all' and valuation = 'as_reported'""")
        retention = self.connection.execute(f"""
            select {MONTH.format('n.period')}, n.denominator, n.numerator, g.numerator
            from metric_period n
            join metric_period g using (grain, period, dimension, segment, valuation)
            where n.metric = 'ndr_t12m' and g.metric = 'gdr_t12m' and n.grain = 'month' and n.dimension = 'all'
              and n.valuation = 'as_reported'""")
        of_month = {month: [value or 0 for value in values] for month, *values in retention}
        figures = {month: values + of_month.get(month, [0, 0, 0]) for month, *values in bridge}
        for month in range(MONTHS):
            yield (month, *figures.get(month, [0] * (len(SUMMARY) - 1)))

    def cohorts(self):
        return self.connection.execute(f"""
            select {MONTH.format('cohort')} as cohort_month, age, customers, mrr_net
            from cohort_period
            where cohort_grain = 'month' and dimension = 'all'
            order by cohort_month, age""")

    def stored(self):
        return self.connection.execute("""
            select (select count(*) from customer where described),
              (select count(*) from recurring_charge_version where seen_to is null),
              (select sum(amount) from recurring_charge_version where seen_to is null),
              (select count(*) from invoice_line_version where seen_to is null),
              (select sum(amount) from invoice_line_version where seen_to is null)""")


class Peer:
    """The figures in a peer's tables and reports."""

    def __init__(self, folder, tables):
        self.folder = folder
        self.tables = tables
        self.name = "the peer"
        if tables["file"].endswith(".duckdb"):
            import duckdb

            self.connection = duckdb.connect(f"{folder}/{tables['file']}", read_only=True)
        else:
            self.connection = sqlite3.connect(f"file:{folder}/{tables['file']}?mode=ro", uri=True)

    def query(self, sql):
        rows = self.connection.execute(sql)
        while batch := rows.fetchmany(10000):
            yield from batch

    def report(self, name):
        with open(f"{self.folder}/{name}.csv", newline="") as file:
            rows = csv.reader(file)
            header = next(rows)
            yield from ((header, row) for row in rows)

    def movements(self):
        return self.query(self.tables["movements"])

    def summary(self):
        for header, row in self.report("monthly_summary"):
            values = dict(zip(header, row))
            yield tuple(int(values[name]) for name in SUMMARY)

    def cohorts(self):
        for header, row in self.report("cohorts"):
            yield tuple(map(int, row))

    def stored(self):
        price, amount = self.tables["price"], self.tables["amount"]
        return self.query(f"""
            select (select count(*) from customers), (select count(*) from subscription_periods),
              (select cast(sum({price}) as bigint) from subscription_periods),
              (select count(*) from invoice_lines), (select cast(sum({amount}) as bigint) from invoice_lines)""")


def differences(subject, ours, theirs, limit=5):
    """The first rows in which two ordered tables differ."""
    found = []
    for row, (a, b) in enumerate(itertools.zip_longest(ours, theirs)):
        if a is None or b is None or tuple(a) != tuple(b):
            found.append(f"{subject}, row {row + 1}: Perennial has {a}, the other {b}")
            if len(found) == limit:
                break
    return found


def main():
    ours, theirs = Perennial(sys.argv[1]), Peer(sys.argv[2], json.loads(sys.argv[3]))
    found = []
    for subject in ("stored", "cohorts", "summary", "movements"):
        found += differences(subject, getattr(ours, subject)(), getattr(theirs, subject)())
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
