"""Exchange rates into the reporting currency, by the policy's rule."""

from fractions import Fraction

from timeline import first_day, last_day, plus_days


class MissingRate(Exception):
    def __init__(self, currency, day):
        super().__init__(f"no rate of {currency} for {day}")


class Rates:
    def __init__(self, book):
        self.book = book
        self.remembered = {}

    def of_charge(self, charge, month):
        if charge.currency == self.book.currency:
            return Fraction(1)
        if self.book.policy["rate_date"] == "service_start":
            return self.of_day(charge.currency, charge.start)
        return self.of_month(charge.currency, month)

    def of_schedule(self, charge, month):
        """Of what is signed by the month's end: what starts later has no rate of its own yet."""
        if self.book.policy["rate_date"] == "service_start" and charge.start > last_day(month):
            return self.of_month(charge.currency, month)
        return self.of_charge(charge, month)

    def of_balance(self, currency, month):
        """What is owed or held at the month's end is worth that day's rate, whatever flows are converted at."""
        if currency == self.book.currency:
            return Fraction(1)
        if self.book.policy["rate_date"] == "fixed":
            return self.of_month(currency, month)
        return self.of_day(currency, min(last_day(month), plus_days(self.book.complete_through, -1)))

    def of_month(self, currency, month):
        if currency == self.book.currency:
            return Fraction(1)
        key = currency, month
        if key not in self.remembered:
            self.remembered[key] = self.by_rule(currency, month)
        return self.remembered[key]

    def by_rule(self, currency, month):
        rule = self.book.policy["rate_date"]
        if rule == "fixed":
            return Fraction(self.book.settings["fixed_rates"][currency])
        day = min(last_day(month), plus_days(self.book.complete_through, -1))
        if rule == "month_average":
            days = [plus_days(first_day(month), number) for number in range((day - first_day(month)).days + 1)]
            published = [rate for rate in (self.published(currency, each) for each in days) if rate is not None]
            if published:
                return to_twelve_decimals(sum(map(to_twelve_decimals, published)) / len(published))
        return self.of_day(currency, day)

    def of_day(self, currency, day):
        """The latest on or before the day, at most `max_rate_age` days old."""
        for age in range(self.book.settings.get("max_rate_age", 7) + 1):
            rate = self.published(currency, plus_days(day, -age))
            if rate is not None:
                return rate
        raise MissingRate(currency, day)

    def published(self, currency, day):
        direct = self.book.rates.get((day, currency, self.book.currency))
        if direct is not None:
            return direct
        opposite = self.book.rates.get((day, self.book.currency, currency))
        return None if opposite is None else 1 / opposite

    def of_opening(self, charge, month, first_month):
        """The rate of a window's opening: months before the data have the first month's, and a currency that has
        no rate yet its first later one."""
        for candidate in range(max(month, first_month), self.book.last_month + 1):
            try:
                return self.of_charge(charge, candidate)
            except MissingRate:
                continue
        raise MissingRate(charge.currency, last_day(month))


def to_twelve_decimals(rate):
    """Half-even; the precision of a month's average."""
    return Fraction(round(rate * 10**12), 10**12)
