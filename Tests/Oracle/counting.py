"""What a charge is worth a month on one day, and who is a customer then. One day at a time, from the definitions."""

from fractions import Fraction
from types import SimpleNamespace

from policy import monthly_factor
from timeline import last_day, plus_days, plus_interval


class Counting:
    def __init__(self, book):
        self.book = book
        self.policy = book.policy
        self.charges_of = {}
        self.remembered = {}
        self.known_items = {}
        for charge in book.charges:
            self.charges_of.setdefault(self.counted_customer(charge.customer), []).append(charge)

    # Who

    def counted_customer(self, customer):
        """The account itself, or its topmost parent."""
        if self.policy["customer_is"] == "account":
            return customer
        seen = [customer]
        while self.book.customers[seen[-1]].parent:
            seen.append(self.book.customers[seen[-1]].parent)
            if seen[-1] in seen[:-1]:
                return customer
        return seen[-1]

    def state(self, customer, month):
        """The items (charge, exact price a month in its own currency) in force at the month's last moment."""
        key = customer, month
        if key not in self.remembered:
            self.remembered[key] = self.state_with_grace(customer, last_day(month))
        return self.remembered[key]

    def state_with_grace(self, customer, day):
        items = self.items(customer, day)
        grace = self.policy["grace_days"]
        if grace == 0 or self.is_customer(items):
            return items
        for before in range(1, grace + 1):
            old_items = self.items(customer, plus_days(day, -before))
            if self.is_customer(old_items):
                break
        else:
            return items
        # The gap began the day after that; it is filled if it is at most `grace` days long.
        for after in range(1, grace - before + 2):
            if self.is_customer(self.items(customer, plus_days(day, after))):
                return old_items
        return items

    def items(self, customer, day):
        found = []
        for charge in self.charges_of.get(customer, []):
            if self.counts(charge, day):
                found.append(self.item(charge, self.monthly(charge, day)))
        return found

    def item(self, charge, monthly):
        """The same object for the same price; `worth` remembers what it was found to be worth, by rate."""
        key = id(charge), monthly
        if key not in self.known_items:
            self.known_items[key] = SimpleNamespace(charge=charge, monthly=monthly, worth={})
        return self.known_items[key]

    def is_customer(self, items):
        if self.policy["fully_discounted"] == "keep_at_zero":
            return bool(items)
        # Exact, so that neither a rate nor a rounding can take a customer away.
        return any(item.monthly > 0 for item in items)

    # Whether

    def counts(self, charge, day):
        if charge.kind != "recurring":
            return False
        if charge.start is None or not charge.start <= day:
            return False
        if charge.end is not None and day >= charge.end:
            return False
        if charge.trial and self.policy["trials"] == "exclude":
            return False
        if charge.subscription is None:
            return self.status_counts(charge.status, None, day, charge.end)
        return self.subscription_counts(charge.subscription, charge, day)

    def status_counts(self, status, since, day, end):
        if status in (None, "active"):
            return "active" in self.policy["statuses"]
        if status == "trialing":
            return self.policy["trials"] == "include_priced"
        if status == "paused":
            return self.policy["paused"] == "keep"
        if status == "unpaid":
            if self.policy["unpaid"] == "after_days":
                return since is not None and day < plus_days(since, int(self.policy["unpaid_days"]))
            return self.policy["unpaid"] == "keep"
        if status == "canceled":
            # Until its end it was in force; without one nothing says that it ever was.
            return end is not None and "active" in self.policy["statuses"]
        return status in self.policy["statuses"]

    def subscription_counts(self, subscription, charge, day):
        index = version_index(subscription, day)
        version = subscription.versions[index]
        if version.vanished is not None and day >= version.vanished:
            return False
        end = self.end_of_version(version)
        if end is not None and day >= end:
            return False
        if index + 1 < len(subscription.versions):
            # The next snapshot can know an end that lies before it.
            later_end = self.end_of_version(subscription.versions[index + 1])
            if later_end is not None and day >= later_end:
                return False
        status = version.status
        in_trial = day < version.trial_end if version.trial_end else status == "trialing"
        if in_trial and self.policy["trials"] == "exclude":
            return False
        if version.pause_start:
            paused = version.pause_start <= day and (version.pause_end is None or day < version.pause_end)
        else:
            paused = status == "paused" and (version.pause_end is None or day < version.pause_end)
        if paused and self.policy["paused"] == "zero":
            return False
        if status in ("trialing", "paused"):
            status = "active"
        ends = [written for written in (end, charge.end) if written is not None]
        return self.status_counts(status, unpaid_since(subscription, index), day, min(ends, default=None))

    def end_of_version(self, version):
        end = version.ended or version.cancel_effective
        if self.policy["churn_at"] == "cancel_requested" and version.cancel_requested:
            end = min(end, version.cancel_requested) if end else version.cancel_requested
        return end

    # How much

    def monthly(self, charge, day):
        """Exact: (amount x quantity, less discount, at least 0) x factor, in its own currency."""
        gross = charge.amount * charge.quantity
        discount = gross * charge.discount_percent / 100 + charge.discount_amount
        net = gross - discount * self.discount_share(charge, day)
        return max(net, Fraction(0)) * monthly_factor(self.policy, charge.interval_unit, charge.interval_count)

    def discount_share(self, charge, day):
        """The part of the discount that reduces MRR on this day, 0 to 1."""
        duration = charge.discount_duration
        rule = self.policy["discount_" + duration]
        if rule == "ignore":
            return Fraction(0)
        if duration == "forever":
            return Fraction(1)
        if duration == "once":
            until = plus_interval(charge.start, charge.interval_unit, charge.interval_count)
        else:
            until = charge.discount_end
        if rule == "spread" and charge.end is not None:
            until = min(until, charge.end) if until else charge.end
            return Fraction(max(0, (until - charge.start).days), (charge.end - charge.start).days)
        if rule == "spread" and duration == "once":
            return Fraction(0)
        return Fraction(1 if until is None or day < until else 0)


def micro_units(amount):
    """Rounded half-even to a micro-unit."""
    return round(amount * 1_000_000)


def native_value(item):
    if "native" not in item.worth:
        item.worth["native"] = micro_units(item.monthly)
    return item.worth["native"]


def version_index(subscription, day):
    """The last snapshot taken by that day; before the first, the first."""
    index = 0
    for position, version in enumerate(subscription.versions):
        if version.seen <= day:
            index = position
    return index


def unpaid_since(subscription, index):
    """The day of the first of the snapshots in a row that show it unpaid."""
    while index > 0 and subscription.versions[index - 1].status == "unpaid":
        index -= 1
    return subscription.versions[index].seen
