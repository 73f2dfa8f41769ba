"""Random exports beside what is sold: cash, uses, budgets.

Of their own chance, so that a seed's other files stay what they were.
"""

import random

from timeline import first_day, last_day, plus_days


class BesideBooks:
    def __init__(self, seed, book):
        self.random = random.Random(f"beside {seed}")
        self.book = book

    def files(self, folder):
        found = {}
        for entity, rows in (
            ("cash_balances", self.cash_balances()), ("usage_events", self.usage_events()), ("budgets", self.budgets()),
        ):
            if rows and self.random.random() < 0.4:
                found[entity] = [self.book.export(folder, entity, rows)]
        return found

    def day_of(self, month):
        return plus_days(first_day(month), self.random.randrange((last_day(month) - first_day(month)).days + 1))

    def cash_balances(self):
        pick, chance = self.random.choice, self.random.random
        rows = []
        accounts = [("", "USD"), ("giro", pick(self.book.currencies)), ("giro", "USD")][: pick([1, 2, 3])]
        amount = pick([1_000, 100_000, 7_777])
        for month in range(self.book.first - pick([0, 3, 6]), self.book.last + 1):
            amount += self.random.randrange(-amount // 5 - 100, amount // 8 + 100)
            for account, currency in accounts:
                for _ in range(pick([0, 1, 1, 1, 1, 2, 3])):
                    day = last_day(month) if chance() < 0.6 else self.day_of(month)
                    odd = [f"{amount}.{self.random.randrange(100):02d}", f"{amount}", "0.000001", str(-amount)]
                    rows.append({
                        "day": day.isoformat(), "account": account, "currency": currency,
                        "amount": pick(odd if chance() < 0.2 else [str(amount)])})
        # A balance is known by these.
        return list({(row["day"], row["account"], row["currency"]): row for row in rows}.values())

    def usage_events(self):
        pick, chance = self.random.choice, self.random.random
        rows = []
        for number in range(pick([5, 60, 200])):
            day = self.day_of(self.random.randrange(self.book.first - 1, self.book.last + 1))
            rows.append({
                "id": f"u{number}", "customer": pick([*self.book.customers, "only-uses"]),
                "user": pick(["", "ann", "bob", "cid"]),
                "at": self.book.moment(day) or day.isoformat(),
                "count": pick(["", "1", "2.5", "100"]) if chance() < 0.95 else "0",
                "name": pick(["login", "export"])})
        return rows

    def budgets(self):
        pick, chance = self.random.choice, self.random.random
        rows = []
        for month in range(self.book.first - 1, self.book.last + pick([1, 4, 12])):
            for _ in range(pick([0, 1, 1, 1, 1, 1, 2])):
                rows.append({
                    "day": self.day_of(month).isoformat(), "metric": "mrr_new" if chance() < 0.8 else "mrr",
                    "amount": pick(["100", "2500.50", "0.01"]), "currency": pick(["", *self.book.currencies])})
        return list({(row["day"], row["metric"]): row for row in rows}.values())
