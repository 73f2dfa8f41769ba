"""MRR of a customer at a month's end, in micro-units, at one or another set of rates."""

from counting import micro_units
from memory import remembered


class Valued:
    def __init__(self, book, counting, rates):
        self.book = book
        self.counting = counting
        self.rates = rates
        self.first_month = None
        self.customers = sorted(counting.charges_of)
        self.months = self.published_months()
        self.first_month = self.months[0] if self.months else None

    def published_months(self):
        """From the first month at whose end any charge counts to that of the last day covered."""
        starts = [charge.start for charges in self.counting.charges_of.values() for charge in charges if charge.start]
        if not starts:
            return []
        earliest = min(starts)
        month = earliest.year * 12 + earliest.month - 1
        while month <= self.book.last_month:
            if any(self.items(customer, month) for customer in self.customers):
                return list(range(month, self.book.last_month + 1))
            month += 1
        return []

    def items(self, customer, month):
        """Before the first published month nobody has anything."""
        if self.first_month is not None and month < self.first_month:
            return []
        return self.counting.state(customer, month)

    @remembered
    def is_customer(self, customer, month, only=None):
        return self.counting.is_customer(only_in(only, self.items(customer, month)))

    # Sets of rates: functions of an item.

    def at(self, month):
        """As reported: the month's own rates."""

        def value(item):
            if month not in item.worth:
                item.worth[month] = micro_units(item.monthly * self.rates.of_charge(item.charge, month))
            return item.worth[month]

        return value

    def at_opening(self, month):
        """Constant: the rates of a window's opening."""
        key = "opening", month

        def value(item):
            if key not in item.worth:
                rate = self.rates.of_opening(item.charge, month, self.first_month)
                item.worth[key] = micro_units(item.monthly * rate)
            return item.worth[key]

        return value

    def reported(self, customer, month):
        return sum(map(self.at(month), self.items(customer, month)))


def only_in(currency, items):
    return items if currency is None else [item for item in items if item.charge.currency == currency]
