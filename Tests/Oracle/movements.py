"""The bridges: what each customer did in each month, and what that is in each segment."""

from counting import native_value
from events import Events, Step
from expansion import EXPANSION_PARTS, expansion_parts
from segments import NONE, shared_out
from timeline import end_of, first_day, plus_days
from valued import only_in

AMOUNTS = [
    "starting", "restatement", "transfer_in", "transfer_out", "new", "reactivation", "expansion", "contraction",
    "churn", "fx", "ending",
]
COUNTS = [
    "customers_starting", "customers_transfer_in", "customers_transfer_out", "customers_new", "customers_reactivated",
    "customers_churned", "customers_ending",
]
# Leavings of customers who were not there at the month's opening: part of customers_churned.
JOINED_AND_LEFT = "customers_joined_and_left"
COUNTED = {"new": "customers_new", "reactivation": "customers_reactivated", "churn": "customers_churned"}


def empty_row():
    return {name: 0 for name in [*AMOUNTS, *COUNTS, JOINED_AND_LEFT, *EXPANSION_PARTS]}


class Movements:
    def __init__(self, book, counting, valued, segments):
        self.book = book
        self.counting = counting
        self.valued = valued
        self.segments = segments
        self.events = Events(book, counting, valued)
        self.is_by_event = book.policy["bridge"] == "event"

    # One customer

    def steps(self, customer, month, only=None):
        """What the bridge classifies in a month: all of it at once, or one group of changes after the other."""
        if self.is_by_event:
            return self.events.steps(customer, month, only)
        opening, closing = self.valued.items(customer, month - 1), self.valued.items(customer, month)
        earlier = range(self.valued.first_month, month)
        return self.step_of_ends(customer, month, only_in(only, opening), only_in(only, closing), earlier, only)

    def window_steps(self, customer, first, month, only=None):
        """The same of the days from `first` to the month's end."""
        if self.is_by_event:
            return self.events.steps_of_window(customer, first, month, only)
        opening, closing = self.opening_of_window(customer, first, only), self.valued.items(customer, month)
        earlier = [m for m in range(self.valued.first_month, month) if end_of(m) <= first]
        return self.step_of_ends(customer, month, opening, only_in(only, closing), earlier, only)

    def opening_of_window(self, customer, first, only=None):
        return only_in(only, self.counting.state_on(customer, plus_days(first, -1)))

    def step_of_ends(self, customer, month, opening, closing, earlier_months, only):
        was, now = self.counting.is_customer(opening), self.counting.is_customer(closing)
        if was and now:
            kind = "stayed"
        elif was:
            kind = "churn"
        elif now:
            earlier = [m for m in earlier_months if self.valued.is_customer(customer, m, only)]
            kind = "reactivation" if earlier and not self.is_too_long_ago(earlier[-1], month) else "new"
        else:
            return []
        return [Step(kind, opening, closing)]

    def is_too_long_ago(self, last_month, month):
        window = self.book.policy["reactivation_window"]
        return window is not None and (end_of(month) - end_of(last_month)).days > int(window)

    # One segment table, one month

    def month_bridge(self, month, dimension, opening_value, value, only=None):
        """{segment: row}. `opening_value` values the opening as it was reported, `value` everything else."""
        return self.bridge_of(month, dimension, opening_value, value, [
            (customer, self.valued.items(customer, month - 1), self.steps(customer, month, only))
            for customer in self.valued.customers
        ], only)

    def window_bridge(self, first, month, dimension, value):
        """The same of the window from `first` to the month's end; its opening, too, is worth what `value` says."""
        return self.bridge_of(month, dimension, value, value, [
            (customer, self.opening_of_window(customer, first), self.window_steps(customer, first, month))
            for customer in self.valued.customers
        ])

    def bridge_of(self, month, dimension, opening_value, value, customers, only=None):
        rows = {}

        def row(segment):
            return rows.setdefault(segment, empty_row())

        for customer, opening, steps in customers:
            opening = only_in(only, opening)
            closing = only_in(only, self.valued.items(customer, month))
            if not opening and not closing and not steps:
                continue
            if self.segments.is_of_charges(dimension):
                self.add_by_charges(row, dimension, opening, closing, steps, opening_value, value)
            else:
                before = self.segments.of_customer(dimension, customer, month - 1)
                after = self.segments.of_customer(dimension, customer, month)
                self.add_whole(row, before, after, opening, closing, steps, opening_value, value)
        return rows

    def add_whole(self, row, before, after, opening, closing, steps, opening_value, value):
        starting = sum(map(opening_value, opening))
        at_rate = sum(map(value, opening))
        if opening:
            row(before)["starting"] += starting
            row(before)["fx"] += at_rate - starting
        if closing:
            row(after)["ending"] += sum(map(value, closing))
        was_there = self.counting.is_customer(opening)
        leavings = [index for index, step in enumerate(steps) if step.kind == "churn"]
        if was_there:
            row(before)["customers_starting"] += 1
        if self.counting.is_customer(closing):
            row(after)["customers_ending"] += 1
        if was_there and not leavings and before != after:
            row(before)["transfer_out"] -= at_rate
            row(after)["transfer_in"] += at_rate
            row(before)["customers_transfer_out"] += 1
            row(after)["customers_transfer_in"] += 1
        for index, step in enumerate(steps):
            # The first leaving takes along what came before it.
            is_old = was_there and leavings and index <= leavings[0]
            self.add_step(row(before if is_old else after), step, value, was_there)

    def add_step(self, row, step, value, was_there):
        movement, amount = movement_of(step, value)
        if movement:
            row[movement] += amount
        if movement == "expansion":
            for name, part in expansion_parts(step, value).items():
                row[name] += part
        if movement in COUNTED:
            row[COUNTED[movement]] += 1
        if movement == "churn" and not was_there:
            row[JOINED_AND_LEFT] += 1

    def add_by_charges(self, row, dimension, opening, closing, steps, opening_value, value):
        for item in opening:
            segment = self.segments.of_charge(dimension, item.charge)
            row(segment)["starting"] += opening_value(item)
            row(segment)["fx"] += value(item) - opening_value(item)
        for item in closing:
            row(self.segments.of_charge(dimension, item.charge))["ending"] += value(item)
        for step in steps:
            self.add_step_by_charges(row, dimension, step, value)

    def add_step_by_charges(self, row, dimension, step, value):
        change = {}
        for sign, items in ((-1, step.before), (1, step.after)):
            for item in items:
                segment = self.segments.of_charge(dimension, item.charge)
                change[segment] = change.get(segment, 0) + sign * value(item)
        if step.kind != "stayed":
            for segment, amount in change.items():
                if step.kind:
                    row(segment)[step.kind] += amount
            return
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

    # The thirty days before a period's end

    def thirty_days(self, month, dimension, valuation):
        """{segment: row} of the 30 days before the month's end; None where they begin before the first month."""
        first = plus_days(end_of(month), -30)
        if first < first_day(self.valued.first_month):
            return None
        value = self.valued.at(month) if valuation == "as_reported" else self.valued.at_opening(month - 1)
        return self.window_bridge(first, month, dimension, value)

    # Why they left

    def churn_reasons(self, month):
        """{reason: (customers, MRR at the month's rates)}, by the subscriptions of what was in force before."""
        value = self.valued.at(month)
        found = {}
        for customer in self.valued.customers:
            for step in self.steps(customer, month):
                for item in step.before if step.kind == "churn" else []:
                    subscription = item.charge.subscription
                    reason = subscription.versions[-1].cancel_reason if subscription else None
                    customers, mrr = found.setdefault(reason or NONE, (set(), 0))
                    customers.add(customer)
                    found[reason or NONE] = customers, mrr + value(item)
        return found

    # The list of movements

    def customer_movements(self):
        for month in self.valued.months:
            opening_value, value = self.valued.at(month - 1), self.valued.at(month)
            for customer in self.valued.customers:
                opening = self.valued.items(customer, month - 1)
                starting, at_rate = sum(map(opening_value, opening)), sum(map(value, opening))
                if at_rate != starting:
                    yield month, customer, "fx", starting, at_rate
                for step in self.steps(customer, month):
                    movement, amount = movement_of(step, value)
                    if movement in COUNTED or amount:
                        before = sum(map(value, step.before))
                        yield month, customer, movement, before, before + amount


def movement_of(step, value):
    """(movement, signed amount) of a step; a change of nothing is none."""
    if step.kind is None:
        return None, 0
    amount = sum(map(value, step.after)) - sum(map(value, step.before))
    if step.kind != "stayed":
        return step.kind, amount
    return ("expansion" if amount > 0 else "contraction" if amount else None), amount
