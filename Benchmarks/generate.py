"""Writes the exports of a made-up subscription business: the same bytes for the same size and seed.

usage: generate.py FOLDER PERIODS [--seed N] [--delta SHARE] [--lines N]

Five years from 2020-01-01, about 0.29 customers and exactly 2 invoice lines (or --lines) per subscription period:

  FOLDER/customers.csv              id, name, country, segment, employees, created_at
  FOLDER/subscription_periods.csv   one price of one subscription over one stretch of days; an empty end is still running
  FOLDER/invoice_lines.csv          what was billed, with quoted commas, quotes and line breaks in the descriptions
  FOLDER/fx_rates.csv               a moving rate of EUR and GBP into USD for every month's end

With --delta, the exports of the next night twice, SHARE of the periods being changed (half of those closed today, half new),
and as large a share of new customers and invoice lines:

  FOLDER/delta/*.csv     the changed and new rows alone
  FOLDER/rewritten/*.csv the whole export with the changes in it
"""

import argparse
import os

import numpy
import polars

FIRST_DAY = numpy.datetime64("2020-01-01")
DAYS = int((numpy.datetime64("2025-01-01") - FIRST_DAY).astype(int))
"""Days of the five years; a period that ends later is written as still running."""
PERIODS_OF_A_CUSTOMER = 12
"""At most so many periods has one customer."""

CURRENCIES = numpy.array(["USD", "EUR", "GBP"])
PLANS = numpy.array(["starter", "growth", "business", "enterprise"])
SEGMENTS = numpy.array(["smb", "mid", "upper_mid", "enterprise"])
PRICES = numpy.array([19000, 49000, 99000, 249000])
"""A month of each plan in thousandths of the currency's unit."""
NAMES = (
    "Acme,Globex,Initech,Umbrella,Hooli,Vandelay,Soylent,Stark,Wayne,Wonka,Tyrell,Cyberdyne,Société Générique,Müller,"
    "Aperture,Nakatomi"
).split(",")
KINDS = [
    "Systems", "Holdings, Inc.", "Labs", "Software", "Group, LLC", "Analytics", "& Söhne GmbH", "Networks",
    'Data "Works"', "Partners", "Cloud", "Logistics, S.A.",
]
COUNTRIES = "US,US,US,US,GB,DE,FR,NL,ES,CA,AU,SE,BR,IN,JP".split(",")


def money(thousandths):
    """Decimal text: two digits, or three where the amount has half a cent."""
    amount = polars.Series("amount", thousandths)
    digits = (amount.abs() % 1000).cast(polars.String).str.zfill(3)
    text = (amount.abs() // 1000).cast(polars.String) + "." + digits
    cents = text.str.slice(0, text.str.len_chars() - 1)
    frame = polars.DataFrame({"amount": amount, "text": text, "cents": cents})
    sign = polars.when(polars.col("amount") < 0).then(polars.lit("-")).otherwise(polars.lit(""))
    shown = polars.when(polars.col("amount") % 10 == 0).then("cents").otherwise("text")
    return frame.select((sign + shown).alias("text"))["text"]


def dates(days):
    return polars.Series("date", (FIRST_DAY + days.astype("timedelta64[D]")).astype("datetime64[D]")).cast(polars.Date)


class Business:
    """Subscription periods as flat arrays, ordered by their start; everything else is drawn from them."""

    def __init__(self, periods, seed):
        self.random = numpy.random.default_rng(seed)
        customer, self.start, self.end, self.created = self._lives(periods)
        random = self.random
        self.customers = int(customer.max()) + 1
        self.size = random.choice(4, self.customers, p=[0.45, 0.3, 0.18, 0.07])
        currency = random.choice(3, self.customers, p=[0.6, 0.28, 0.12])
        self.customer = customer + 1
        self.plan = numpy.clip(self.size[customer] + random.choice([-1, 0, 0, 0, 1], periods), 0, 3)
        self.yearly = random.random(periods) < 0.25
        self.quantity = 1 + random.poisson(numpy.array([1, 4, 12, 60])[self.size[customer]]).astype(numpy.int64)
        rebate = random.integers(-3, 4, periods) * numpy.where(random.random(periods) < 0.3, 500, 0)
        half_cent = numpy.where(random.random(periods) < 0.1, 5, 0)
        self.price = PRICES[self.plan] * numpy.where(self.yearly, 10, 1) + rebate + half_cent
        self.currency = CURRENCIES[currency[customer]]
        self.running = self.end >= DAYS

    def _lives(self, periods):
        """Chains of periods: contiguous, with a gap in which the customer is gone, or beside the one before."""
        random = self.random
        candidates, chain = int(periods * 0.38), PERIODS_OF_A_CUSTOMER
        created = numpy.floor(DAYS * numpy.sqrt(random.random(candidates))).astype(numpy.int64)
        length = numpy.maximum(5, random.exponential(170, (candidates, chain))).astype(numpy.int64)
        leaves = random.random((candidates, chain)) < 0.14
        gap = numpy.where(leaves, random.exponential(120, (candidates, chain)).astype(numpy.int64) + 1, 0)
        gap[:, 0] = random.integers(0, 20, candidates)
        beside = random.random((candidates, chain)) < 0.08
        start = numpy.empty((candidates, chain), numpy.int64)
        end = numpy.empty((candidates, chain), numpy.int64)
        now = created.copy()
        for k in range(chain):
            start[:, k] = now + gap[:, k]
            if k:
                start[:, k] = numpy.where(beside[:, k], now - length[:, k - 1] // 2, start[:, k])
            end[:, k] = start[:, k] + length[:, k]
            now = numpy.maximum(now, end[:, k])
        stays = numpy.cumprod(random.random((candidates, chain)) < 0.93, axis=1).astype(bool)
        stays[:, 0] = True
        exists = stays & (start < DAYS)
        total = numpy.cumsum(exists.sum(1))
        if total[-1] < periods:
            raise SystemExit(f"generate: only {total[-1]} of {periods} periods came about")
        exists = exists[: int(numpy.searchsorted(total, periods)) + 1]
        customer, k = (index[:periods] for index in numpy.nonzero(exists))
        order = numpy.argsort(start[customer, k], kind="stable")
        customer, k = customer[order], k[order]
        return customer, start[customer, k], end[customer, k], created

    def subscription_periods(self):
        ends = polars.DataFrame({"end": dates(self.end), "running": self.running})
        end = polars.when(polars.col("running")).then(None).otherwise(polars.col("end"))
        return polars.DataFrame({
            "subscription_id": numpy.arange(1, len(self.customer) + 1),
            "customer_id": self.customer,
            "plan": PLANS[self.plan],
            "currency": self.currency,
            "quantity": self.quantity,
            "unit_amount": money(self.price),
            "interval": numpy.where(self.yearly, "year", "month"),
            "start_date": dates(self.start),
            "end_date": ends.select(end.alias("end"))["end"],
        })

    def customer_rows(self, ids, created, size):
        random, count = self.random, len(ids)
        name = polars.Series(numpy.array(NAMES)[random.integers(0, len(NAMES), count)])
        kind = polars.Series(numpy.array(KINDS)[random.integers(0, len(KINDS), count)])
        employees = numpy.exp(random.normal(3.2, 1.0, count)) * numpy.array([1, 4, 15, 80])[size]
        return polars.DataFrame({
            "id": ids,
            "name": name + " " + kind + " " + polars.Series(ids).cast(polars.String),
            "country": numpy.array(COUNTRIES)[random.integers(0, len(COUNTRIES), count)],
            "segment": SEGMENTS[size],
            "employees": employees.astype(numpy.int64) + 1,
            "created_at": dates(created),
        })

    def invoice_lines(self, first, period, day=None):
        """Lines of the given periods, in order of their service's start: somewhere in the period, or `day`."""
        random, count = self.random, len(period)
        begin, until = self.start[period], numpy.minimum(self.end[period], DAYS)
        into = (random.random(count) * numpy.maximum(1, until - begin)).astype(numpy.int64) // 30 * 30
        begin = begin + into if day is None else numpy.full(count, day)
        order = numpy.argsort(begin, kind="stable")
        begin, period = begin[order], period[order]
        amount = self.price[period] * self.quantity[period] // 10 * 10
        amount = numpy.where(random.random(count) < 0.04, -(amount // 30 * 10), amount)
        issued = (FIRST_DAY + begin.astype("timedelta64[D]")).astype("datetime64[s]")
        issued = issued + random.integers(0, 86400, count).astype("timedelta64[s]")
        ids = numpy.arange(first, first + count)
        return polars.DataFrame({
            "invoice_id": ids // 2 + 100000,
            "line_id": ids,
            "customer_id": self.customer[period],
            "subscription_id": period + 1,
            "description": self._descriptions(period, begin),
            "amount": money(amount),
            "currency": self.currency[period],
            "period_start": dates(begin),
            "period_end": dates(begin + numpy.where(self.yearly[period], 365, 30)),
            "status": numpy.array(["paid", "open", "void", "uncollectible"])[
                random.choice(4, count, p=[0.92, 0.04, 0.02, 0.02])
            ],
            "issued_at": polars.Series(issued.astype("datetime64[us]")).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        })

    def _descriptions(self, period, begin):
        kind = polars.col("kind")
        plan, seats = polars.col("plan"), polars.col("quantity").cast(polars.String)
        lines = polars.DataFrame({
            "plan": polars.Series(PLANS[self.plan[period]]).str.to_titlecase(),
            "quantity": self.quantity[period],
            "kind": self.random.random(len(period)),
            "day": dates(begin),
        })
        text = (
            polars.when(kind < 0.22).then(plan + " plan, " + seats + " seats")
            .when(kind < 0.25).then(plan + " plan x " + seats + "\nProrated, from " + polars.col("day").cast(polars.String))
            .when(kind < 0.27).then(polars.lit('Add-on "Priority" for ') + plan)
            .otherwise(seats + " x " + plan + " (at current rate)")
        )
        return lines.select(text.alias("text"))["text"]

    def rates(self):
        """A rate for the last day of every month, wandering around 1.08 and 1.27."""
        months = numpy.arange("2020-02", "2025-02", dtype="datetime64[M]").astype("datetime64[D]") - 1
        frames = []
        for currency, start in (("EUR", 1.08), ("GBP", 1.27)):
            steps = numpy.clip(self.random.normal(0, 0.012, len(months)).cumsum(), -0.15, 0.15)
            rate = numpy.round(start * (1 + steps), 4)
            frames.append(polars.DataFrame({
                "date": polars.Series(months).cast(polars.Date), "from": currency, "to": "USD", "rate": rate,
            }))
        return polars.concat(frames).sort("date", "from")


def write_night(folder, business, base, share):
    """One day of changes, as the changed rows alone and as the whole export written anew."""
    random, day = business.random, DAYS - 1
    customers, periods, lines = (base[name] for name in ("customers", "subscription_periods", "invoice_lines"))
    count = max(10, int(share * periods.height))
    today = polars.lit("2024-12-31").str.to_date()
    closing = random.choice(numpy.nonzero(business.running)[0], count // 2, replace=False)
    closed = periods[closing.tolist()].with_columns(today.alias("end_date"))
    opened_count = count - count // 2
    opened = periods[random.integers(0, periods.height, opened_count).tolist()].with_columns(
        polars.Series("subscription_id", numpy.arange(periods.height + 1, periods.height + 1 + opened_count)),
        today.alias("start_date"), polars.lit(None).cast(polars.Date).alias("end_date"),
    )
    joined = max(2, int(share * customers.height))
    new_customers = business.customer_rows(
        numpy.arange(customers.height + 1, customers.height + 1 + joined), numpy.full(joined, day),
        random.choice(4, joined),
    )
    billed = random.integers(0, periods.height, 2 * count)
    new_lines = business.invoice_lines(lines.height + 1, billed, day)
    write(f"{folder}/delta", {
        "customers": new_customers, "subscription_periods": polars.concat([closed, opened]), "invoice_lines": new_lines,
    })
    write(f"{folder}/rewritten", {
        "customers": polars.concat([customers, new_customers]),
        "subscription_periods": polars.concat([periods.update(closed, on="subscription_id"), opened]),
        "invoice_lines": polars.concat([lines, new_lines]),
    })


def write(folder, exports):
    os.makedirs(folder, exist_ok=True)
    for name, rows in exports.items():
        rows.write_csv(f"{folder}/{name}.csv")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("periods", type=int)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--delta", type=float, help="share of the periods that change in the next night")
    parser.add_argument("--lines", type=int, default=2, help="invoice lines per period")
    arguments = parser.parse_args()
    lines = arguments.lines * arguments.periods
    business = Business(arguments.periods, arguments.seed)
    base = {
        "customers": business.customer_rows(
            numpy.arange(1, business.customers + 1), business.created[: business.customers], business.size
        ),
        "subscription_periods": business.subscription_periods(),
        "invoice_lines": business.invoice_lines(1, business.random.integers(0, arguments.periods, lines)),
    }
    write(arguments.folder, base | {"fx_rates": business.rates()})
    if arguments.delta:
        write_night(arguments.folder, business, base, arguments.delta)
    print(f"{arguments.periods} periods, {business.customers} customers, {lines} invoice lines")


if __name__ == "__main__":
    main()
