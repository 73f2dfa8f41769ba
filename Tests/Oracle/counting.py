"""What a charge is worth a month at one time, and who is a customer then. One time at a time, from the definitions.

Each condition asks only what has come by then.
"""

from fractions import Fraction
from types import SimpleNamespace

from contracts import Contracts
from covering import Covering
from invoiced import Invoiced
from policy import monthly_factor
from timeline import day_part, last_day, plus_days, plus_interval, reached




class Counting:
    def __init__(self, book):
        self.book = book
        self.policy = book.policy
        self.charges_of = {}
        self.remembered = {}
        self.known_items = {}
        self.contracts = Contracts(book)
        self.invoiced = Invoiced(book)
        self.covering = Covering(book, self)
        # What each is counted by: `price(charge, time)`, None where it does not count, and `moments(charge)`.
        self.counted_by = {}
        if self.policy["basis"] == "subscriptions":
            self.add(book.charges, self)
        if self.policy["basis"] == "contracts":
            self.add(self.contracts.counted, self.contracts)
        self.add(self.invoiced.counted, self.invoiced)

    def add(self, charges, basis):
        for charge in charges:
            self.counted_by[id(charge)] = basis
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
        return self.state_on(customer, last_day(month))

    def state_on(self, customer, day):
        """The same, at the last moment of a day."""
        key = customer, day
        if key not in self.remembered:
            self.remembered[key] = self.state_with_grace(customer, day)
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

    def items(self, customer, time):
        found = []
        for charge in self.charges_of.get(customer, []):
            price = self.counted_by[id(charge)].price(charge, time)
            if price is not None:
                found.append(self.item(charge, price))
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

    # Subscriptions: whether

    def price(self, charge, time):
        return self.covering.monthly(charge, time) if self.counts(charge, time) else None

    def moments(self, charge):
        return [*charge.moments.values(), *self.covering.moments(charge)]

    def counts(self, charge, time):
        if charge.kind != "recurring":
            return False
        if not reached(charge, "start", time) or reached(charge, "end", time):
            return False
        if charge.trial and self.policy["trials"] == "exclude":
            return False
        if charge.subscription is None:
            return self.status_counts(charge.status, None, time, charge.end is not None)
        return self.subscription_counts(charge.subscription, charge, time)

    def status_counts(self, status, since, time, has_end):
        if status in (None, "active"):
            return "active" in self.policy["statuses"]
        if status == "trialing":
            return self.policy["trials"] == "include_priced"
        if status == "paused":
            return self.policy["paused"] == "keep"
        if status == "unpaid":
            if self.policy["unpaid"] == "after_days":
                return since is not None and day_part(time) < plus_days(since, int(self.policy["unpaid_days"]))
            return self.policy["unpaid"] == "keep"
        if status == "canceled":
            # Until its end it was in force; without one nothing says that it ever was.
            return has_end or "canceled" in self.policy["statuses"]
        return status in self.policy["statuses"]

    def subscription_counts(self, subscription, charge, time):
        index = version_index(subscription, day_part(time))
        version = subscription.versions[index]
        if version.vanished is not None and day_part(time) >= version.vanished:
            return False
        # The next snapshot can know an end that lies before it.
        if any(self.has_ended(each, time) for each in subscription.versions[index : index + 2]):
            return False
        status = version.status
        in_trial = not reached(version, "trial_end", time) if version.trial_end else status == "trialing"
        if in_trial and self.policy["trials"] == "exclude":
            return False
        if version.pause_start:
            paused = reached(version, "pause_start", time) and not reached(version, "pause_end", time)
        else:
            paused = status == "paused" and not reached(version, "pause_end", time)
        if paused and self.policy["paused"] == "zero":
            return False
        if status in ("trialing", "paused"):
            status = "active"
        has_end = charge.end is not None or any(getattr(version, field) for field in self.ending_fields(version))
        return self.status_counts(status, unpaid_since(subscription, index), time, has_end)

    def ending_fields(self, version):
        """The first of these that comes ends it."""
        own = ["ended" if version.ended else "cancel_effective"]
        return own + (["cancel_requested"] if self.policy["churn_at"] == "cancel_requested" else [])

    def has_ended(self, version, time):
        return any(reached(version, field, time) for field in self.ending_fields(version))

    # How much

    def monthly(self, charge, time):
        """Exact: (amount x quantity, less discount, at least 0) x factor, in its own currency."""
        gross = charge.amount * charge.quantity
        discount = gross * charge.discount_percent / 100 + charge.discount_amount
        net = gross - discount * self.discount_share(charge, time)
        return max(net, Fraction(0)) * monthly_factor(self.policy, charge.interval_unit, charge.interval_count)

    def discount_share(self, charge, time):
        """The part of the discount that reduces MRR at this time, 0 to 1."""
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
            if charge.start == charge.end:
                return Fraction(1 if until == charge.end else 0)
            return Fraction(max(0, (until - charge.start).days), (charge.end - charge.start).days)
        if rule == "spread" and duration == "once":
            return Fraction(0)
        if duration == "once":
            return Fraction(1 if day_part(time) < until else 0)
        return Fraction(0 if reached(charge, "discount_end", time) else 1)


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
