"""In which segments a customer, or one of its charges, is at a month's end."""

from fractions import Fraction

from directory import known_on
from memory import remembered
from timeline import last_day

NONE = "(none)"


class Segments:
    def __init__(self, book, valued):
        self.book = book
        self.valued = valued

    def is_of_charges(self, dimension):
        return "charge" in self.book.dimensions.get(dimension, {})

    def of_charge(self, dimension, charge):
        rule = self.book.dimensions[dimension]["charge"]
        return {"plan": charge.plan, "product": charge.product, "currency": charge.currency}[rule] or NONE

    @remembered
    def of_customer(self, dimension, customer, month):
        if dimension == "all":
            return "all"
        rule = self.book.dimensions[dimension]
        if rule.get("band") == "arr":
            return self.arr_band(rule["bounds"], customer, month)
        # Attributes of a month are those of its last moment.
        who, day = self.book.customers[customer], last_day(month)
        if rule.get("band") == "employees":
            return employees_band(rule["bounds"], known_on(who, day, "employees"))
        return known_on(who, day, rule["attribute"]) or NONE

    def arr_band(self, bounds, customer, month):
        arr = Fraction(12 * self.valued.reported(customer, month), 1_000_000)
        if arr < bounds[0]:
            return f"<{bounds[0]}"
        for lower, upper in zip(bounds, bounds[1:]):
            if arr < upper:
                return f"{lower} to {upper}"
        return f">={bounds[-1]}"


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
