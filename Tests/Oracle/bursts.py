"""What an event bridge sees and an end-point bridge does not: several changes of one customer close together.

A burst is a run of charges whose seams lie minutes, hours or days apart: visits inside a month or a day, leaving and
returning, seams on a month's last and first day and where the clocks change; written as instants, and some as dates.
"""

import datetime
import zoneinfo

from timeline import end_of, first_day, last_day, moment_of, plus_days

# Two of them change their clocks at midnight, so that a day begins at 01:00.
ZONES = ["America/Havana", "Africa/Cairo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
MINUTES = [0, 1, 10, 59, 60, 61, 61, 120, 600, 1440, 1500, 4320, 14400]
GROUPING = [0, 0, 5, 60, 60, 1440, 44_700]


class Bursts:
    def __init__(self, chance, zone, first, last):
        self.random = chance
        self.zone = zoneinfo.ZoneInfo(zone)
        self.zone_name = zone
        self.first = first
        self.last = last
        self.dated_share = chance.choice([0, 0.1, 0.1, 0.3, 0.6])

    # Times

    def written(self, instant):
        """A moment of the reporting zone as an export writes it: in UTC, with an offset, or by its date alone."""
        local = datetime.datetime.fromtimestamp(instant, self.zone)
        if self.random.random() < self.dated_share:
            return local.date().isoformat()
        if self.random.random() < 0.2:
            return local.isoformat()
        return local.astimezone(datetime.timezone.utc).isoformat()[:19] + "Z"

    def at(self, day):
        """Some second of the day, often close to its ends."""
        start = moment_of(day.isoformat(), self.zone_name)[0]
        end = moment_of(plus_days(day, 1).isoformat(), self.zone_name)[0]
        return self.random.choice([
            start, start + 1, start + 1800, end - 1, end - 1800, self.random.randrange(start, end),
            self.random.randrange(start, end), self.random.randrange(start, end),
        ])

    def clock_changes(self):
        """The days of the book on which the reporting zone changes its clocks."""
        day, found = first_day(self.first), []
        while day < end_of(self.last):
            noons = [
                datetime.datetime.combine(each, datetime.time(12), self.zone).utcoffset()
                for each in (plus_days(day, -1), day)
            ]
            found += [day] if noons[0] != noons[1] else []
            day = plus_days(day, 1)
        return found

    def anchor(self):
        month = self.random.randrange(self.first, self.last + 1)
        days = [plus_days(first_day(month), self.random.randrange(28)), last_day(month), first_day(month)]
        days += [plus_days(end_of(month), -self.random.choice([28, 29, 30, 31]))]
        days += self.random.sample(self.clock_changes(), 1) if self.clock_changes() else []
        return self.at(self.random.choice(days))

    # Charges

    def stretches(self):
        """[(start, end)] as written, ascending; an empty end is open."""
        seams = [self.anchor()]
        for _ in range(self.random.choice([1, 1, 2, 2, 3, 4, 6])):
            seams.append(seams[-1] + 60 * self.random.choice(MINUTES) + self.random.choice([0, 0, 0, 1, 29]))
        if self.random.random() < 0.5:
            seams.insert(0, seams[0] - 86_400 * self.random.choice([20, 45, 100]))
        found = []
        for start, end in zip(seams, seams[1:]):
            if self.random.random() < 0.2:
                continue
            found.append((self.written(start), self.written(end)))
        style = self.random.random()
        if style < 0.3:
            found.append((self.written(seams[-1]), ""))
        elif style < 0.6:
            found.append((self.written(seams[-1]), self.written(seams[-1] + 86_400 * self.random.choice([1, 9, 40]))))
        return found

    def in_order(self, start, end):
        """The end, or the start where a date and an instant would stand in the wrong order."""
        if start and end and moment_of(end, self.zone_name) < moment_of(start, self.zone_name):
            return start
        return end


def event_policy(chance, policy):
    """(preset, overrides): the presets whole, those with random overrides, or standard@1 by event."""
    style = chance.random()
    preset = chance.choice(["stripe@1", "baremetrics@1"])
    if style < 0.3:
        return preset, {}
    if style < 0.4:
        return preset, policy
    policy = {**policy, "bridge": "event", "grouping_minutes": chance.choice(GROUPING)}
    if chance.random() < 0.35:
        policy["same_month"] = "ignore"
    if chance.random() < 0.3:
        policy["churn_window"] = "30_days"
    if chance.random() < 0.3:
        policy["churn_base"] = "without_joined_and_left"
    return "standard@1", policy
