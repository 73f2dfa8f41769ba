"""Cash at the month's end and how fast it goes; money that came in."""

from fractions import Fraction

from timeline import month_of


class Cash:
    def __init__(self, book, rates, valued, arr):
        """`arr(month)` in micro-units, as reported."""
        self.book = book
        self.rates = rates
        self.valued = valued
        self.arr = arr

    def at(self, month):
        """Micro-units; None in a month without a balance."""
        latest = {}
        for balance in self.book.cash_balances:
            if month_of(balance.day) == month:
                days = latest.setdefault((balance.account, balance.currency), {})
                days[balance.day] = max(balance.amount, days.get(balance.day, balance.amount))
        if not latest:
            return None
        native = {}
        for (_, currency), days in latest.items():
            native[currency] = native.get(currency, 0) + days[max(days)]
        return sum(
            round(amount * self.rates.of_balance(currency, month)) for currency, amount in native.items() if amount)

    def figures(self, months):
        last = months[-1]
        cash, before = self.at(last), self.at(last - 3)
        burned = None if cash is None or before is None else before - cash
        burn_rate = None if burned is None else round(Fraction(burned, 3))
        won = self.arr(last) - self.arr(last - 3) if last - 3 >= self.valued.first_month else 0
        yield "cash", cash
        yield "burn_rate", burn_rate
        yield "runway_months", Fraction(cash, burn_rate) if burn_rate is not None and burn_rate > 0 else None
        yield "burn_multiple", Fraction(burned, won) if burned is not None and won > 0 else None

    def collected(self, months):
        billing = self.book.billing
        total = 0
        for month in months:
            native = {}
            for sign, rows in ((1, billing.payments.values()), (-1, billing.refunds)):
                for row in rows:
                    if row.status == "succeeded" and row.created and month_of(row.created) == month:
                        native[row.currency] = native.get(row.currency, 0) + sign * row.amount
            total += sum(
                round(amount * self.rates.of_month(currency, month)) for currency, amount in native.items() if amount)
        return total
