"""usage: run.py EXPORTS OUT: exports -> polars -> OUT/warehouse.sqlite (through ADBC) and OUT/*.csv.

Lazy scans with given types, collected together, and ADBC's bulk ingestion: what polars' documentation recommends over
`read_csv` and over SQLAlchemy. Amounts are stored as whole thousandths and hundredths.
"""

import sys

import adbc_driver_sqlite.dbapi
import polars
from polars import Date, Decimal, Int64, String, col, lit, when

exports, out = sys.argv[1:]
MONTHS = 60
KEYED_TABLES = """
create table customers (
  id integer primary key, name text, country text, segment text, employees integer, created_at text);
create table subscription_periods (
  subscription_id integer primary key, customer_id integer, plan text, currency text, quantity integer,
  unit_amount integer, interval text, start_date text, end_date text);
create table invoice_lines (
  invoice_id integer, line_id integer primary key, customer_id integer, subscription_id integer, description text,
  amount integer, currency text, period_start text, period_end text, status text, issued_at text);
"""


def months(column):
    """Months since 2020-01."""
    return (col(column).dt.year().cast(Int64) - 2020) * 12 + col(column).dt.month().cast(Int64) - 1


def half_even_twelfth(price):
    quotient, rest = price // 12, price % 12
    return quotient + ((rest > 6) | ((rest == 6) & (quotient % 2 == 1))).cast(Int64)


def charges(periods):
    """Grain: one period in force at some month's end. mrr: micro-units of USD, one half-even rounding."""
    rate = col("currency").replace_strict({"EUR": 1080, "GBP": 1270, "USD": 1000}, return_dtype=Int64)
    price = col("unit_amount").to_physical().cast(Int64) * col("quantity") * rate
    return periods.select(
        "customer_id", from_month=months("start_date"), until_month=months("end_date"),
        mrr=when(col("interval") == "year").then(half_even_twelfth(price)).otherwise(price),
    ).filter(col("until_month").is_null() | (col("until_month") > col("from_month")))


def movements(charges):
    """Grain: one customer's movement in one month."""
    starts = charges.select("customer_id", month="from_month", amount="mrr")
    ends = charges.filter(col("until_month").is_not_null()).select(
        "customer_id", month="until_month", amount=-col("mrr"))
    changes = (
        polars.concat([starts, ends]).group_by("customer_id", "month").agg(col("amount").sum())
        .filter(col("amount") != 0).sort("customer_id", "month")
    )
    after = col("mrr_after")
    movement = (
        when(col("month") == col("cohort")).then(lit("new")).when(after == col("amount")).then(lit("reactivation"))
        .when(after == 0).then(lit("churn")).when(col("amount") > 0).then(lit("expansion")).otherwise(lit("contraction"))
    )
    return changes.with_columns(
        mrr_after=col("amount").cum_sum().over("customer_id"), cohort=col("month").first().over("customer_id"),
    ).filter(col("month") < MONTHS).select(
        "customer_id", "month", movement=movement, amount="amount", mrr_before=after - col("amount"), mrr_after="mrr_after",
        cohort="cohort",
    )


COMING = when(col("movement").is_in(["new", "reactivation"])).then(1).when(col("movement") == "churn").then(-1).otherwise(0)


def retention(movements):
    """Grain: one month; how the sums over the customers of twelve months ago differ from the month before."""
    now = movements.select("customer_id", "month", now="amount", earlier=lit(0, dtype=Int64))
    earlier = movements.filter(col("month") < MONTHS - 12).select(
        "customer_id", month=col("month") + 12, now=lit(0, dtype=Int64), earlier="amount")
    levels = (
        polars.concat([now, earlier]).group_by("customer_id", "month").sum().sort("customer_id", "month")
        .with_columns(col("now", "earlier").cum_sum().over("customer_id"))
        .with_columns(
            now=when(col("earlier") > 0).then("now").otherwise(0),
            kept=when(col("earlier") > 0).then(polars.min_horizontal("now", "earlier")).otherwise(0),
        )
    )
    step = [col(name) - col(name).shift(1, fill_value=0).over("customer_id") for name in ("earlier", "now", "kept")]
    return levels.select("month", *step).group_by("month").sum()


def monthly_summary(movements):
    amount = col("amount")
    sums = {name: amount.filter(col("movement") == name).sum()
            for name in ("new", "reactivation", "expansion", "contraction", "churn")}
    classes = movements.group_by("month").agg(amount.sum(), COMING.sum().alias("customers"), **sums)
    every_month = polars.LazyFrame({"month": range(MONTHS)}, schema={"month": Int64})
    return (
        every_month.join(classes, on="month", how="left").join(retention(movements), on="month", how="left")
        .fill_null(0).sort("month")
        .select(
            "month", (amount.cum_sum() - amount).alias("starting"), *sums, amount.cum_sum().alias("ending"),
            col("customers").cum_sum(), col("earlier").cum_sum().alias("mrr_12_months_ago"),
            col("now").cum_sum().alias("ndr_numerator"), col("kept").cum_sum().alias("gdr_numerator"),
        )
    )


def cohorts(movements):
    """Grain: one cohort at one age."""
    changes = movements.group_by("cohort", "month").agg(col("amount").sum(), COMING.sum().alias("customers"))
    grid = (
        changes.select("cohort").unique()
        .join(polars.LazyFrame({"month": range(MONTHS)}, schema={"month": Int64}), how="cross")
        .filter(col("month") >= col("cohort"))
    )
    return (
        grid.join(changes, on=["cohort", "month"], how="left").fill_null(0).sort("cohort", "month")
        .select(
            "cohort", (col("month") - col("cohort")).alias("age"), col("customers").cum_sum().over("cohort"),
            col("amount").cum_sum().over("cohort").alias("mrr"),
        )
    )


customer_rows, period_rows, line_rows = polars.collect_all([
    polars.scan_csv(f"{exports}/customers.csv", schema={
        "id": Int64, "name": String, "country": String, "segment": String, "employees": Int64, "created_at": String,
    }),
    polars.scan_csv(f"{exports}/subscription_periods.csv", schema={
        "subscription_id": Int64, "customer_id": Int64, "plan": String, "currency": String, "quantity": Int64,
        "unit_amount": Decimal(12, 3), "interval": String, "start_date": Date, "end_date": Date,
    }),
    polars.scan_csv(f"{exports}/invoice_lines.csv", schema={
        "invoice_id": Int64, "line_id": Int64, "customer_id": Int64, "subscription_id": Int64, "description": String,
        "amount": Decimal(12, 2), "currency": String, "period_start": String, "period_end": String, "status": String,
        "issued_at": String,
    }),
])
movement_rows = movements(charges(period_rows.lazy())).collect()
summary_rows, cohort_rows = polars.collect_all(
    [monthly_summary(movement_rows.lazy()), cohorts(movement_rows.lazy())])
summary_rows.write_csv(f"{out}/monthly_summary.csv")
cohort_rows.write_csv(f"{out}/cohorts.csv")

with adbc_driver_sqlite.dbapi.connect(f"file:{out}/warehouse.sqlite", autocommit=True) as connection:
    with connection.cursor() as cursor:
        for pragma in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
            cursor.execute(f"pragma {pragma}")
            cursor.fetchall()
        for statement in KEYED_TABLES.strip().split(";\n"):
            cursor.execute(statement)
        connection.adbc_connection.set_autocommit(False)
        for name, rows in {
            "customers": customer_rows,
            "subscription_periods": period_rows.with_columns(
                col("unit_amount").to_physical().cast(Int64), col("start_date", "end_date").cast(String)),
            "invoice_lines": line_rows.with_columns(col("amount").to_physical().cast(Int64)),
            "movements": movement_rows,
            "monthly_summary": summary_rows,
            "cohorts": cohort_rows,
        }.items():
            cursor.adbc_ingest(name, rows.to_arrow(), mode="create_append")
    connection.adbc_connection.commit()
