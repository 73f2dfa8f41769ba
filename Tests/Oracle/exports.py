"""Reads a book: CSV exports and a settings file, as plain Python values.

settings.json:
  currency, zone, fiscal_year_starts, complete_through (the declared data-through: a date or an instant),
  max_rate_age, fixed_rates {currency: rate}, cac_lag, preset (standard@1), policy {key: value},
  dimensions {name: {"attribute": a} | {"band": "employees"|"arr"|"usage", "bounds": [...]} | {"charge": "plan"|"product"|"currency"}},
  inclusive_ends (true when every written end is the last day itself),
  attribute_sources (which of customers and accounts wins; absent: by name),
  files {entity: [{"path": file, "snapshot": date or absent, "columns": {field: column}, "constants": {field: text}}]}
Entities: charges, customers, subscriptions, plans, rates, expenses, opportunities, invoices, invoice_lines, credit_notes,
refunds, payments, contracts, cash_balances, usage_events, budgets; accounts are customers of a CRM.
"""

import csv
import json
import os
from fractions import Fraction
from types import SimpleNamespace

from billing import Billing, micro
from contracts import read_contracts
from covering import account_discounts, state
from directory import Directory
from policy import policy_with
from timeline import day_of, first_day_not_covered, moment_of, month_of, plus_days, start_of_day



def read_book(folder, settings=None):
    if settings is None:
        with open(os.path.join(folder, "settings.json"), encoding="utf-8") as file:
            settings = json.load(file)
    return Reader(folder, settings).book()


class Reader:
    def __init__(self, folder, settings):
        self.folder = folder
        self.settings = settings
        self.zone = settings.get("zone", "UTC")

    def book(self):
        settings = self.settings
        complete_through = first_day_not_covered(settings["complete_through"], self.zone)
        self.directory = Directory(self)
        subscriptions = self.subscriptions()
        plans = {row["id"]: row for row in self.rows("plans")}
        customers = self.directory.customers
        charges = [self.charge(row, subscriptions, plans) for row in self.rows("charges")]
        billing = Billing(self, subscriptions, plans)
        contracts = read_contracts(self)
        named = [*charges, *subscriptions.values(), *billing.lines, *contracts, *billing.invoices.values(),
                 *billing.payments.values(), *self.usage_events()]
        for row in named:
            customers.setdefault(row.customer, SimpleNamespace(parent=None, accounts=[]))
        return SimpleNamespace(
            settings=settings,
            policy=policy_with(settings.get("preset", "standard@1"), settings.get("policy", {})),
            currency=settings["currency"],
            dimensions=settings.get("dimensions", {}),
            complete_through=complete_through,
            last_month=month_of(plus_days(complete_through, -1)),
            customers=customers,
            subscriptions=subscriptions,
            charges=charges,
            account_discounts=account_discounts(self),
            billing=billing,
            contracts=contracts,
            rates=self.rates(),
            expenses=self.expenses(),
            opportunities=self.opportunities(),
            cash_balances=self.cash_balances(),
            usage_events=self.usage_events(),
            budgets=self.budgets(),
            fed={name for name, files in settings["files"].items() if files},
        )

    def rows(self, entity):
        for file in self.settings["files"].get(entity, []):
            columns = file.get("columns", {})
            constants = file.get("constants", {})
            values = file.get("values", {})
            with open(os.path.join(self.folder, file["path"]), encoding="utf-8-sig", newline="") as lines:
                for line in csv.DictReader(lines):
                    row = dict(line)
                    row.update({field: line[column] for field, column in columns.items()})
                    row.update(constants)
                    for field, table in values.items():
                        row[field] = table[row[field]]
                    row["snapshot"] = file.get("snapshot")
                    yield row

    def day(self, row, field):
        return day_of(row.get(field), self.zone)

    def end(self, row, field):
        """The first day no longer in force."""
        day = self.day(row, field)
        if day is not None and self.settings.get("inclusive_ends") and "T" not in row[field]:
            return plus_days(day, 1)
        return day

    def moment(self, row, field):
        return moment_of(row.get(field), self.zone)

    def end_moment(self, row, field):
        if row.get(field) and "T" not in row[field]:
            return start_of_day(self.end(row, field), self.zone)
        return self.moment(row, field)


    def snapshot_day(self, row):
        """An undated file is as of the data-through of the book."""
        return day_of(row["snapshot"] or self.settings["complete_through"], self.zone)

    def subscriptions(self):
        subscriptions = {}
        taken = sorted({self.snapshot_day(row) for row in self.rows("subscriptions")})
        for row in self.rows("subscriptions"):
            subscription = subscriptions.setdefault(row["id"], SimpleNamespace(
                customer=self.directory.customer_of("billing", row["customer"]), versions=[]))
            version = SimpleNamespace(
                seen=self.snapshot_day(row),
                account=row["customer"],
                covering=state(self, row, self.snapshot_day(row), taken),
                status=row.get("status") or None,
                started=self.day(row, "started"),
                cancel_reason=row.get("cancel_reason") or None,
                trial_end=self.end(row, "trial_end"),
                cancel_requested=self.day(row, "cancel_requested"),
                cancel_effective=self.end(row, "cancel_effective"),
                ended=self.end(row, "ended"),
                pause_start=self.day(row, "pause_start"),
                pause_end=self.end(row, "pause_end"),
                moments={
                    **{field: self.moment(row, field) for field in ("started", "cancel_requested", "pause_start")},
                    **{field: self.end_moment(row, field) for field in (
                        "trial_end", "cancel_effective", "ended", "pause_end")},
                },
            )
            subscription.versions.append(version)
        snapshots = sorted({version.seen for each in subscriptions.values() for version in each.versions})
        for subscription in subscriptions.values():
            subscription.versions.sort(key=lambda version: version.seen)
            seen = {version.seen for version in subscription.versions}
            for version in subscription.versions:
                # A row that the next snapshot has no more has ended on that day.
                following = [day for day in snapshots if day > version.seen][:1]
                version.vanished = following[0] if following and following[0] not in seen else None
                version.moments["vanished"] = start_of_day(version.vanished, self.zone) if version.vanished else None
        return subscriptions

    def charge(self, row, subscriptions, plans):
        def text(field):
            return row.get(field) or None

        subscription = subscriptions.get(text("subscription"))
        plan = plans.get(text("plan"), {})
        start, start_moment = self.day(row, "start"), self.moment(row, "start")
        if start is None and subscription:
            start = subscription.versions[-1].started
            start_moment = subscription.versions[-1].moments["started"]
        metered = plan.get("usage_type") == "metered"
        return SimpleNamespace(
            id=row["id"],
            customer=(
                self.directory.customer_of("billing", row["customer"]) if text("customer") else subscription.customer),
            account=text("customer") or (subscription.versions[-1].account if subscription else None),
            subscription=subscription,
            subscription_id=text("subscription"),
            plan_id=text("plan"),
            plan=plan.get("name") or text("plan"),
            product=text("product") or plan.get("product") or None,
            start=start,
            end=self.end(row, "end"),
            proven_from=self.plan_known_from(plan) if any(
                plan.get(field) and not text(field)
                for field in ("amount", "currency", "interval_unit", "interval_count")) else None,
            amount=Fraction(text("amount") or plan["amount"]),
            quantity=Fraction(text("quantity") or 1),
            discount_amount=Fraction(text("discount_amount") or 0),
            discount_percent=Fraction(text("discount_percent") or 0),
            discount_duration=text("discount_duration") or "forever",
            discount_end=self.end(row, "discount_end"),
            interval_unit=text("interval_unit") or plan.get("interval_unit") or "month",
            interval_count=int(text("interval_count") or plan.get("interval_count") or 1),
            currency=(text("currency") or plan.get("currency")).upper(),
            kind=text("kind") or ("metered" if metered else "recurring"),
            trial=text("trial") in ("1", "true", "True", "yes"),
            status=text("status"),
            grade="exact",
            moments={
                "start": start_moment,
                "end": self.end_moment(row, "end"),
                "discount_end": self.end_moment(row, "discount_end"),
            },
        )

    def plan_known_from(self, plan):
        return day_of(plan["snapshot"] or self.settings["complete_through"], self.zone)

    def rates(self):
        return {
            (self.day(row, "day"), row["from"], row["to"]): Fraction(row["rate"]) for row in self.rows("rates")
        }

    def expenses(self):
        return [
            SimpleNamespace(
                month=month_of(self.day(row, "day")),
                category=row["category"],
                amount=Fraction(row["amount"]),
                currency=row["currency"],
            )
            for row in self.rows("expenses")
        ]

    def cash_balances(self):
        return [
            SimpleNamespace(
                day=self.day(row, "day"), account=row.get("account") or None, amount=micro(row["amount"]),
                currency=row["currency"])
            for row in self.rows("cash_balances")
        ]

    def usage_events(self):
        return [
            SimpleNamespace(
                customer=self.directory.customer_of("billing", row["customer"]), user=row.get("user") or None,
                day=self.day(row, "at"), count=Fraction(row.get("count") or 1))
            for row in self.rows("usage_events")
        ]

    def budgets(self):
        return [
            SimpleNamespace(
                day=self.day(row, "day"), month=month_of(self.day(row, "day")), metric=row["metric"],
                dimension=row.get("dimension") or "all", segment=row.get("segment") or "all",
                amount=micro(row.get("amount")), currency=row.get("currency") or self.settings["currency"])
            for row in self.rows("budgets")
        ]

    def opportunities(self):
        latest = {}
        for row in self.rows("opportunities"):
            latest[row["id"]] = SimpleNamespace(
                status=row["status"],
                amount=Fraction(row.get("amount") or 0),
                currency=row.get("currency") or self.settings["currency"],
                created=self.day(row, "created"),
                closed=self.day(row, "closed"),
            )
        return list(latest.values())
