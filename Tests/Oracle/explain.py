"""What `perennial explain` promises, tried on random books: the customers it lists add up to the published figure, and a customer's
charges to its MRR.

    python3 explain.py PROGRAM --seeds 1..20 [--billed] [--workers 2]

Prints the seed and the first difference; ends with 0 when all hold, else 1.
"""

import json
import subprocess
from fractions import Fraction

import seeds
from laws import Broken
from warehouse import opened, run_program

MICRO = 1_000_000
COUNTS = {"customers", "customers_new", "customers_reactivated", "customers_churned"}
SUMS = COUNTS | {
    "mrr", "mrr_starting", "mrr_new", "mrr_reactivation", "mrr_expansion", "mrr_contraction", "mrr_churn", "mrr_fx", "mrr_ending",
    "mrr_net_new",
}
WINDOWS = {"ndr_1m", "ndr_3m", "ndr_t12m", "gdr_1m", "gdr_3m", "gdr_t12m"}
FIGURES = 60
CUSTOMERS = 25


def micros(text):
    return int(Fraction(text) * MICRO)


def explained(trial, *arguments):
    result = subprocess.run(
        [trial.program, "explain", *arguments, "--json", "--project", trial.folder], capture_output=True, text=True,
        timeout=60)
    if result.returncode != 0:
        raise Broken(f"explain {' '.join(arguments)}: {result.stderr}")
    return [json.loads(line) for line in result.stdout.splitlines()]


def check_figure(trial, metric, period, dimension, segment, value, numerator, denominator, is_of_customers):
    where = [] if dimension == "all" else ["--segment", f"{dimension}={segment}"]
    lines = explained(trial, metric, "--month" if period[4:5] == "-" and "Q" not in period else "--period", period, *where)
    what = f"{metric} of {period}, {dimension} {segment}"
    told = [line for line in lines if line["part"] == "figure" and line["valuation"] == "as_reported"]
    if len(told) != 1:
        raise Broken(f"{what}: {len(told)} figures as reported")
    customers = [line for line in lines if line["part"] == "customer"]
    if not is_of_customers:
        if customers:
            raise Broken(f"{what}: customers of a segment of charges")
        return False
    ids = [(line["system"], line["id"]) for line in customers]
    if len(set(ids)) != len(ids):
        raise Broken(f"{what}: a customer is told twice")
    if metric in COUNTS:
        expected, found = value or 0, sum(line["times"] for line in customers)
    elif metric in SUMS:
        expected, found = value or 0, sum(micros(line["amount"]) for line in customers)
    else:
        # A window without an opening has no figure.
        expected = (numerator or 0, denominator or 0)
        found = (sum(micros(line["amount"]) for line in customers), sum(micros(line["before"]) for line in customers))
        if value is None and found[1] == 0:
            return False
        if expected[0] * found[1] == expected[1] * found[0] and found[1]:
            return True
    left = [line["why"] for line in lines if line["part"] == "remainder"]
    if (expected != found) != bool(left):
        raise Broken(f"{what}: {expected} is published, the customers add up to {found}, and it says {left}")
    # Who came and went within the month is in no segment at its ends.
    if expected != found and not (dimension != "all" and "came and went" in left[0]):
        raise Broken(f"{what}: {expected} is published, the customers add up to {found}")
    return bool(customers)


def check_customer(trial, month, key, mrr, policy):
    lines = explained(trial, "mrr", "--month", month, f"--customer={key[0]}:{key[1]}")
    head = lines[0]
    if micros(head["closing"]) != mrr:
        raise Broken(f"{key} in {month}: {mrr} is published, {head['closing']} told")
    moved = sum(micros(line["amount"]) for line in lines if line["part"] == "movement")
    if micros(head["opening"]) + micros(head["restatement"]) + moved != mrr:
        raise Broken(f"{key} in {month}: {head['opening']} and movements of {moved / MICRO} are not {head['closing']}")
    if policy.get("rate_date", "month_end") != "month_end" or policy["preset"] == "chartmogul@1":
        return
    rates = {line["from"]: Fraction(line["numerator"], line["denominator"])
             for line in lines if line["part"] == "rate" and line["month"] == month}
    rates[head["currency"]] = Fraction(1)
    year, number = int(month[:4]), int(month[5:])
    end = f"{year + number // 12:04}-{number % 12 + 1:02}-01"
    charges = [line for line in lines if line["part"] == "charge"
               and line["start"] < end and (line["end"] is None or line["end"] >= end)]
    total = sum((micros(line["mrr"]) * rates[line["currency"]] for line in charges), Fraction(0))
    # Each charge is told in whole micro-units of its currency, and rounded once more in the reporting one.
    room = sum((rates[line["currency"]] / 2 + Fraction(1, 2) for line in charges), Fraction(0))
    if abs(total - mrr) > room:
        raise Broken(f"{key} in {month}: its charges make {float(total)}, {mrr} is published")
    for place, line in enumerate(lines):
        if line["part"] == "charge" and lines[place + 1]["part"] != "row":
            raise Broken(f"{key} in {month}: a charge without a row")


def everything_adds_up(trial):
    if run_program(trial.program, trial.folder, trial.settings["complete_through"]).returncode != 0:
        return trial.note("books that are refused")
    with opened(trial.folder) as database:
        of_customers = {row[0] for row in database.execute("select distinct dimension from customer_segment")} | {"all"}
        figures = database.execute(f"""
            select metric, period, dimension, segment, value, numerator, denominator from metric_period
            where valuation = 'as_reported' and metric in ({", ".join(map(repr, sorted(SUMS | WINDOWS)))})
            """).fetchall()
        customers = database.execute("""
            select m.month, i.system, i.natural_id, m.mrr from customer_mrr m join customer_identity i using (customer_id)
            where (select count(*) from customer_identity o where o.natural_id = i.natural_id and o.system = i.system) = 1
            """).fetchall()
    listed = 0
    for figure in trial.random.sample(figures, min(FIGURES, len(figures))):
        listed += check_figure(trial, *figure, figure[2] in of_customers)
    for month, system, identity, mrr in trial.random.sample(customers, min(CUSTOMERS, len(customers))):
        check_customer(trial, month, (system, identity), mrr, {**trial.settings["policy"], "preset": trial.settings.get("preset", "")})
    trial.note("books with figures of customers" if listed else "books without")


if __name__ == "__main__":
    seeds.main(everything_adds_up, "books with figures of customers", "no figure had customers")
