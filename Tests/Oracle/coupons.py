"""Random coupons on subscriptions and customers, beside those on charges.

Of their own chance, so that a seed's other files stay what they were.
"""

import random

from timeline import plus_days

NONE = dict.fromkeys(
    ("discount_amount", "discount_percent", "discount_currency", "discount_duration", "discount_start", "discount_end"), "")


class Coupons:
    def __init__(self, seed, book):
        self.random = random.Random(f"coupons {seed}")
        self.book = book
        self.are_given = self.random.random() < 0.6
        self.known = {}

    def add(self, rows, share):
        """Gives some rows of one snapshot a coupon; most keep it from snapshot to snapshot."""
        if not self.are_given:
            return
        for row in rows:
            if row["id"] not in self.known or self.random.random() < 0.2:
                self.known[row["id"]] = self.coupon() if self.random.random() < share else NONE
            row.update(self.known[row["id"]])

    def coupon(self):
        pick, chance, book = self.random.choice, self.random.random, self.book
        start = plus_days(book.first_possible(), self.random.randrange(600))
        duration = pick(["", "forever", "repeating", "repeating", "once"])
        coupon = {
            **NONE, "discount_percent": pick(["", "10", "25", "100", "33.3333"]),
            "discount_amount": pick(["", "5", "17.77", "0.000001", "300"]),
            "discount_currency": pick(["", "", *book.currencies]), "discount_duration": duration,
            "discount_start": book.moment(start) if chance() < 0.7 or duration == "once" else "",
        }
        if duration == "repeating" or chance() < 0.1:
            coupon["discount_end"] = book.written_end(plus_days(start, pick([1, 31, 62, 90, 365])))
        return coupon
