"""What subscriptions and customers have off all their charges, at one time.

A charge's own discount comes first. Then that of its subscription, or where that has none at the time, that of the account
it is billed to: a percentage of each charge, or a fixed amount off what is billed together in one interval, shared out by
largest remainder in proportion to what the charges that count are worth then.
"""

import datetime
from fractions import Fraction
from types import SimpleNamespace

from policy import monthly_factor
from timeline import plus_interval, start_of_day

START = ((float("-inf"), 0), datetime.date.min)
END = ((float("inf"), 0), datetime.date.max)


def read_discount(reader, row):
    """What a row says, with its bounds as (moment, day); None where it takes nothing off."""
    amount, percent = Fraction(row.get("discount_amount") or 0), Fraction(row.get("discount_percent") or 0)
    if amount <= 0 and percent <= 0:
        return None

    def bound(day, moment):
        return None if day is None else (moment, day)

    return SimpleNamespace(
        amount=amount, percent=percent, currency=row.get("discount_currency") or None,
        duration=row.get("discount_duration") or "forever",
        start=bound(reader.day(row, "discount_start"), reader.moment(row, "discount_start")),
        end=bound(reader.end(row, "discount_end"), reader.end_moment(row, "discount_end")))


def account_discounts(reader):
    """{account of the billing system: states} of those that ever had one."""
    rows = list(reader.rows("customers"))
    days = sorted({reader.snapshot_day(row) for row in rows})
    found = {}
    for row in sorted(rows, key=reader.snapshot_day):
        seen = reader.snapshot_day(row)
        found.setdefault(row["id"], []).append(state(reader, row, seen, days))
    return {account: states for account, states in found.items() if any(each.discount for each in states)}


def state(reader, row, seen, snapshots):
    earlier = [day for day in snapshots if day < seen]
    return SimpleNamespace(seen=seen, before=earlier[-1] if earlier else None, discount=read_discount(reader, row))


class Covering:
    def __init__(self, book, counting):
        self.book = book
        self.counting = counting
        self.policy = book.policy
        self.zone = book.settings.get("zone", "UTC")
        self.units = {}
        self.known = {}
        self.partial = {}
        self.spread = {}
        self.unit_of = {}
        for charge in book.charges:
            if charge.kind == "recurring" and (self.states_of(charge.subscription) or self.states_of_account(charge)):
                self.unit_of[id(charge)] = self.unit(charge)
                self.units.setdefault(self.unit(charge), []).append(charge)
        for charges in self.units.values():
            charges.sort(key=lambda charge: (
                charge.start, charge.end or datetime.date.max, charge.plan or "", charge.product or "",
                charge.amount * charge.quantity))
        self.stretches = {unit: self.stretches_of(charges) for unit, charges in self.units.items()}
        if any(self.policy["discount_" + duration] != "ignore" for duration in ("forever", "repeating", "once")):
            for charge in [each for charges in self.units.values() for each in charges]:
                # Before the first snapshot nothing shows which discounts there were.
                known = [states[0].before or states[0].seen
                         for states in (self.states_of(charge.subscription), self.states_of_account(charge)) if states]
                charge.proven_from = max([*known, charge.proven_from or datetime.date.min])

    def unit(self, charge):
        """What is billed together."""
        account = charge.account if self.states_of_account(charge) else None
        return charge.subscription_id, account, charge.currency, charge.interval_unit, charge.interval_count

    def states_of(self, subscription):
        states = [version.covering for version in subscription.versions] if subscription else []
        return states if any(each.discount for each in states) else []

    def states_of_account(self, charge):
        return self.book.account_discounts.get(charge.account, [])

    # When

    def stretches_of(self, charges):
        """[(start, end, discount)], those of the subscription before those of the account."""
        own = self.times(self.states_of(charges[0].subscription), charges)
        others = self.times(self.states_of_account(charges[0]), charges)
        for start, end, _ in own:
            others = [piece for each in others for piece in without(each, start, end)]
        return own + others

    def times(self, states, charges):
        begins = [self.begin(position, each) for position, each in enumerate(states)]
        found = []
        for position, each in enumerate(states):
            discount = each.discount
            if discount is None:
                continue
            if discount.currency and discount.currency != charges[0].currency:
                if discount.percent <= 0:
                    continue
                discount = SimpleNamespace(**{**vars(discount), "amount": 0})
            end = min([self.end(discount, charges), *begins[position + 1 : position + 2]])
            if begins[position] >= end:
                continue
            if found and same(found[-1][2], discount) and found[-1][1] == begins[position]:
                found[-1] = found[-1][0], end, discount
            else:
                found.append((begins[position], end, discount))
        return found

    def begin(self, position, state):
        start = state.discount and state.discount.start
        if position == 0:
            return start or START
        seen = start_of_day(state.seen, self.zone), state.seen
        if start is None or start < seen and not (state.before and start[1] > state.before):
            return seen
        return start

    def end(self, discount, charges):
        if discount.duration == "repeating":
            return discount.end or END
        if discount.duration == "forever":
            return END
        start = discount.start[1] if discount.start else min(charge.start for charge in charges)
        day = plus_interval(start, charges[0].interval_unit, charges[0].interval_count)
        return start_of_day(day, self.zone), day

    def moments(self, charge):
        """Every moment at which the price of any charge billed together can change for this."""
        unit = self.unit_of.get(id(charge))
        found = {bound[0] for start, end, _ in self.stretches.get(unit, []) for bound in (start, end)}
        return found - {START[0], END[0]}

    def together(self, charge):
        """The charges it is billed together with, itself among them."""
        return self.units[self.unit_of[id(charge)]] if id(charge) in self.unit_of else [charge]

    # How much

    def monthly(self, charge, time):
        unit = self.unit_of.get(id(charge))
        if not self.stretches.get(unit):
            return self.counting.monthly(charge, time)
        if (unit, time) not in self.known:
            self.known[unit, time] = self.prices(unit, time)
        return self.known[unit, time][id(charge)]

    def prices(self, unit, time):
        return self.prices_after(unit, len(self.stretches[unit]), time)

    def prices_after(self, unit, number, time):
        """What each charge comes to at the time, less the first stretches' discounts."""
        if number == 0:
            counting = [charge for charge in self.units[unit] if self.counting.counts(charge, time)]
            return {id(charge): self.counting.monthly(charge, time) for charge in counting}
        if (unit, number, time) not in self.partial:
            self.partial[unit, number, time] = self.discounted(unit, number - 1, time)
        return self.partial[unit, number, time]

    def discounted(self, unit, number, time):
        stretch = self.stretches[unit][number]
        prices = dict(self.prices_after(unit, number, time))
        charges = [charge for charge in self.units[unit] if id(charge) in prices]
        for charge in charges:
            prices[id(charge)] *= max(0, 1 - stretch[2].percent / 100 * self.share(stretch, charge, time))
        if stretch[2].amount > 0:
            parts = self.parts(unit, number, time)
            for charge in charges:
                if self.is_spread(stretch, charge):
                    part = self.spread_part(unit, number, charge)
                else:
                    part = parts.get(id(charge), 0)
                off = part * monthly_factor(self.policy, charge.interval_unit, charge.interval_count)
                prices[id(charge)] = max(0, prices[id(charge)] - off)
        return prices

    def parts(self, unit, number, time):
        """What falls to each charge of an amount that holds at the time, in one interval."""
        stretch = self.stretches[unit][number]
        before = self.prices_after(unit, number, time)
        # A percentage of the same discount comes first.
        worth = {
            id(charge): before[id(charge)] * max(0, 1 - stretch[2].percent / 100 * self.share(stretch, charge, time))
            for charge in self.units[unit] if id(charge) in before}
        taking = [
            charge for charge in self.units[unit]
            if worth.get(id(charge), 0) > 0 and self.takes_part(stretch, charge, time)]
        parts = largest_remainder(stretch[2].amount, [round(worth[id(charge)] * 1_000_000) for charge in taking])
        return {id(charge): part for charge, part in zip(taking, parts)}

    def is_spread(self, stretch, charge):
        return (
            self.policy["discount_" + stretch[2].duration] == "spread" and charge.end is not None
            and stretch[1] != END and charge.start != charge.end)

    def takes_part(self, stretch, charge, time):
        if not self.is_spread(stretch, charge):
            return self.share(stretch, charge, time) > 0
        first, last = max(charge.start, stretch[0][1]), min(charge.end, stretch[1][1])
        return first < last and come(stretch[0], time) and not come(stretch[1], time)

    def spread_part(self, unit, number, charge):
        """The mean over all days of the charge's term of what falls to it on each."""
        if (unit, number, id(charge)) not in self.spread:
            start, end, _ = self.stretches[unit][number]
            day, last = max(charge.start, start[1]), min(charge.end, end[1])
            total = Fraction(0)
            while day < last:
                total += self.parts(unit, number, day).get(id(charge), 0)
                day += datetime.timedelta(days=1)
            self.spread[unit, number, id(charge)] = total / (charge.end - charge.start).days
        return self.spread[unit, number, id(charge)]

    def share(self, stretch, charge, time):
        """The part of a percentage that lowers the charge at the time, 0 to 1."""
        start, end, discount = stretch
        rule = self.policy["discount_" + discount.duration]
        if rule == "ignore":
            return Fraction(0)
        holds = Fraction(1 if come(start, time) and not come(end, time) else 0)
        if rule == "subtract":
            return holds
        if charge.end is None or end == END:
            return Fraction(0) if discount.duration == "once" else holds
        first = max(charge.start, start[1])
        if charge.start == charge.end:
            return Fraction(1 if first == charge.start and end[1] >= charge.end else 0)
        return Fraction(max(0, (min(end[1], charge.end) - first).days), (charge.end - charge.start).days)


def come(bound, time):
    return bound[1] <= time if isinstance(time, datetime.date) else bound[0] <= time.moment


def same(one, other):
    return vars(one) == vars(other)


def without(stretch, start, end):
    """What is left of it outside [start, end)."""
    own_start, own_end, discount = stretch
    pieces = [(own_start, min(own_end, start), discount), (max(own_start, end), own_end, discount)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def largest_remainder(amount, weights):
    """Micro-units of an amount, back as fractions; ties go to the earlier weight."""
    total, whole = round(amount * 1_000_000), sum(weights)
    if whole == 0:
        return [Fraction(total if position == 0 else 0, 1_000_000) for position in range(len(weights))]
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda position: (-(total * weights[position] % whole), position))
    for position in order[: total - sum(shares)]:
        shares[position] += 1
    return [Fraction(share, 1_000_000) for share in shares]
