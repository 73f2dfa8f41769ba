"""What MRR would become if it went on as in the last six months."""

from fractions import Fraction

from rates import to_twelve_decimals

MONTHS_BACK = 6
MONTHS_AHEAD = 12
# No amount is larger; where a year ahead, or the ARR of a month in it, is, nothing is foretold.
LARGEST = 2**63 - 1


class Forecast:
    def __init__(self, first_month, last_month, bridge_row):
        """`bridge_row(month)`: the as-reported bridge of all customers."""
        self.first_month = first_month
        self.last_month = last_month
        self.row = bridge_row

    def past(self, month):
        """([net growth without new], [new]) of the six months to this one, or None."""
        rows = [self.row(each) for each in range(month - MONTHS_BACK + 1, month + 1)]
        if month - self.first_month < MONTHS_BACK or any(row["starting"] <= 0 for row in rows):
            return None
        moved = [sum(row[name] for name in ("reactivation", "expansion", "contraction", "churn")) for row in rows]
        return [to_twelve_decimals(Fraction(amount, row["starting"])) for amount, row in zip(moved, rows)], [
            row["new"] for row in rows]

    def rows(self, month):
        """[(month ahead, low, expected, high)]"""
        past = self.past(month)
        if past is None:
            return []
        found = []
        growth, new = past
        ways = [
            (min(growth), min(new)),
            (to_twelve_decimals(sum(growth) / MONTHS_BACK), round(Fraction(sum(new), MONTHS_BACK))),
            (max(growth), max(new)),
        ]
        levels = [self.row(month)["ending"]] * 3
        for ahead in range(1, MONTHS_AHEAD + 1):
            levels = [round(level * (1 + rate)) + more for level, (rate, more) in zip(levels, ways)]
            if 12 * max(map(abs, levels)) > LARGEST:
                return []
            found.append((month + ahead, *levels))
        return found

    def expected(self, month):
        """Twelve months on."""
        rows = self.rows(month)
        return rows[-1][2] if rows else None

    def net_new(self, month):
        row = self.row(month)
        return sum(row[name] for name in ("new", "reactivation", "expansion", "contraction", "churn"))

    def seasonality_index(self, month):
        if month - 6 < self.first_month or month + 6 > self.last_month or self.last_month - self.first_month < 23:
            return None
        ends = Fraction(self.net_new(month - 6) + self.net_new(month + 6), 2)
        mean = (ends + sum(self.net_new(each) for each in range(month - 5, month + 6))) / 12
        return self.net_new(month) / mean if mean > 0 else None
