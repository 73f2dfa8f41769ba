"""The event bridge: what changed inside the months, moment by moment.

A step is what a bridge classifies: (kind, items before, items after, day), kind being new, reactivation, churn, stayed
(a customer before and after) or None (neither); the end-point bridge knows no day. The end-point bridge has one a month, the event bridge one for each group
of changes.
"""

from collections import namedtuple

from memory import remembered
from timeline import At, day_at, month_of, plus_days, plus_interval, start_of_day
from valued import only_in

Step = namedtuple("Step", "kind before after day", defaults=[None])
Change = namedtuple("Change", "instant day before after")
Past = namedtuple("Past", "left was_customer")
NOBODY = Past(None, False)


class Events:
    def __init__(self, book, counting, valued):
        self.book = book
        self.policy = book.policy
        self.counting = counting
        self.valued = valued
        self.zone = book.settings.get("zone", "UTC")

    # When anything can change

    def moments(self, customer):
        """Every moment that any row of the customer names, or that follows from one; ascending."""
        found = set()
        own = self.counting.charges_of.get(customer, [])
        for charge in [other for each in own for other in self.counting.covering.together(each)]:
            found.update(self.counting.counted_by[id(charge)].moments(charge))
            if charge.start and charge.discount_duration == "once":
                after = plus_interval(charge.start, charge.interval_unit, charge.interval_count)
                found.add(start_of_day(after, self.zone))
            for version in charge.subscription.versions if charge.subscription else []:
                found.update(version.moments.values())
                days = [version.seen, plus_days(version.seen, int(self.policy["unpaid_days"]))]
                found.update(start_of_day(day, self.zone) for day in [*days, version.vanished] if day)
        return sorted(found - {None})

    # What is in force from each of them on

    @remembered
    def states(self, customer):
        """[(moment, items)], with grace."""
        times = [At(moment, day_at(moment, self.zone)) for moment in self.moments(customer)]
        raw = self.without_untold(times, [self.counting.items(customer, time) for time in times])
        return [
            (time, self.filled(customer, times, raw, position) if self.policy["grace_days"] else items)
            for position, (time, items) in enumerate(zip(times, raw))
        ]

    def without_untold(self, times, raw):
        """Less what starts and ends on one day of which not both instants are told."""
        prices_at = [prices(items) for items in raw]
        untold = [set() for _ in raw]
        for charge in {charge for each in prices_at for charge in each}:
            told = [each.get(charge) for each in prices_at]
            start = 0
            for end in range(1, len(told)):
                if told[end] == told[start]:
                    continue
                one_day = times[start].day == times[end].day
                if one_day and not (times[start].moment[1] and times[end].moment[1]):
                    for position in range(start, end):
                        untold[position].add(charge)
                start = end
        return [[item for item in items if id(item.charge) not in gone] for items, gone in zip(raw, untold)]

    def filled(self, customer, times, raw, position):
        """On a day that grace fills nothing happens, up to the instant of the return; a gap inside a day is filled, too."""
        is_customer = self.counting.is_customer
        time, items = times[position], raw[position]
        for day in (time.day, plus_days(time.day, -1)):
            old = self.counting.state_on(customer, day)
            if is_customer(old) and not is_customer(self.counting.items(customer, day)):
                if day == time.day or time.moment < self.return_on(times, raw, time.day):
                    running = {id(item.charge) for item in old}
                    return old + [item for item in items if item.monthly == 0 and id(item.charge) not in running]
        if is_customer(items):
            return items
        left = next((p + 1 for p in range(position - 1, -1, -1) if is_customer(raw[p])), None)
        back = next((p for p in range(position + 1, len(raw)) if is_customer(raw[p])), None)
        if left is not None and back is not None and times[left].day == times[back].day:
            return raw[left - 1]
        return items

    def return_on(self, times, raw, day):
        """When the first of what makes a customer at the day's close began on it."""
        of_day = [position for position, time in enumerate(times) if time.day == day]
        closing = raw[of_day[-1]]
        return min(
            self.began(times, raw, of_day, item)
            for item in closing if self.counting.is_customer([item])
        )

    def began(self, times, raw, of_day, item):
        for position in reversed(of_day):
            if item not in raw[position]:
                return times[position + 1].moment
        return times[of_day[0]].moment

    # Changes

    @remembered
    def changes(self, customer, only=None):
        """All of them, ascending; those of a day of which one is known by its date alone are one."""
        found = []
        before = []
        for time, items in self.states(customer):
            after = only_in(only, items)
            if prices(before) != prices(after):
                found.append((time, before, after))
            before = after
        by_date_only = {time.day for time, _, _ in found if time.moment[1] == 0}
        merged = []
        for time, before, after in found:
            if time.day not in by_date_only:
                merged.append(Change(time.moment[0], time.day, before, after))
            elif merged and merged[-1].day == time.day:
                merged[-1] = merged[-1]._replace(after=after)
            else:
                merged.append(Change(start_of_day(time.day, self.zone)[0], time.day, before, after))
        return merged

    def groups(self, changes):
        """From a first change on, all that follow it soon enough in its month, as one change."""
        grouped = []
        for change in changes:
            if grouped and self.belongs(change, grouped[-1]):
                grouped[-1] = grouped[-1]._replace(after=change.after)
            else:
                grouped.append(change)
        return grouped

    def belongs(self, change, group):
        soon = change.instant - group.instant <= 60 * int(self.policy["grouping_minutes"])
        return soon and month_of(change.day) == month_of(group.day)

    # Steps

    @remembered
    def steps_by_month(self, customer, only=None):
        """{month: (steps, who it was at its end)}: `who` is all that a later month needs to know of the past."""
        by_month = {}
        for change in self.changes(customer, only):
            by_month.setdefault(month_of(change.day), []).append(change)
        past = NOBODY
        result = {}
        for month, changes in sorted(by_month.items()):
            steps, past = self.classified(self.groups(changes), past)
            result[month] = steps, past
        return result

    def steps(self, customer, month, only=None):
        return self.steps_by_month(customer, only).get(month, ([], None))[0]

    def past_before(self, customer, month, only=None):
        earlier = [past for each, (_, past) in self.steps_by_month(customer, only).items() if each < month]
        return earlier[-1] if earlier else NOBODY

    def steps_of_window(self, customer, first, closing_month, only=None):
        """Of [first, the month's end). Changes before `first` in its month belong to the past."""
        month = month_of(first)
        changes = self.changes(customer, only)
        of_month = [change for change in changes if month_of(change.day) == month]
        past = self.past_before(customer, month, only)
        if not (self.ignores_visits and self.at_neither_end(of_month)):
            before = [change for change in of_month if change.day < first]
            past = self.classified_all(self.groups(before), past)[1]
        within = [change for change in changes if first <= change.day and month_of(change.day) <= closing_month]
        return self.classified(self.groups(within), past)[0]

    @property
    def ignores_visits(self):
        return self.policy["same_month"] == "ignore"

    def at_neither_end(self, changes):
        is_customer = self.counting.is_customer
        return bool(changes) and not is_customer(changes[0].before) and not is_customer(changes[-1].after)

    def classified(self, groups, past):
        if self.ignores_visits and self.at_neither_end(groups):
            return [], past
        return self.classified_all(groups, past)

    def classified_all(self, groups, past):
        steps = []
        for group in groups:
            kind, past = self.kind(group, past)
            steps.append(Step(kind, group.before, group.after, group.day))
        return steps, past

    def kind(self, group, past):
        was, now = self.counting.is_customer(group.before), self.counting.is_customer(group.after)
        if was and now:
            return "stayed", past
        if was:
            return "churn", Past(group.day, True)
        if not now:
            return None, past
        window = self.policy["reactivation_window"]
        if not past.was_customer:
            return "new", past._replace(was_customer=True)
        if window is not None and past.left and (group.day - past.left).days > int(window):
            return "new", past
        return "reactivation", past


def prices(items):
    return {id(item.charge): item.monthly for item in items}
