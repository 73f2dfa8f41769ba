"""The brute-force calculator: every published figure of a book, the naive way, straight from the model.

    python3 calculator.py BOOK_FOLDER [--sqlite FILE]

reads BOOK_FOLDER/settings.json (exports.py says what is in it) and prints or stores the tables mrr_bridge,
customer_movement, customer_mrr, cohort_period, metric_period, forecast and churn_reason. It goes customer by customer, month by month and
charge by charge with exact fractions; it is meant to be read and believed, not to be fast.
"""

import csv
import sqlite3
import sys
from fractions import Fraction

from activity import Trials, Usage
from cash import Cash
from counting import Counting, micro_units, version_index
from delinquency import Delinquency
from economics import Economics, over
from expansion import EXPANSION_PARTS
from exports import read_book
from forecast import Forecast
from grades import Grades
from memory import remembered
from movements import AMOUNTS, COUNTS, JOINED_AND_LEFT, Movements, empty_row
from rates import Rates
from retention import Retention
from revenue import Revenue
from segments import Segments
from timeline import end_of, last_day, month_name, periods, plus_days
from valued import Valued

GRAINS = ("month", "quarter", "fiscal_quarter", "fiscal_year")

COLUMNS = {
    "mrr_bridge": ["grain", "period", "dimension", "segment", "currency", "valuation", *AMOUNTS, *COUNTS, "state"],
    "customer_movement": ["month", "customer_id", "currency", "movement", "amount", "mrr_before", "mrr_after"],
    "customer_mrr": ["month", "customer_id", "currency", "mrr"],
    "cohort_period": [
        "cohort_grain", "cohort", "age", "dimension", "segment", "currency", "customers", "mrr_net", "mrr_gross",
        "customers_at_start", "mrr_at_start",
    ],
    "metric_period": [
        "grain", "period", "period_end", "metric", "dimension", "segment", "currency", "valuation", "value", "state",
        "grade", "reason",
    ],
    "forecast": ["made", "month", "currency", "low", "expected", "high"],
    "churn_reason": ["month", "reason", "currency", "customers", "mrr"],
}


# Of the sentence that says why a figure is null only this is compared; how sure a figure is, where there is one.
GIVEN = "given"


class Calculator:
    def __init__(self, book):
        self.book = book
        self.rates = Rates(book)
        self.counting = Counting(book)
        self.valued = Valued(book, self.counting, self.rates)
        self.segments = Segments(book, self.valued)
        self.movements = Movements(book, self.counting, self.valued, self.segments)
        self.retention = Retention(book, self.valued, self.segments, self.movements)
        self.grades = Grades(book, self.valued, self.segments)
        self.bridges = {}
        self.windows = {}
        self.recognition = Revenue(book, self.counting.contracts, self.rates, self.valued.first_month)
        self.economics = Economics(book, self.valued, self.rates, self.all_bridge, self.recognition)
        self.cash = Cash(book, self.rates, self.valued, lambda month: 12 * self.all_bridge([month])["ending"])
        self.delinquency = Delinquency(book, self.counting, self.valued, self.movements, self.rates)
        self.trials = Trials(book, self.counting)
        self.usage = Usage(book, self.counting, self.segments)
        self.outlook = Forecast(self.valued.first_month, book.last_month, lambda month: self.all_bridge([month]))
        self.dimensions = ["all", *book.dimensions]
        counted = self.counting.charges_of.values()
        self.currencies = sorted({charge.currency for charges in counted for charge in charges})

    def all_bridge(self, months):
        """As reported, of all customers."""
        return self.bridge(months, "all", "as_reported").get("all", empty_row())

    def bridge(self, months, dimension, valuation, only=None):
        key = tuple(months), dimension, valuation, only
        if key not in self.bridges:
            self.bridges[key] = self.movements.period_bridge(months, dimension, valuation, only)
        return self.bridges[key]

    def window(self, month, dimension, valuation):
        """{segment: row} of the policy's 30 days, None where they begin before the data."""
        key = month, dimension, valuation
        if key not in self.windows:
            self.windows[key] = self.movements.thirty_days(month, dimension, valuation)
        return self.windows[key]

    def tables(self):
        return {name: list(getattr(self, name)()) for name in COLUMNS}

    def periods(self):
        if not self.valued.months:
            return
        for grain in GRAINS:
            fiscal_start = self.book.settings.get("fiscal_year_starts", 1)
            for label, months in periods(grain, self.valued.first_month, self.book.last_month, fiscal_start):
                yield grain, label, months

    def state_of(self, months):
        """Complete when the data reach its end plus the policy's grace."""
        complete = end_of(months[-1]) <= plus_days(self.book.complete_through, -self.book.policy["grace_days"])
        return "open" if complete else "provisional"

    def valuations(self, dimension):
        yield "as_reported", None
        yield "constant", None
        if self.book.dimensions.get(dimension) == {"charge": "currency"}:
            for currency in self.currencies:
                yield "native", currency

    # Tables

    def mrr_bridge(self):
        for grain, label, months in self.periods():
            for dimension in self.dimensions:
                for valuation, only in self.valuations(dimension):
                    rows = self.bridge(months, dimension, valuation, only)
                    if dimension == "all" and not rows:
                        rows = {"all": empty_row()}
                    for segment, row in sorted(rows.items()):
                        counts = [row[name] for name in COUNTS]
                        if self.segments.is_of_charges(dimension):
                            counts = [None] * len(COUNTS)
                        yield [
                            grain, label, dimension, segment, only or self.book.currency, valuation,
                            *(row[name] for name in AMOUNTS), *counts, self.state_of(months),
                        ]

    def customer_movement(self):
        for month, customer, movement, before, after in self.movements.customer_movements():
            yield [month_name(month), customer, self.book.currency, movement, after - before, before, after]

    def customer_mrr(self):
        for month in self.valued.months:
            for customer in self.valued.customers:
                if self.valued.is_customer(customer, month):
                    mrr = self.valued.reported(customer, month)
                    yield [month_name(month), customer, self.book.currency, mrr]

    def cohort_period(self):
        for dimension in self.dimensions:
            if self.segments.is_of_charges(dimension):
                continue
            for grain, closing, age, segment, *cell in self.retention.cohorts(dimension):
                label = month_name(closing) if grain == "month" else f"{closing // 12:04d}-Q{closing % 12 // 3 + 1}"
                yield [grain, label, age, dimension, segment, self.book.currency, *cell]

    def metric_period(self):
        for grain, label, months in self.periods():
            end = end_of(months[-1]).isoformat()
            for metric, dimension, segment, currency, valuation, value in self.figures(months, grain):
                if isinstance(value, Fraction):
                    value = float(value)
                yield [
                    grain, label, end, metric, dimension, segment, currency, valuation, value, self.state_of(months),
                    None if value is None else self.grades.grade(metric, dimension, segment, months),
                    GIVEN if value is None else None,
                ]

    def forecast(self):
        for month in self.valued.months:
            for ahead, *levels in self.outlook.rows(month):
                yield [month_name(month), month_name(ahead), self.book.currency, *levels]

    def churn_reason(self):
        for month in self.valued.months:
            for reason, (customers, mrr) in self.movements.churn_reasons(month).items():
                yield [month_name(month), reason, self.book.currency, len(customers), mrr]

    # Metrics of one period

    def figures(self, months, grain):
        by_month = self.book.policy["churn_window"] == "month"
        for dimension in self.dimensions:
            for valuation, only in self.valuations(dimension):
                rows = self.bridge(months, dimension, valuation, only)
                churn_rows = rows
                if not by_month and valuation != "native":
                    churn_rows = self.window(months[-1], dimension, valuation)
                last_rows = self.bridge(months[-1:], dimension, valuation, only)
                currency = only or self.book.currency
                always = {"all"} if dimension == "all" else set()
                committed = self.committed(months[-1], dimension) if valuation == "as_reported" else {}
                for segment in sorted(set(rows) | set(last_rows) | set(churn_rows or {}) | set(committed) | always):
                    row = rows.get(segment, empty_row())
                    churn_row = (churn_rows or {}).get(segment, empty_row())
                    metrics = self.money_metrics(row)
                    if valuation != "native":
                        metrics.update(self.money_ratios(row))
                        metrics.update(self.money_churn_rates(churn_row))
                        if dimension == "all" and valuation == "as_reported":
                            metrics.update({"mrr_expansion_" + name: row[name] for name in EXPANSION_PARTS})
                    if valuation == "as_reported":
                        metrics.update(self.reported_metrics(months, dimension, segment, row))
                        if not self.segments.is_of_charges(dimension):
                            metrics.update(self.customer_rates(churn_row))
                    for metric, value in metrics.items():
                        yield metric, dimension, segment, currency, valuation, value
                if valuation != "native":
                    yield from self.retention_figures(months, dimension, valuation)
        if self.book.expenses or "expenses" in self.book.fed:
            for metric, value in self.economics.unit_economics(months).items():
                value = micro_units(value / 1_000_000) if metric in ("cac", "ltv") and value is not None else value
                yield metric, "all", "all", self.book.currency, "as_reported", value
        elif self.book.policy["ltv_margin"] == "ignore":
            value = self.economics.unit_economics(months)["ltv"]
            value = None if value is None else micro_units(value / 1_000_000)
            yield "ltv", "all", "all", self.book.currency, "as_reported", value
        for metric, value in self.other_figures(months, grain):
            yield metric, "all", "all", self.book.currency, "as_reported", value
        if "usage_events" in self.book.fed:
            for dimension in self.dimensions:
                if not self.segments.is_of_charges(dimension):
                    for metric, segment, value in self.usage.figures(months, dimension):
                        yield metric, dimension, segment, self.book.currency, "as_reported", value
        if "opportunities" in self.book.fed:
            for metric, value in self.economics.deals(months).items():
                yield metric, "all", "all", self.book.currency, "as_reported", value

    def other_figures(self, months, grain):
        """Beside MRR, of the whole book."""
        fed = self.book.fed
        yield from self.recognition.figures(months, grain)
        if "payments" in fed:
            yield "collections", self.cash.collected(months)
        if "cash_balances" in fed:
            yield from self.cash.figures(months)
        yield from self.delinquency.figures(months)
        if "subscriptions" in fed:
            yield from self.trials.figures(months)
        yield "mrr_forecast", self.outlook.expected(months[-1])
        yield "seasonality_index", self.outlook.seasonality_index(months[-1])

    def money_metrics(self, row):
        net_new = sum(row[name] for name in ("new", "reactivation", "expansion", "contraction", "churn"))
        return {
            "mrr": row["ending"],
            "arr": 12 * row["ending"],
            "mrr_starting": row["starting"],
            "mrr_new": row["new"],
            "mrr_reactivation": row["reactivation"],
            "mrr_expansion": row["expansion"],
            "mrr_contraction": -row["contraction"],
            "mrr_churn": -row["churn"],
            "mrr_fx": row["fx"],
            "mrr_ending": row["ending"],
            "mrr_net_new": net_new,
        }

    def money_ratios(self, row):
        policy = self.book.policy
        gained = row["new"] + row["expansion"]
        if policy["quick_ratio_reactivation"] == "count":
            gained += row["reactivation"]
        lost = -row["contraction"] - row["churn"]
        return {
            "mrr_growth_rate": over(row["ending"] - row["starting"], row["starting"]),
            "quick_ratio": over(gained, lost),
        }

    def money_churn_rates(self, row):
        policy = self.book.policy
        lost = -row["contraction"] - row["churn"]
        offset = row["expansion"]
        if policy["net_churn_offset"] == "expansion_reactivation":
            offset += row["reactivation"]
        at_risk = row["starting"] + row["restatement"] + row["fx"]
        # In a longer period fx is also that of money which came later: that alone is no opening.
        at_risk = max(0, at_risk) if row["starting"] + row["restatement"] else 0
        return {
            "gross_mrr_churn_rate": over(lost, at_risk),
            "net_mrr_churn_rate": over(lost - offset, at_risk),
        }

    def reported_metrics(self, months, dimension, segment, row):
        committed = self.committed(months[-1], dimension).get(segment, 0)
        metrics = {"cmrr": row["ending"] + committed if self.knows_commitments else None}
        if self.segments.is_of_charges(dimension):
            return metrics
        starting, ending = row["customers_starting"], row["customers_ending"]
        metrics.update({
            "arpa": rounded_quotient(row["ending"], ending),
            "asp": rounded_quotient(row["new"], row["customers_new"]),
            "customers": ending,
            "customers_new": row["customers_new"],
            "customers_reactivated": row["customers_reactivated"],
            "customers_churned": row["customers_churned"],
            "customer_growth_rate": over(ending - starting, starting),
        })
        return metrics

    def customer_rates(self, row):
        starting, churned = row["customers_starting"], row["customers_churned"]
        base = starting
        if self.book.policy["churn_base"] == "opening_plus_new":
            base += row["customers_new"] + row["customers_reactivated"]
        if self.book.policy["churn_base"] == "without_joined_and_left":
            churned -= row[JOINED_AND_LEFT]
        return {
            "customer_churn_rate": over(churned, base),
            "customer_retention_rate": over(starting - churned, starting),
        }

    # Committed

    @property
    def knows_commitments(self):
        return self.book.policy["basis"] == "contracts" or "subscriptions" in self.book.fed

    @remembered
    def committed(self, month, dimension):
        """{segment: what MRR is known at the month's end to gain or to lose within the horizon}."""
        found = {}

        def add(charge, customer, amount):
            if self.segments.is_of_charges(dimension):
                segment = self.segments.of_charge(dimension, charge)
            else:
                segment = self.segments.of_customer(dimension, customer, month)
            found[segment] = found.get(segment, 0) + amount

        if self.book.policy["basis"] == "contracts":
            horizon = int(self.book.policy["cmrr_horizon"])
            for contract, sign, price in self.counting.contracts.scheduled(month, horizon):
                value = micro_units(price * self.rates.of_schedule(contract, month))
                add(contract, self.counting.counted_customer(contract.customer), sign * value)
            return found
        value = self.valued.at(month)
        for customer in self.valued.customers:
            for item in self.valued.items(customer, month):
                if self.is_leaving(item.charge, month):
                    add(item.charge, customer, -value(item))
        return found

    def is_leaving(self, charge, month):
        """Notice given by the month's end, as the snapshot of then or the next one tells, with effect in the horizon."""
        if charge.subscription is None:
            return False
        horizon = end_of(month + int(self.book.policy["cmrr_horizon"]))
        index = version_index(charge.subscription, last_day(month))
        for version in charge.subscription.versions[index : index + 2]:
            effect = version.ended or version.cancel_effective
            if version.cancel_requested and effect and version.cancel_requested <= last_day(month) < effect <= horizon:
                return True
        return False

    def retention_figures(self, months, dimension, valuation):
        now = months[-1]
        currency = self.book.currency
        for name, length in (("1m", 1), ("3m", 3), ("t12m", 12)):
            for segment, value in self.retention.ndr(now, length, dimension, valuation).items():
                yield "ndr_" + name, dimension, segment, currency, valuation, value
            for segment, value in self.retention.gdr(now, length, dimension, valuation).items():
                yield "gdr_" + name, dimension, segment, currency, valuation, value
        for length in (1, 3):
            # As if the whole year went on like that.
            for segment, value in self.retention.ndr(now, length, dimension, valuation).items():
                yield f"ndr_{length}m_annualized", dimension, segment, currency, valuation, float(value ** (12 // length))
            for segment, value in self.retention.gdr(now, length, dimension, valuation).items():
                yield f"gdr_{length}m_annualized", dimension, segment, currency, valuation, float(value ** (12 // length))
        if not self.segments.is_of_charges(dimension):
            for segment, value in self.retention.ndr(now, 12, dimension, valuation, by_end=True).items():
                yield "ndr_t12m_end_segment", dimension, segment, currency, valuation, value
            for segment, value in self.retention.gdr(now, 12, dimension, valuation, by_end=True).items():
                yield "gdr_t12m_end_segment", dimension, segment, currency, valuation, value
        for segment, value in self.retention.ndr(now, 12, dimension, valuation, only_new=True).items():
            yield "ndr_signup_cohort", dimension, segment, currency, valuation, value
        for segment, value in self.retention.compounded(now, dimension, valuation).items():
            yield "ndr_t12m_compounded", dimension, segment, currency, valuation, value


def rounded_quotient(money, count):
    return round(Fraction(money, count)) if count else None


def tables_of(folder, settings=None):
    return Calculator(read_book(folder, settings)).tables()


def write_sqlite(tables, path):
    with sqlite3.connect(path) as database:
        for name, rows in tables.items():
            columns = COLUMNS[name]
            database.execute(f"create table {name} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            database.executemany(f"insert into {name} values ({marks})", rows)


def main(arguments):
    tables = tables_of(arguments[0])
    if "--sqlite" in arguments:
        write_sqlite(tables, arguments[arguments.index("--sqlite") + 1])
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for name, rows in tables.items():
        writer.writerow([name])
        writer.writerow(COLUMNS[name])
        writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
