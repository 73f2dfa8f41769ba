"""The end-point bridge: what each customer did in each month, and what that is in each segment."""

from counting import native_value
from segments import shared_out
from timeline import end_of
from valued import only_in

AMOUNTS = [
    "starting", "restatement", "transfer_in", "transfer_out", "new", "reactivation", "expansion", "contraction",
    "churn", "fx", "ending",
]
COUNTS = [
    "customers_starting", "customers_transfer_in", "customers_transfer_out", "customers_new", "customers_reactivated",
    "customers_churned", "customers_ending",
]


def empty_row():
    return {name: 0 for name in AMOUNTS + COUNTS}


class Movements:
    def __init__(self, book, valued, segments):
        self.book = book
        self.valued = valued
        self.segments = segments

    # One customer, one month

    def movement(self, customer, month, only=None):
        """Decided on the whole customer; `stayed` covers expansion, contraction and no change; None: no customer."""
        was = self.valued.is_customer(customer, month - 1, only)
        now = self.valued.is_customer(customer, month, only)
        if was and now:
            return "stayed"
        if was:
            return "churn"
        if not now:
            return None
        earlier = [m for m in range(self.valued.first_month, month) if self.valued.is_customer(customer, m, only)]
        if not earlier:
            return "new"
        window = self.book.policy["reactivation_window"]
        if window is not None:
            if (end_of(month) - end_of(earlier[-1])).days > int(window):
                return "new"
        return "reactivation"

    # One segment table, one month

    def month_bridge(self, month, dimension, opening_value, value, only=None):
        """{segment: row}. `opening_value` values the opening as it was reported, `value` everything else."""
        rows = {}

        def row(segment):
            return rows.setdefault(segment, empty_row())

        for customer in self.valued.customers:
            opening = only_in(only, self.valued.items(customer, month - 1))
            closing = only_in(only, self.valued.items(customer, month))
            if not opening and not closing:
                continue
            movement = self.movement(customer, month, only)
            if self.segments.is_of_charges(dimension):
                self.add_by_charges(row, dimension, movement, opening, closing, opening_value, value)
            else:
                before = self.segments.of_customer(dimension, customer, month - 1) if opening else None
                after = self.segments.of_customer(dimension, customer, month) if closing else None
                self.add_whole(row, before, after, movement, opening, closing, opening_value, value)
        return rows

    def add_whole(self, row, before, after, movement, opening, closing, opening_value, value):
        starting = sum(map(opening_value, opening))
        at_rate = sum(map(value, opening))
        ending = sum(map(value, closing))
        if opening:
            row(before)["starting"] += starting
            row(before)["fx"] += at_rate - starting
        if closing:
            row(after)["ending"] += ending
        if movement == "churn":
            row(before)["customers_starting"] += 1
            row(before)["customers_churned"] += 1
            row(before)["churn"] -= at_rate
        elif movement in ("new", "reactivation"):
            row(after)["customers_ending"] += 1
            row(after)["customers_new" if movement == "new" else "customers_reactivated"] += 1
            row(after)[movement] += ending
        elif movement == "stayed":
            row(before)["customers_starting"] += 1
            row(after)["customers_ending"] += 1
            if before != after:
                row(before)["transfer_out"] -= at_rate
                row(after)["transfer_in"] += at_rate
                row(before)["customers_transfer_out"] += 1
                row(after)["customers_transfer_in"] += 1
            if ending > at_rate:
                row(after)["expansion"] += ending - at_rate
            else:
                row(after)["contraction"] -= at_rate - ending

    def add_by_charges(self, row, dimension, movement, opening, closing, opening_value, value):
        change = {}
        for item in opening:
            segment = self.segments.of_charge(dimension, item.charge)
            row(segment)["starting"] += opening_value(item)
            row(segment)["fx"] += value(item) - opening_value(item)
            change[segment] = change.get(segment, 0) - value(item)
            if movement == "churn":
                row(segment)["churn"] -= value(item)
        for item in closing:
            segment = self.segments.of_charge(dimension, item.charge)
            row(segment)["ending"] += value(item)
            change[segment] = change.get(segment, 0) + value(item)
            if movement in ("new", "reactivation"):
                row(segment)[movement] += value(item)
        if movement == "stayed":
            rises = {segment: amount for segment, amount in change.items() if amount > 0}
            falls = {segment: -amount for segment, amount in change.items() if amount < 0}
            transfer = min(sum(rises.values()), sum(falls.values()))
            moved_in = shared_out(transfer, rises)
            moved_out = shared_out(transfer, falls)
            for segment, rise in rises.items():
                row(segment)["transfer_in"] += moved_in[segment]
                row(segment)["expansion"] += rise - moved_in[segment]
            for segment, fall in falls.items():
                row(segment)["transfer_out"] -= moved_out[segment]
                row(segment)["contraction"] -= fall - moved_out[segment]

    # One period

    def period_bridge(self, months, dimension, valuation, only=None):
        """{segment: row}: movements summed, starting of the first month, ending of the last."""
        rows = {}
        for month in months:
            if month < self.valued.first_month:
                continue
            if valuation == "as_reported":
                opening_value, value = self.valued.at(month - 1), self.valued.at(month)
            elif valuation == "constant":
                opening_value = value = self.valued.at_opening(months[0] - 1)
            else:
                opening_value = value = native_value
            for segment, part in self.month_bridge(month, dimension, opening_value, value, only).items():
                row = rows.setdefault(segment, empty_row())
                for name in row:
                    starts, ends = name.endswith("starting"), name.endswith("ending")
                    if not starts and not ends or starts and month == months[0] or ends and month == months[-1]:
                        row[name] += part[name]
        return rows

    # The list of movements

    def customer_movements(self):
        for month in self.valued.months:
            opening_value, value = self.valued.at(month - 1), self.valued.at(month)
            for customer in self.valued.customers:
                opening = self.valued.items(customer, month - 1)
                closing = self.valued.items(customer, month)
                if not opening and not closing:
                    continue
                movement = self.movement(customer, month)
                starting = sum(map(opening_value, opening))
                at_rate = sum(map(value, opening))
                ending = sum(map(value, closing))
                if at_rate != starting:
                    yield month, customer, "fx", starting, at_rate
                if movement == "churn":
                    yield month, customer, movement, at_rate, 0
                elif movement in ("new", "reactivation"):
                    yield month, customer, movement, 0, ending
                elif movement == "stayed" and ending != at_rate:
                    yield month, customer, "expansion" if ending > at_rate else "contraction", at_rate, ending
