"""In which segments a customer, or one of its charges, is at a month's end."""

from fractions import Fraction

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
        attributes = self.attributes(customer, month)
        if rule.get("band") == "employees":
            return employees_band(rule["bounds"], attributes.get("employees"))
        return attributes.get(rule["attribute"]) or NONE

    def attributes(self, customer, month):
        """Those in force at the month's last moment; before the first known state, the first one."""
        states = self.book.customers[customer].states
        if not states:
            return {}
        known = [row for since, row in states if since is None or since <= last_day(month)]
        return known[-1] if known else states[0][1]

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
