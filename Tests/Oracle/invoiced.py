"""MRR of invoice lines: each spread over its service period, of overlapping ones of a subscription the later invoice's."""

import datetime
from fractions import Fraction
from types import SimpleNamespace

from memory import remembered
from policy import monthly_factor
from timeline import last_day, month_of, plus_days, plus_interval, reached

MICRO = 1_000_000


class Invoiced:
    """`counted`: the lines that can count; `price(line, time)` says what one counts for, in its group of lines."""

    def __init__(self, book):
        self.book = book
        self.policy = book.policy
        self.billing = book.billing
        self.kinds = set()
        if self.policy["basis"] == "invoices":
            self.kinds.add("recurring")
        if self.policy["metered"] == "include_invoiced":
            self.kinds.add("metered")
        self.groups = {}
        self.counted = list(self.countable_lines()) if self.kinds else []
        for line in self.counted:
            self.groups.setdefault(line.group, []).append(line)
        for group in self.groups.values():
            self.put_in_order(group)
        for line in self.counted:
            line.monthly, line.grade = self.monthly_amount(line)

    # Which lines

    def countable_lines(self):
        nets = self.billing.nets(self.policy["discount_forever"] != "ignore")
        gone = self.billing.credited(nets, self.policy["refunds"] == "subtract")
        for line in self.billing.standing():
            if line.kind not in self.kinds or line.customer is None:
                continue
            if line.start is None or line.end is None or line.start >= line.end:
                continue
            until = None, None
            if line.status == "uncollectible" and self.policy["unpaid"] != "keep":
                if self.policy["unpaid"] == "churn_when_unpaid":
                    continue
                until = self.billing.unpaid_until(line, int(self.policy["unpaid_days"]))
            group = ("subscription", line.subscription_id) if line.subscription_id else (line.customer, line.plan_id)
            yield SimpleNamespace(
                id=line.id, line=line, customer=line.customer, plan_id=line.plan_id, plan=line.plan, product=line.product,
                quantity=line.quantity, currency=line.currency, subscription=line.subscription, proven_from=None, discount_duration=None,
                net=nets[line.id], counts=line.id not in gone, group=(*group, line.kind == "metered"),
                start=line.start, end=line.end, unpaid_until=until[0],
                moments={**line.moments, "unpaid_until": until[1]},
            )

    def put_in_order(self, group):
        """By the issue of the invoice, its id, and the line's own id."""
        issued = {}
        for line in group:
            name = line.line.invoice_id
            issued[name] = min(issued.get(name, line.line.issued_moment), line.line.issued_moment)
        for line in group:
            name = line.line.invoice_id
            line.invoice = issued[name], name.encode()
        group.sort(key=lambda line: (line.invoice, line.id.encode()))

    # Which of them at a time

    def price(self, line, time):
        return self.prices(line.group, time).get(line.id)

    def moments(self, line):
        return {moment for each in self.groups[line.group] for moment in each.moments.values()}

    @remembered
    def prices(self, group, time):
        """{line id: exact amount a month} of the lines of a group that count."""
        covering = [line for line in self.groups[group] if line.counts and self.covers(line, time)]
        whole = [line for line in covering if not line.line.proration and self.can_count(line)]
        if not covering:
            return {}
        basis = whole[-1].invoice if whole else covering[0].invoice
        counting = [line for line in covering if self.can_count(line) and line.invoice >= basis]
        worth = {line.id: micro(line.monthly) for line in counting}
        left = dict(worth)
        for credit in covering:
            if credit.net < 0 and credit.invoice > basis:
                self.give_back(credit, [line for line in counting if line.invoice < credit.invoice], worth, left)
        return {
            line.id: line.monthly if left[line.id] == worth[line.id] else Fraction(left[line.id], MICRO)
            for line in counting if left[line.id] or not line.net or not worth[line.id]
        }

    def can_count(self, line):
        return line.net > 0 or line.net == 0 and self.policy["fully_discounted"] == "keep_at_zero"

    def give_back(self, credit, lines, worth, left):
        """Takes a credit of unused time off earlier lines; an amount that is rounded to cents takes the last of them, too."""
        amount = micro(-credit.monthly)
        for line in lines:
            same_plan = credit.line.plan_id in (None, line.line.plan_id)
            taken = min(amount, left[line.id])
            if not same_plan or line.currency != credit.currency or not taken:
                continue
            amount -= taken
            left[line.id] -= taken
            if left[line.id] * 100 <= worth[line.id]:
                left[line.id] = 0

    def covers(self, line, time):
        if not reached(line, "start", time) or reached(line, "end", time) or reached(line, "unpaid_until", time):
            return False
        if line.subscription is None:
            return True
        state = line.subscription.versions[-1]
        ends = "ended" if state.ended else "cancel_effective" if state.cancel_effective else "vanished"
        if reached(state, ends, time):
            return False
        if self.policy["churn_at"] == "cancel_requested" and reached(state, "cancel_requested", time):
            return False
        paused = reached(state, "pause_start", time) and not reached(state, "pause_end", time)
        return not (paused and self.policy["paused"] == "zero")

    # How much a month

    def monthly_amount(self, line):
        """(exact amount a month, grade)"""
        amount = Fraction(line.net, MICRO)
        if not line.line.proration:
            return amount * monthly_factor(self.policy, *term(line.start, line.end)), "reconstructed"
        unit, count, grade = self.full_period(line)
        instants = line.moments["start"][1] and line.moments["end"][1]
        if instants:
            end = datetime.datetime.fromtimestamp(line.moments["end"][0], datetime.timezone.utc)
            whole = 86_400 * (end.date() - plus_interval(end.date(), unit, -count)).days
            own = line.moments["end"][0] - line.moments["start"][0]
        else:
            whole = (line.end - plus_interval(line.end, unit, -count)).days
            own = (line.end - line.start).days
        return amount * Fraction(whole, own) * monthly_factor(self.policy, unit, count), grade

    def full_period(self, line):
        """(unit, count, grade): its plan's, else that of the line before it, else of the one after it, else a month."""
        plan = line.line.plan_row
        if plan.get("interval_unit"):
            return plan["interval_unit"], int(plan.get("interval_count") or 1), "reconstructed"
        others = [each for each in self.groups[line.group] if not each.line.proration]
        others.sort(key=lambda each: (each.moments["start"], each.line.issued_moment, each.id.encode()))
        before = [each for each in others if each.moments["start"] <= line.moments["start"]]
        if others:
            other = before[-1] if before else others[0]
            return (*term(other.start, other.end), "reconstructed")
        return "month", 1, "assumed"


def term(start, end):
    """(unit, count) of the time for which an amount is paid: whole months, else weeks, else days."""
    months = month_of(end) - month_of(start)
    is_last = end == last_day(month_of(end)) and start.day >= end.day
    from_last = start == last_day(month_of(start)) and end.day >= start.day
    if months >= 1 and (end.day == start.day or is_last or from_last):
        return "month", months
    days = (end - start).days
    return ("week", days // 7) if days % 7 == 0 else ("day", days)


def micro(amount):
    return round(amount * MICRO)
