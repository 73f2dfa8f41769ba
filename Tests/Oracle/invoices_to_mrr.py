"""The close pack's way from invoices to MRR of the demo company, calculated from the exports alone and held against the report.

usage: invoices_to_mrr.py PROGRAM PROJECT

PROJECT is a folder in which the demo company was run. Only the rates come out of the warehouse: one a currency for the month.
"""

import calendar
import csv
import datetime
import json
import pathlib
import subprocess
import sys
from fractions import Fraction

MICRO = 10**6
STEPS = {
    "Recurring lines of the month's invoices, less discounts": "issued",
    "of them for a time that does not reach over the month's end": "other time",
    "of them prorated lines, which are for part of a term": "prorated",
    "of them for other months: annual and other prepayments": "longer terms",
    "terms shorter than a month, made up to one": "shorter terms",
    "Invoiced in other months for this one, the amount a month": "earlier",
    "Invoiced for the month's end, the amount a month": "invoiced",
}


def micros(amount):
    """Half-even, as `round` of a fraction is."""
    return round(amount * MICRO)


def is_last_of_month(day):
    return (day + datetime.timedelta(1)).day == 1


def whole_months(start, end):
    """None where a term is not so many months to the day; the last day of a month stands for that of any other."""
    months = (end.year - start.year) * 12 + end.month - start.month
    length = calendar.monthrange(end.year, end.month)[1]
    if months > 0 and (end.day == min(start.day, length) or is_last_of_month(start) and is_last_of_month(end)):
        return months
    return None


def monthly(amount, start, end):
    """DOMAIN: a month is 52/12 weeks, or 365/12 days."""
    months = whole_months(start, end)
    if months:
        return amount / months
    days = (end - start).days
    return amount * Fraction(52, 12) / (days // 7) if days % 7 == 0 else amount * Fraction(365, 12) / days


def newest(folder, name):
    with open(max(folder.glob(f"{name}_*.csv")), newline="") as file:
        yield from csv.DictReader(file)


def expected(project, month, rates):
    first = datetime.date.fromisoformat(f"{month}-01")
    end = (first + datetime.timedelta(31)).replace(day=1)
    sums = dict.fromkeys(STEPS.values(), 0)
    lines = 0
    for system in ("billing", "stripe"):
        folder = project / "demo-company" / "exports" / system
        invoices = {row["invoice_id"]: row for row in newest(folder, "invoices")}
        for line in newest(folder, "invoice_lines"):
            invoice = invoices[line["invoice_id"]]
            if invoice["status"] in ("void", "draft"):
                continue
            lines += 1
            value = Fraction(line["amount"]) * rates[line["currency"]]
            amount = micros(value)
            issued = datetime.date.fromisoformat(invoice["issued"])
            start, over = (datetime.date.fromisoformat(line[key]) for key in ("service_start", "service_end"))
            is_of_month = first <= issued < end
            if is_of_month:
                sums["issued"] += amount
            is_prorated = line["proration"] == "true"
            if is_prorated or not start < end <= over:
                if is_of_month:
                    sums["prorated" if is_prorated else "other time"] -= amount
                continue
            worth = micros(monthly(value, start, over))
            sums["invoiced"] += worth
            if not is_of_month:
                sums["earlier"] += worth
            elif worth != amount:
                sums["longer terms" if abs(worth) < abs(amount) else "shorter terms"] += worth - amount
    return sums, lines


def main():
    program, project = sys.argv[1], pathlib.Path(sys.argv[2])

    def output(*arguments):
        command = [program, *arguments, "--project", str(project)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    report = json.loads(output("render", "close_pack", "--format", "json"))
    table = next(
        block
        for section in report["sections"]
        for block in section.get("blocks", [])
        if "from the recurring lines of its invoices to MRR" in block.get("caption", "")
    )
    rows = [[cell.get("value", cell["text"]) for cell in row["cells"]] for row in table["rows"]]
    query = f"select from_currency, numerator, denominator from rate_used where month = '{report['month']}' order by rate_day is null, rate_day"
    rates = {"USD": Fraction(1)}
    for row in csv.DictReader(output("query", query).splitlines()):
        rates[row["from_currency"]] = Fraction(int(row["numerator"]), int(row["denominator"]))
    sums, lines = expected(project, report["month"], rates)
    told = {STEPS[row[0]]: micros(Fraction(row[2])) for row in rows if row[0] in STEPS}
    wrong = [f"{step}: {sums[step]} calculated, {told.get(step, 0)} told" for step in sums if sums[step] != told.get(step, 0)]
    if sum(sums.values()) != 2 * sums["invoiced"]:
        wrong.append("the steps do not add up")
    # What is left are customers under a reason each, up to MRR.
    place = next(number for number, row in enumerate(rows) if STEPS.get(row[0]) == "invoiced")
    reasons = sum(micros(Fraction(row[2])) for row in rows[place + 1 : -1])
    if sums["invoiced"] + reasons != micros(Fraction(rows[-1][2])):
        wrong.append("the reasons do not lead to MRR")
    print("\n".join(wrong) or f"{lines} lines, {sums['invoiced'] / MICRO:,.6f} invoiced a month: the report agrees")
    sys.exit(1 if wrong or not sums["invoiced"] else 0)


if __name__ == "__main__":
    main()
