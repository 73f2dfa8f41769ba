"""Retention of a window, and cohorts: customers of a start, looked at again later."""

from fractions import Fraction

from memory import remembered
from segments import shared_out


class Retention:
    def __init__(self, book, valued, segments, movements):
        self.book = book
        self.valued = valued
        self.segments = segments
        self.movements = movements

    @remembered
    def window(self, now, length, dimension, valuation, only_new=False, by_end=False):
        """{segment: (then, now, min of both)} of the customers of the window's start, by their segment there or at its end;
        None if it begins before the data."""
        start = now - length
        if start < self.valued.first_month:
            return None
        if valuation == "as_reported":
            then_value, now_value = self.valued.at(start), self.valued.at(now)
        else:
            then_value = now_value = self.valued.at_opening(start)
        sums = {}

        def add(segment, then_mrr, now_mrr, kept):
            old = sums.get(segment, (0, 0, 0))
            sums[segment] = (old[0] + then_mrr, old[1] + now_mrr, old[2] + kept)

        for customer in self.valued.customers:
            if not self.valued.is_customer(customer, start):
                continue
            if only_new and self.first_month_of(customer) != start:
                continue
            then_items = self.valued.items(customer, start)
            then_mrr = sum(map(then_value, then_items))
            now_mrr = sum(map(now_value, self.valued.items(customer, now)))
            kept = min(then_mrr, now_mrr)
            if not self.segments.is_of_charges(dimension):
                segment = self.segments.of_customer(dimension, customer, now if by_end else start)
                add(segment, then_mrr, now_mrr, kept)
                continue
            parts = {}
            for item in then_items:
                segment = self.segments.of_charge(dimension, item.charge)
                parts[segment] = parts.get(segment, 0) + then_value(item)
            now_shares = shared_out(now_mrr, parts)
            kept_shares = shared_out(kept, parts)
            for segment, part in parts.items():
                add(segment, part, now_shares[segment], kept_shares[segment])
        return sums

    def ndr(self, now, length, dimension, valuation, only_new=False, by_end=False):
        """{segment: exact ratio}; segments without a denominator are missing."""
        sums = self.window(now, length, dimension, valuation, only_new, by_end) or {}
        return {segment: Fraction(part[1], part[0]) for segment, part in sums.items() if part[0]}

    def gdr(self, now, length, dimension, valuation, by_end=False):
        sums = self.window(now, length, dimension, valuation, False, by_end) or {}
        return {segment: Fraction(part[2], part[0]) for segment, part in sums.items() if part[0]}

    def compounded(self, now, dimension, valuation):
        """The product of twelve monthly ones, in month order, of the segments that have all twelve."""
        products = None
        for month in range(now - 11, now + 1):
            monthly = self.ndr(month, 1, dimension, valuation)
            if products is None:
                products = {segment: 1.0 for segment in monthly}
            products = {
                segment: product * float(monthly[segment])
                for segment, product in products.items()
                if segment in monthly
            }
        return products or {}

    # Cohorts

    @remembered
    def first_month_of(self, customer):
        return next((month for month in self.valued.months if self.valued.is_customer(customer, month)), None)

    def cohorts(self, dimension):
        """Rows (grain, cohort's last month, age, segment, customers, net, gross, customers at start, MRR at start)."""
        for grain, length in (("month", 1), ("quarter", 3)):
            cells = {}
            for customer in self.valued.customers:
                joined = self.first_month_of(customer)
                if joined is None:
                    continue
                closing = joined + (length - 1 - joined % length)
                segment = self.segments.of_customer(dimension, customer, joined)
                value = self.valued.at_opening(closing)
                for age, month in enumerate(range(closing, self.book.last_month + 1, length)):
                    start = sum(map(value, self.valued.items(customer, closing)))
                    net = sum(map(value, self.valued.items(customer, month)))
                    cell = cells.setdefault((closing, age, segment), [0, 0, 0, 0, 0])
                    cell[0] += self.valued.is_customer(customer, month)
                    cell[1] += net
                    cell[2] += min(start, net)
                    cell[3] += self.valued.is_customer(customer, closing)
                    cell[4] += start
            for (closing, age, segment), cell in sorted(cells.items()):
                yield (grain, closing, age, segment, *cell)
