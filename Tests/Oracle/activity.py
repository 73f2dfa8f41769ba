"""Trials and usage."""

from fractions import Fraction

from timeline import end_of, first_day, month_of


class Trials:
    def __init__(self, book, counting):
        self.book = book
        self.counting = counting
        self.trials = [
            (subscription, subscription.versions[-1]) for subscription in book.subscriptions.values()
            if subscription.versions[-1].trial_end
        ]

    def figures(self, months):
        ended = [(subscription, state) for subscription, state in self.trials if month_of(state.trial_end) in months]
        converted = sum(self.is_converted(subscription, state.trial_end) for subscription, state in ended)
        yield "trials_started", sum(
            state.started is not None and month_of(state.started) in months for _, state in self.trials)
        yield "trials_ended", len(ended)
        yield "trials_converted", converted
        yield "trial_conversion_rate", Fraction(converted, len(ended)) if ended else None

    def is_converted(self, subscription, day):
        """Whether anything of it counts at the close of the first day after the trial."""
        return any(
            item.charge.subscription is subscription
            for customer in self.counting.charges_of for item in self.counting.items(customer, day))


class Usage:
    def __init__(self, book, counting, segments):
        self.segments = segments
        # {month: {customer: {user: its days}}}
        self.active = {}
        for event in book.usage_events:
            customer = counting.counted_customer(event.customer)
            if event.count > 0:
                users = self.active.setdefault(month_of(event.day), {}).setdefault(customer, {})
                users.setdefault((event.customer, event.user), set()).add(event.day)

    def figures(self, months, dimension):
        """(metric, segment, value), of the period's last month."""
        month = months[-1]
        sums = {"all": [0, 0]} if dimension == "all" else {}
        for customer, users in self.active.get(month, {}).items():
            row = sums.setdefault(self.segments.of_customer(dimension, customer, month), [0, 0])
            row[0] += len(users)
            row[1] += sum(map(len, users.values()))
        days = (end_of(month) - first_day(month)).days
        for segment, (users, user_days) in sums.items():
            yield "active_users", segment, users
            yield "stickiness", segment, Fraction(user_days, days * users) if users else None
            yield "usage_frequency", segment, Fraction(user_days, users) if users else None
