"""Seeded random books of hostile shape, written as exports with their settings.

A book is small (5 to 30 customers, 6 to 30 months) and full of what has broken such programs before: overlaps, gaps,
changes on the last and the first day, zero prices, leap days, instants near midnight, weekends without a rate.
"""

import bursts
import csv
import datetime
import json
import os
import random

from accounts import account_rows, attribute_sources
from beside_books import BesideBooks
from bursts import Bursts, event_policy
from coupons import Coupons
from project import write_project
from timeline import end_of, first_day, last_day, month_of, plus_days

ZONES = ["UTC", "UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Sao_Paulo"]
INTERVALS = [("month", 1)] * 6 + [("year", 1)] * 3 + [("month", 3), ("month", 6), ("year", 2), ("week", 1), ("week", 2), ("day", 1), ("day", 30)]
AMOUNTS = ["10", "19.99", "25", "100", "49.5", "0.000001", "33.333333", "1200", "0", "7", "999.99", "100000"]
OVERRIDES = {
    "unpaid": ["keep", "after_days"],
    "unpaid_days": [10, 45],
    "statuses": [["active"], ["active", "past_due", "in_force"]],
    "trials": ["include_priced"],
    "discount_forever": ["ignore"],
    "discount_repeating": ["ignore", "spread"],
    "discount_once": ["subtract", "spread"],
    "fully_discounted": ["keep_at_zero"],
    "week_factor": ["4.33", "30/7", "4"],
    "day_factor": ["30", "30.4167"],
    "churn_at": ["cancel_requested"],
    "paused": ["keep"],
    "grace_days": [1, 3, 14, 31],
    "reactivation_window": [30, 61, 92, 180],
    "customer_is": ["parent"],
    "rate_date": ["month_average", "service_start", "fixed"],
    "churn_base": ["opening_plus_new", "without_joined_and_left"],
    "ltv_churn": ["trailing_6"],
    "ltv_margin": ["ignore"],
    "net_churn_offset": ["expansion_reactivation"],
    "quick_ratio_reactivation": ["leave_out"],
    "cmrr_horizon": [0, 1, 3],
}
DIMENSIONS = {
    "country": {"attribute": "country"},
    "industry": {"attribute": "industry"},
    "employees": {"band": "employees", "bounds": [10, 50]},
    "arr": {"band": "arr", "bounds": [500, 1200, 10000]},
    "plan": {"charge": "plan"},
    "product": {"charge": "product"},
    "currency": {"charge": "currency"},
    "region": {"attribute": "country", "groups": {"EMEA": ["DE", "FR"], "AMER": ["US"]}, "others": "Elsewhere"},
    "first_industry": {"attribute": "industry", "value": "first", "groups": {"Shops": ["Retail"]}},
    "first_employees": {"band": "employees", "bounds": [10], "value": "first"},
    "first_arr": {"band": "arr", "bounds": [1200], "value": "first"},
    "usage_level": {"band": "usage", "bounds": [2, 10, 100]},
    "first_usage": {"band": "usage", "bounds": [3], "value": "first"},
}


def make_book(seed, folder):
    """Writes exports and settings.json, and returns the settings."""
    return BookMaker(seed).write(folder)


class BookMaker:
    def __init__(self, seed):
        self.beside = BesideBooks(seed, self)
        self.coupons = Coupons(seed, self)
        self.random = random.Random(seed)
        chance = self.random.random
        self.zone = self.random.choice(ZONES)
        self.first = 2021 * 12 + self.random.randrange(36)
        self.last = self.first + self.random.randrange(5, 30)
        self.currencies = ["USD"]
        if chance() < 0.7:
            self.currencies += self.random.sample(["EUR", "GBP", "JPY"], self.random.randrange(1, 4))
        self.inclusive = chance() < 0.2
        self.with_instants = not self.inclusive and chance() < 0.5
        self.customers = [f"c{number}" for number in range(1, self.random.randrange(6, 31))]
        self.plans = {f"p{number}": self.plan(number) for number in range(1, self.random.randrange(2, 6))}
        self.charges = []
        self.subscriptions = []
        self.max_rate_age = 7
        self.rate_days_before = 150
        self.complete_through = self.through()
        # Of its own chance, so that a seed's other books stay what they were.
        self.extra = random.Random(f"extra {seed}")
        self.bursts = None
        if self.extra.random() < 1 / 3:
            self.zone = self.extra.choice([self.zone, *bursts.ZONES])
            self.bursts = Bursts(self.extra, self.zone, self.first, self.last)

    # Settings

    def through(self):
        """Mostly a whole month; sometimes the middle of one, sometimes an instant."""
        choice = self.random.random()
        if choice < 0.6:
            return last_day(self.last).isoformat()
        if choice < 0.8:
            return plus_days(first_day(self.last), self.random.randrange(27)).isoformat()
        return plus_days(end_of(self.last), self.random.randrange(3)).isoformat() + "T12:00:00Z"

    def through_day(self):
        return datetime.date.fromisoformat(self.complete_through[:10])

    def policy(self):
        policy = {
            key: self.random.choice(values) for key, values in OVERRIDES.items() if self.random.random() < 0.12
        }
        if self.bursts:
            return event_policy(self.extra, policy)
        if self.extra.random() < 0.12:
            policy["churn_window"] = "30_days"
        return "standard@1", policy

    # Small parts

    def first_possible(self):
        return first_day(self.first - 2)

    def day(self, low=None, high=None):
        """A day of the book; often one on which something breaks."""
        low = low or first_day(self.first)
        high = high or plus_days(end_of(self.last), 20)
        day = plus_days(low, self.random.randrange(max(1, (high - low).days)))
        choice = self.random.random()
        if choice < 0.2:
            return first_day(month_of(day))
        if choice < 0.4:
            return last_day(month_of(day))
        if choice < 0.45:
            return last_day(day.year * 12 + 1)
        return day

    def moment(self, day):
        """The day as a date, or as an instant that lies close to a midnight."""
        if day is None:
            return ""
        if self.bursts:
            return day.isoformat() if self.inclusive else self.bursts.written(self.bursts.at(day))
        if not self.with_instants or self.random.random() < 0.6:
            return day.isoformat()
        midnight = datetime.datetime.combine(day, datetime.time())
        shift = datetime.timedelta(minutes=self.random.choice([-60, -30, 0, 30, 90, 300, 720, -300, -720, 1439]))
        return (midnight + shift).isoformat() + "Z"

    def plan(self, number):
        unit, count = self.random.choice(INTERVALS)
        return {
            "name": self.random.choice(["Basic", "Pro", f"Plan {number}", "Größe, \"L\""]),
            "product": self.random.choice(["Core", "Core", "Add-on", ""]),
            "amount": self.random.choice(AMOUNTS),
            "currency": self.random.choice(self.currencies),
            "interval_unit": unit,
            "interval_count": str(count),
            "usage_type": "metered" if self.random.random() < 0.1 else self.random.choice(["licensed", ""]),
        }

    # Charges

    def add_charges(self, customer):
        style = self.random.random()
        count = 0 if style < 0.05 else self.random.choice([1, 1, 2, 2, 3, 4, 5])
        start = self.day()
        subscription = self.add_subscription(customer, start) if self.random.random() < 0.4 else None
        previous = None
        for _ in range(count):
            length = self.random.choice([0, 1, 5, 20, 28, 31, 59, 90, 180, 365, 366, 730])
            end = None if self.random.random() < 0.2 else plus_days(start, length)
            if end and self.random.random() < 0.4:
                end = max(start, self.random.choice([first_day(month_of(end)), last_day(month_of(end))]))
            charge = self.charge(customer, subscription, start, end)
            if previous and self.random.random() < 0.3:
                # The same thing renewed, at another price or at the same.
                charge = {**previous, "start": charge["start"], "end": charge["end"]}
                if self.random.random() < 0.6 and charge["amount"]:
                    charge["amount"] = self.random.choice(AMOUNTS)
            if not charge["start"] and not charge["subscription"].startswith("s"):
                charge["start"] = start.isoformat()
            charge["id"] = f"r{len(self.charges) + 1}"
            if self.bursts:
                charge["end"] = self.bursts.in_order(charge["start"], charge["end"])
            elif charge["end"] and instant_of(charge["end"]) < instant_of(charge["start"]):
                charge["end"] = charge["start"]
            self.charges.append(charge)
            previous = charge
            gap = self.random.choice([0, 0, 0, 1, 2, 3, 10, 15, 32, 70, 200, -1, -30, -100])
            start = max(plus_days(end or start, gap), first_day(self.first))
            if subscription is None and self.random.random() < 0.1:
                subscription = self.add_subscription(customer, start)

    def add_bursts(self, customer):
        for _ in range(self.extra.choice([0, 1, 1, 2])):
            previous = None
            for start, end in self.bursts.stretches():
                charge = self.charge(customer, None, self.day(), None)
                if previous and self.extra.random() < 0.4:
                    charge = {**previous, "amount": self.extra.choice([previous["amount"], "30"])}
                charge.update(id=f"r{len(self.charges) + 1}", start=start, end=self.bursts.in_order(start, end))
                self.charges.append(charge)
                previous = charge

    def charge(self, customer, subscription, start, end):
        pick = self.random.choice
        chance = self.random.random
        unit, count = pick(INTERVALS)
        end = max(end, plus_days(start, 1)) if end and self.inclusive else end
        plan = pick([*self.plans, "unknown-plan", ""]) if chance() < 0.8 else ""
        charge = {
            "subscription": subscription or ("never-heard-of" if chance() < 0.03 else ""),
            "customer": "" if subscription and chance() < 0.5 else customer,
            "plan": plan,
            "product": pick(["", "", "Core", "Extra"]),
            "start": self.moment(start),
            "end": self.written_end(end),
            "amount": pick(AMOUNTS),
            "quantity": pick(["", "1", "3", "0.5", "2.5", "7", "0"] if chance() < 0.6 else [""]),
            "discount_amount": "",
            "discount_percent": "",
            "discount_duration": "",
            "discount_end": "",
            "interval_unit": unit,
            "interval_count": str(count),
            "currency": pick(self.currencies),
            "kind": pick(["one_time", "metered", "tax", "fee"]) if chance() < 0.08 else pick(["", "recurring"]),
            "trial": "1" if chance() < 0.05 else pick(["", "0"]),
            "status": self.row_status() if chance() < 0.15 else "",
        }
        if subscription and chance() < 0.1:
            charge["start"] = ""
        if plan in self.plans and chance() < 0.4:
            for field in ("amount", "interval_unit", "interval_count", "currency", "kind"):
                charge[field] = ""
        if chance() < 0.3:
            charge["discount_percent"] = pick(["", "10", "50", "100", "33.3333"])
            charge["discount_amount"] = pick(["", "", "5", "1000", "0.01"])
            charge["discount_duration"] = pick(["", "forever", "repeating", "once"])
            if charge["discount_duration"] == "repeating" or chance() < 0.2:
                charge["discount_end"] = self.written_end(plus_days(start, pick([1, 15, 31, 62, 100])))
        return charge

    def written_end(self, day):
        if day is None:
            return ""
        return plus_days(day, -1).isoformat() if self.inclusive else self.moment(day)

    def row_status(self):
        return self.random.choice(["active", "past_due", "unpaid", "trialing", "paused", "canceled", "incomplete", "in_force"])

    # Subscriptions: one snapshot, whose own dates tell the past, or several dated ones

    def add_subscription(self, customer, start):
        chance = self.random.random
        ending = plus_days(start, self.random.choice([10, 45, 100, 200, 400]))
        row = {
            "id": f"s{len(self.subscriptions) + 1}",
            "customer": customer,
            "status": self.random.choice(["active"] * 12 + ["past_due", "unpaid", "incomplete", "", "in_force"]),
            "started": self.moment(start),
            "trial_end": "", "cancel_requested": "", "cancel_effective": "", "ended": "",
            "pause_start": "", "pause_end": "",
        }
        if chance() < 0.15:
            row["trial_end"] = self.written_end(plus_days(start, self.random.choice([0, 7, 14, 30, 60])))
            row["status"] = self.random.choice([row["status"], "trialing"])
        elif chance() < 0.05:
            row["status"] = "trialing"
        if chance() < 0.3:
            requested = plus_days(ending, -self.random.choice([0, 5, 30, 90]))
            row["cancel_requested"] = self.moment(max(requested, start))
            row["cancel_effective"] = self.written_end(ending)
            if chance() < 0.5:
                row["ended"] = self.written_end(plus_days(ending, self.random.choice([0, 0, 0, -3, 5])))
                row["status"] = "canceled"
        elif chance() < 0.1:
            row["status"] = self.random.choice(["canceled", "paused"])
        if chance() < 0.12:
            pause = self.day(start, plus_days(start, 300))
            row["pause_start"] = self.moment(pause)
            if chance() < 0.7:
                row["pause_end"] = self.written_end(plus_days(pause, self.random.choice([1, 20, 45, 100])))
            row["status"] = self.random.choice([row["status"], "paused"])
        self.subscriptions.append(row)
        return row["id"]

    def subscription_snapshots(self):
        """Undated, or dated ones of which the earlier know less, and sometimes what later turned out otherwise."""
        if self.random.random() < 0.5:
            return {"": self.subscriptions}
        last = self.through_day().isoformat()
        days = {self.day(first_day(self.first), self.through_day()).isoformat() for _ in range(4)}
        snapshots = {}
        for day in sorted(day for day in days if day < last):
            rows = [self.as_seen(row, day) for row in self.subscriptions if row["started"][:10] <= day]
            if rows:
                snapshots[day] = rows
        known = {row["id"] for rows in snapshots.values() for row in rows}
        snapshots[last] = [
            row for row in self.subscriptions if row["id"] not in known or self.random.random() < 0.95]
        return snapshots

    def as_seen(self, row, day):
        seen = dict(row)
        for field, also in (
            ("cancel_requested", ["cancel_effective"]), ("ended", []), ("pause_start", ["pause_end"]),
        ):
            if row[field][:10] > day:
                for name in (field, *also):
                    seen[name] = ""
        if row["status"] in ("canceled", "paused", "trialing") and self.random.random() < 0.8:
            seen["status"] = "active"
        if self.random.random() < 0.25:
            seen["status"] = self.random.choice(["active", "past_due", "unpaid", "paused", "trialing"])
        if self.random.random() < 0.05:
            seen["cancel_requested"], seen["cancel_effective"] = day, plus_days(
                datetime.date.fromisoformat(day), self.random.randrange(60)).isoformat()
        return seen

    # The other files

    def customer_snapshots(self):
        """Dated snapshots, the last at the data's end, in which some attributes change."""
        days = [self.through_day()]
        for _ in range(self.random.choice([0, 1, 2, 4])):
            days.append(self.day(first_day(self.first), self.through_day()))
        days = sorted({min(day, self.through_day()) for day in days})
        described = [customer for customer in self.customers if self.random.random() < 0.93]
        parents = {
            customer: self.random.choice(self.customers + ["holding"])
            for customer in described if self.random.random() < 0.15
        }
        state = {customer: self.attributes() for customer in described}
        snapshots = {}
        for day in days:
            for customer in described:
                if self.random.random() < 0.25:
                    state[customer] = self.attributes()
            snapshots[day.isoformat()] = [
                {"id": customer, "name": f"Company {customer}", "parent": parents.get(customer, ""), **state[customer]}
                for customer in described
            ]
        return snapshots

    def attributes(self, chance=None):
        chance = chance or self.random
        return {
            "country": chance.choice(["DE", "US", "FR", ""]),
            "employees": chance.choice(["", "0", "9", "10", "49", "50", "3000"]),
            "industry": chance.choice(["Retail", "Énergie", "", "A|B"]),
        }

    def rate_rows(self):
        """Working days only, with a hole now and then; some pairs the other way round, some both ways."""
        rows = []
        for currency in self.currencies[1:]:
            value = {"EUR": 1.1, "GBP": 1.3, "JPY": 0.007}[currency]
            way = self.random.choice(["direct", "direct", "opposite", "both"])
            day = plus_days(first_day(self.first), -self.rate_days_before)
            hole = 0
            while day <= plus_days(end_of(self.last), 40):
                hole = 3 if self.random.random() < 0.01 else hole - 1
                if day.weekday() < 5 and hole <= 0:
                    value *= 1 + self.random.uniform(-0.02, 0.02)
                    if way != "opposite" and (way == "direct" or self.random.random() < 0.6):
                        rows.append({"day": day.isoformat(), "from": currency, "to": "USD", "rate": f"{value:.6f}"})
                    if way != "direct":
                        rows.append({"day": day.isoformat(), "from": "USD", "to": currency, "rate": f"{1 / value:.4f}"})
                day = plus_days(day, 1)
        return rows

    def expense_rows(self):
        rows = []
        for month in range(self.first - self.random.randrange(3), self.last + 1):
            if self.random.random() < 0.05:
                continue
            for category in ("sales", "marketing", "cogs", "r_and_d", "g_and_a", "capex"):
                if self.random.random() < 0.7:
                    rows.append({
                        "id": f"{month}-{category}",
                        "day": plus_days(first_day(month), self.random.randrange(28)).isoformat(),
                        "category": category,
                        "amount": self.random.choice(["10", "250.55", "1000", "0.333333", "40"]),
                        "currency": self.random.choice(self.currencies),
                    })
        return rows

    def opportunity_rows(self):
        rows = []
        for number in range(self.random.randrange(1, 25)):
            created = self.day(first_day(self.first), self.through_day())
            closed = plus_days(created, self.random.choice([0, 3, 31, 90]))
            status = self.random.choice(["won", "lost", "open"]) if closed <= self.through_day() else "open"
            rows.append({
                "id": f"o{number}",
                "customer": self.random.choice(self.customers),
                "status": status,
                "amount": self.random.choice(["100", "2500.50", "", "1"]),
                "currency": self.random.choice(self.currencies),
                "created": self.moment(created),
                "closed": self.moment(closed),
            })
        return rows

    # Together

    def sales_files(self, folder):
        """What was sold, by entity."""
        for customer in self.customers:
            self.add_charges(customer)
            if self.bursts and not self.inclusive:
                self.add_bursts(customer)
        self.random.shuffle(self.charges)
        return {"charges": [self.export(folder, "charges", self.charges)]}

    def subscription_files(self, folder):
        for row in self.subscriptions:
            row["cancel_reason"] = self.beside.random.choice(["", "price", "Ende, \"aus\"", "price"])
        snapshots = self.subscription_snapshots()
        for date in sorted(snapshots):
            snapshots[date] = [dict(row) for row in snapshots[date]]
            self.coupons.add(snapshots[date], 0.3)
        return [
            {**self.export(folder, f"subscriptions_{date}", rows), "snapshot": date} if date
            else self.export(folder, "subscriptions", rows)
            for date, rows in snapshots.items()
        ]

    def write(self, folder):
        files = self.sales_files(folder)
        if self.subscriptions:
            files["subscriptions"] = self.subscription_files(folder)
        files["plans"] = [self.export(folder, "plans", [{"id": key, **plan} for key, plan in self.plans.items()])]
        snapshots = self.customer_snapshots()
        for date in sorted(snapshots):
            self.coupons.add(snapshots[date], 0.15)
        sources = self.add_accounts(folder, files, snapshots) if self.extra.random() < 0.3 else None
        files["customers"] = [
            {**self.export(folder, f"customers_{date}", rows), "snapshot": date} for date, rows in snapshots.items()
        ]
        files["rates"] = [self.export(folder, "rates", self.rate_rows())] if self.currencies[1:] else []
        if self.random.random() < 0.6:
            files["expenses"] = [self.export(folder, "expenses", self.expense_rows())]
        if self.random.random() < 0.6:
            files["opportunities"] = [self.export(folder, "opportunities", self.opportunity_rows())]
        files.update(self.beside.files(folder))
        preset, policy = self.policy()
        names = [name for name in DIMENSIONS if self.extra.random() < 0.4]
        settings = {
            "currency": "USD",
            "zone": self.zone,
            "fiscal_year_starts": self.random.choice([1, 1, 2, 7, 10]),
            "complete_through": self.complete_through,
            "max_rate_age": self.max_rate_age,
            "fixed_rates": {currency: self.random.choice(["1.25", "0.5", "1.1"]) for currency in self.currencies[1:]},
            "cac_lag": self.random.choice([0, 0, 1, 3]),
            "preset": preset,
            "policy": policy,
            **({"attribute_sources": sources} if sources else {}),
            "dimensions": {name: DIMENSIONS[name] for name in names},
            "inclusive_ends": self.inclusive,
            "files": {entity: listed for entity, listed in files.items() if listed},
        }
        with open(os.path.join(folder, "settings.json"), "w", encoding="utf-8") as file:
            json.dump(settings, file, indent=1)
        write_project(folder, settings)
        return settings

    def add_accounts(self, folder, files, snapshots):
        """A CRM beside it, with dated snapshots of its own; returns whose attributes win, if that is said."""
        rows, links = account_rows(self.extra, self.customers)
        if links:
            for customers in snapshots.values():
                for row in customers:
                    link = links.get(row["id"], "")
                    row.update(link_system="crm" if link else "", link_id=link)
        files["accounts"] = []
        for date in sorted({*self.extra.sample(list(snapshots), 1), self.through_day().isoformat()}):
            for row in rows:
                if "country" not in row or self.extra.random() < 0.3:
                    row.update(self.attributes(self.extra))
            exported = self.export(folder, f"accounts_{date}", rows)
            files["accounts"].append({**exported, "snapshot": date, "system": "crm"})
        return attribute_sources(self.extra)

    def export(self, folder, name, rows):
        path = f"exports/{name}.csv"
        os.makedirs(os.path.join(folder, "exports"), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys() if rows else ["id"])
            writer.writeheader()
            writer.writerows(rows)
        return {"path": path}


def instant_of(text):
    """Comparable, whatever the zone: a date is its midnight in UTC; nothing written is the beginning of time."""
    return datetime.datetime.fromisoformat((text or "0001-01-01")[:19])
