"""Days, months and moments, and which day an instant belongs to.

A month is a whole number, year * 12 + (month of year - 1). A day is a datetime.date. A moment is (seconds since 1970,
1 for an instant or 0 for a plain date): a plain date is the first instant of its day, and comes before an instant's own.
"""

import datetime
import functools
import zoneinfo
from collections import namedtuple

# A time is the last moment of a day, as a date, or any moment as `At`.
At = namedtuple("At", "moment day")


def day_part(time):
    return time if isinstance(time, datetime.date) else time.day


def reached(row, field, time):
    """Whether what the field dates has come."""
    if isinstance(time, datetime.date):
        return getattr(row, field) is not None and getattr(row, field) <= time
    return row.moments[field] is not None and row.moments[field] <= time.moment


def month_of(day):
    return day.year * 12 + day.month - 1


def month_named(text):
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_name(month):
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def first_day(month):
    return datetime.date(month // 12, month % 12 + 1, 1)


def end_of(month):
    """E of the model: the first day of the next month."""
    return first_day(month + 1)


def last_day(month):
    return end_of(month) - datetime.timedelta(days=1)


def plus_days(day, count):
    return day + datetime.timedelta(days=count)


def plus_interval(day, unit, count):
    """One billing interval later; the 31st of a shorter month is its last day."""
    if unit == "day":
        return plus_days(day, count)
    if unit == "week":
        return plus_days(day, 7 * count)
    month = month_of(day) + (count if unit == "month" else 12 * count)
    return min(plus_days(first_day(month), day.day - 1), last_day(month))


def day_of(text, zone):
    """The day of `2024-02-29`, or of an instant `2024-02-29T23:30:00Z` in the reporting zone; None when empty."""
    if not text:
        return None
    if "T" not in text:
        return datetime.date.fromisoformat(text)
    instant = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return instant.astimezone(zoneinfo.ZoneInfo(zone)).date()


@functools.lru_cache(maxsize=None)
def start_of_day(day, zone):
    """The moment of a plain date. Python reads a midnight that the clocks leap over as the instant they leap at."""
    midnight = datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(zone))
    return int(midnight.timestamp()), 0


def moment_of(text, zone):
    """None when empty."""
    if not text:
        return None
    if "T" not in text:
        return start_of_day(datetime.date.fromisoformat(text), zone)
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()), 1


@functools.lru_cache(maxsize=None)
def day_at(moment, zone):
    return datetime.datetime.fromtimestamp(moment[0], zoneinfo.ZoneInfo(zone)).date()


def first_day_not_covered(text, zone):
    """A plain date covers its whole day; an instant covers the days before its own."""
    day = day_of(text, zone)
    return day if "T" in text else plus_days(day, 1)


def periods(grain, first, last, fiscal_start):
    """(label, months of the period) of every whole period of the grain that ends within first...last."""
    shift = fiscal_start - 1 if grain.startswith("fiscal") else 0
    length = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "fiscal_year": 12}[grain]
    for closing in range(first, last + 1):
        if (closing - shift + 1) % length:
            continue
        months = list(range(closing - length + 1, closing + 1))
        yield period_label(grain, months, shift), months


def period_label(grain, months, shift):
    if grain == "month":
        return month_name(months[0])
    if grain == "quarter":
        return f"{months[0] // 12:04d}-Q{months[0] % 12 // 3 + 1}"
    # A fiscal year is named after the calendar year it ends in.
    start_of_year = months[0] - (months[0] - shift) % 12
    year = (start_of_year + 11) // 12
    if grain == "fiscal_year":
        return f"FY{year:04d}"
    return f"FY{year:04d}-Q{(months[0] - start_of_year) // 3 + 1}"
