"""In which segments a customer, or one of its charges, is at a month's end."""

import datetime
import re
from fractions import Fraction

from directory import known_on
from memory import remembered
from timeline import last_day, month_of

NONE = "(none)"


class Segments:
    def __init__(self, book, valued):
        self.book = book
        self.valued = valued

    def is_of_charges(self, dimension):
        return "charge" in self.book.dimensions.get(dimension, {})

    def of_charge(self, dimension, charge):
        rule = self.book.dimensions[dimension]["charge"]
        value = {"plan": charge.plan, "product": charge.product, "currency": charge.currency}[rule]
        return grouped(self.book.dimensions[dimension], value)

    @remembered
    def of_customer(self, dimension, customer, month):
        if dimension == "all":
            return "all"
        rule = self.book.dimensions[dimension]
        first = rule.get("value") == "first"
        if rule.get("band") in ("arr", "usage"):
            # Who is no customer yet has nothing.
            at = self.first_month(customer) or month if first else month
            band = self.arr_band if rule["band"] == "arr" else self.usage_band
            return band(rule["bounds"], customer, at)
        # Attributes of a month are those of its last moment.
        who, day = self.book.customers[customer], last_day(month)
        name = "employees" if rule.get("band") == "employees" else rule["attribute"]
        value = first_known(who, name) if first else known_on(who, day, name)
        if rule.get("band") == "employees":
            return employees_band(rule["bounds"], value)
        if "bounds" in rule:
            return number_band(rule["bounds"], value)
        return grouped(rule, value)

    def arr_band(self, bounds, customer, month):
        return real_band(bounds, Fraction(12 * self.valued.reported(customer, month), 1_000_000))

    def usage_band(self, bounds, customer, month):
        # No month before the first that anybody tells of is one of little use.
        if month < self.first_use:
            return NONE
        return real_band(bounds, self.uses.get((customer, month), 0))

    @property
    @remembered
    def first_use(self):
        """The first month anybody used the product in; beyond all months where nobody tells of any."""
        return min((month for _, month in self.uses), default=12 * 10000)

    @property
    @remembered
    def uses(self):
        """{(customer, month): how often its users used the product}"""
        sums = {}
        for event in self.book.usage_events:
            if event.count > 0:
                key = self.valued.counting.counted_customer(event.customer), month_of(event.day)
                sums[key] = sums.get(key, 0) + event.count
        return sums

    @remembered
    def first_month(self, customer):
        return next((month for month in self.valued.months if self.valued.is_customer(customer, month)), None)


def real_band(bounds, number):
    if number < bounds[0]:
        return f"<{bounds[0]}"
    for lower, upper in zip(bounds, bounds[1:]):
        if number < upper:
            return f"{lower} to {upper}"
    return f">={bounds[-1]}"


def number_band(bounds, text):
    """Of a text that is a plain decimal number."""
    return real_band(bounds, Fraction(text)) if re.fullmatch(r"-?[0-9]+(\.[0-9]*)?", text or "") else NONE


def grouped(rule, value):
    """The group a value is in, else what the others are called, else itself; a missing value is in none."""
    if not value:
        return NONE
    for label, values in rule.get("groups", {}).items():
        if value in values:
            return label
    return rule.get("others", value)


def first_known(customer, attribute):
    """What is known first, at whatever time that was."""
    days = sorted({since for states in customer.accounts for since, _ in states if since is not None})
    for day in [datetime.date.min, *days]:
        if known_on(customer, day, attribute):
            return known_on(customer, day, attribute)
    return None


def employees_band(bounds, text):
    if not text:
        return NONE
    employees = int(text)
    lower = 0
    for bound in bounds:
        if employees < bound:
            return f"{lower} to {bound - 1}"
        lower = bound
    return f"{lower} or more"


def shared_out(amount, weights):
    """Largest remainder: whole shares of `amount` in proportion to the weights; ties go to the name that sorts first."""
    total = sum(weights.values())
    names = sorted(weights, key=lambda name: name.encode())
    if total == 0:
        return {name: amount if name == names[0] else 0 for name in names}
    exact = {name: Fraction(amount * weights[name], total) for name in names}
    shares = {name: exact[name].numerator // exact[name].denominator for name in names}
    by_remainder = sorted(names, key=lambda name: shares[name] - exact[name])
    for name in by_remainder[: amount - sum(shares.values())]:
        shares[name] += 1
    return shares
