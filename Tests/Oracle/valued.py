"""MRR of a customer at a month's end, in micro-units, at one or another set of rates."""

from counting import micro_units


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
        starts = [charge.start for charge in self.book.charges if charge.start]
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

    def is_customer(self, customer, month, only=None):
        return self.counting.is_customer(only_in(only, self.items(customer, month)))

    # Sets of rates: functions of an item.

    def at(self, month):
        """As reported: the month's own rates."""
        return lambda item: micro_units(item.monthly * self.rates.of_charge(item.charge, month))

    def at_opening(self, month):
        """Constant: the rates of a window's opening."""
        return lambda item: micro_units(
            item.monthly * self.rates.of_opening(item.charge, month, self.first_month)
        )

    def native(self, item):
        return micro_units(item.monthly)

    def reported(self, customer, month):
        return sum(map(self.at(month), self.items(customer, month)))


def only_in(currency, items):
    return [item for item in items if currency is None or item.charge.currency == currency]
