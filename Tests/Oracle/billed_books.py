"""Random books whose MRR comes from invoices or from contracts, of hostile shape.

A small billing system bills each subscription: renewals, upgrades and seats given back (prorated, at once or with the
next invoice), changes of the interval, usage in arrears; then come drafts, voids, credit notes, refunds, the unpaid.
"""

import datetime
import random

from books import AMOUNTS, OVERRIDES, BookMaker
from bursts import GROUPING
from timeline import end_of, first_day, last_day, month_of, plus_days, plus_interval

CENT = 100
CYCLES = [("month", 1)] * 7 + [("year", 1)] * 3 + [("month", 3), ("month", 6), ("week", 1), ("week", 2), ("day", 30), ("day", 10)]
PRICES = [1000, 1999, 2500, 4950, 10000, 120000, 3333, 0, 99900, 10000000]
OF_BASES = {
    "metered": ["include_invoiced"],
    "refunds": ["subtract"],
    "unpaid": ["keep", "after_days"],
    "unpaid_days": [10, 45],
    "fully_discounted": ["keep_at_zero"],
    "churn_at": ["cancel_requested"],
    "rate_date": ["month_average", "service_start", "fixed"],
}


def make_billed_book(seed, folder):
    """Writes exports and settings.json, and returns the settings."""
    return BilledBookMaker(seed).write(folder)


class BilledBookMaker(BookMaker):
    def __init__(self, seed):
        super().__init__(f"billed {seed}")
        self.bursts = None
        self.preset, self.answers = self.chosen_policy()
        self.has_instants = not self.inclusive and self.random.random() < 0.5
        self.has_invoice_rows = self.random.random() < 0.7
        self.has_charges = self.basis == "subscriptions" or self.random.random() < 0.15
        # Of plans without an interval it shows in the lines alone.
        self.plans_know = self.has_charges or self.random.random() < 0.6
        self.rate_days_before = 450
        # Service starts ask for the rates of many days.
        self.max_rate_age = self.random.choice([7, 20, 20, 20, 20, 20])
        self.invoices, self.lines, self.notes, self.payments, self.refunds, self.contracts = [], [], [], [], [], []
        if not self.plans_know:
            for plan in self.plans.values():
                plan.update(interval_unit="", interval_count="", amount="")

    @property
    def basis(self):
        of_preset = {"chartmogul@1": "invoices", "salesforce@1": "contracts"}
        return self.answers.get("basis") or of_preset.get(self.preset, "subscriptions")

    def chosen_policy(self):
        pick, chance = self.random.choice, self.random.random
        preset = pick(["standard@1", "standard@1", "standard@1", "chartmogul@1", "salesforce@1"])
        answers = {key: pick(values) for key, values in OVERRIDES.items() if chance() < 0.08}
        answers.update({key: pick(values) for key, values in OF_BASES.items() if chance() < 0.2})
        if preset == "standard@1":
            answers["basis"] = pick(["invoices", "invoices", "invoices", "contracts", "subscriptions"])
            if answers["basis"] == "subscriptions":
                answers["metered"] = "include_invoiced"
            if chance() < 0.35:
                answers.update(bridge="event", grouping_minutes=pick(GROUPING))
        elif chance() < 0.4:
            answers = {}
        if preset == "salesforce@1" or answers.get("basis") in ("contracts", "subscriptions"):
            answers.pop("refunds", None)
        return preset, answers

    def policy(self):
        return self.preset, self.answers

    # Dates

    def written_moment(self, day, seconds):
        if not self.has_instants or self.random.random() < 0.03:
            return day.isoformat()
        return (datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(seconds=seconds)).isoformat() + "Z"

    def written_period(self, start, end, seconds):
        """As the export writes it; the end never before the start."""
        if self.inclusive:
            return {"period_start": start.isoformat(), "period_end": plus_days(max(end, plus_days(start, 1)), -1).isoformat()}
        written = [self.written_moment(start, seconds), self.written_moment(end, seconds)]
        if written[1][:10] <= written[0][:10]:
            written = [start.isoformat(), end.isoformat()]
        return dict(zip(("period_start", "period_end"), written))

    # Billing

    def bill_customer(self, customer):
        for _ in range(self.random.choice([0, 1, 1, 1, 2, 3])):
            start = self.day()
            subscription = self.add_subscription(customer, start) if self.random.random() < 0.7 else ""
            if not subscription and self.random.random() < 0.3:
                subscription = f"unheard-of-{len(self.lines)}"
            Cycle(self, customer, subscription, start).bill()

    def add_invoice(self, customer, subscription, currency, issued, seconds):
        pick, chance = self.random.choice, self.random.random
        number = len(self.invoices) + 1
        name = f"{pick(['in_', 'IN-', 'é', ''])}{number}"
        status = pick(["paid"] * 14 + ["open"] * 4 + ["uncollectible", "uncollectible", "void", "draft", ""])
        due = plus_days(issued, pick([0, 14, 30, 60])) if chance() < 0.7 else None
        invoice = {
            "id": name, "number": f"N{number}" if chance() < 0.5 else "", "customer": customer,
            "subscription": subscription, "status": status, "issued": self.written_moment(issued, seconds),
            "due": due.isoformat() if due else "", "period_start": "", "period_end": "", "discount": "",
            "tax": pick(["", "0", "1.90"]), "total": "0", "currency": currency, "paid": "", "voided": "", "contract": "",
        }
        if status in ("paid", "open") and chance() < 0.6:
            invoice["paid"] = plus_days(issued, pick([0, 1, 20, 40, 75, 200])).isoformat()
        self.invoices.append(invoice)
        return invoice

    def add_line(self, invoice, plan, cents, start, end, seconds, **said):
        """A line of the invoice; what its row says, too, is often left out."""
        pick, chance = self.random.choice, self.random.random
        line = {
            "id": f"{pick(['l', 'L', 'ü', ''])}{len(self.lines) + 1}",
            "invoice": invoice["number"] if invoice["number"] and self.has_invoice_rows and chance() < 0.5 else invoice["id"],
            "customer": invoice["customer"], "subscription": invoice["subscription"], "plan": plan,
            "amount": decimal(cents), "quantity": "", "discount": "", "currency": invoice["currency"],
            "proration": "0", "kind": pick(["recurring", ""]), "status": invoice["status"], "issued": invoice["issued"],
            "contract": "",
            **(self.written_period(start, end, seconds) if start else {"period_start": "", "period_end": ""}),
            **said,
        }
        if self.has_invoice_rows:
            for field in ("customer", "status", "issued"):
                if chance() < 0.7:
                    line[field] = ""
        elif chance() < 0.1:
            line["issued"] = ""
        if chance() < 0.02:
            line["invoice"] = ""
            line["customer"] = invoice["customer"]
        if cents > 0 and chance() < 0.1:
            line["discount"] = pick(["1", "10", "0.01", line["amount"], "5000"])
        self.lines.append(line)
        return line

    def add_noise(self, customer):
        """Lines no billing system would write, and exports do."""
        pick, chance = self.random.choice, self.random.random
        for _ in range(pick([0, 0, 0, 1, 2])):
            start = self.day()
            end = plus_days(start, pick([0, 1, 7, 14, 28, 29, 30, 31, 61, 90, 365, 366]))
            if chance() < 0.3:
                end = max(start, pick([first_day(month_of(end)), last_day(month_of(end))]))
            invoice = self.add_invoice(customer, "", pick(self.currencies), start, 0)
            for _ in range(pick([1, 1, 2, 3])):
                line = self.add_line(
                    invoice, pick([*self.plans, "no-such-plan", ""]), pick([*PRICES, -1999, -10, 1]), start, end,
                    pick([0, 3600, 86_000]), proration=pick(["0", "0", "1"]), amount=pick(AMOUNTS + ["-5", "-0.01"]))
                if chance() < 0.2:
                    line[pick(["period_start", "period_end", "customer"])] = ""
                if chance() < 0.2:
                    line["kind"] = pick(["one_time", "metered", "tax", "fee"])

    def correct_invoices(self):
        """What happens to invoices afterwards."""
        pick, chance = self.random.choice, self.random.random
        amounts = {}
        for line in self.lines:
            amounts[line["invoice"]] = amounts.get(line["invoice"], 0) + max(0, float(line["amount"]))
        for invoice in self.invoices:
            amount = amounts.get(invoice["id"], 0) + amounts.get(invoice["number"] or "-", 0)
            invoice["total"] = f"{amount:.2f}"
            if self.has_invoice_rows and chance() < 0.1:
                invoice["discount"] = pick(["10", f"{amount / 3:.6f}", f"{amount / 7:.2f}", "100000", f"{amount:.2f}", "0.000001"])
            name = invoice["number"] if invoice["number"] and chance() < 0.3 else invoice["id"]
            if chance() < 0.12:
                for _ in range(pick([1, 1, 2])):
                    self.notes.append({
                        "id": f"cn{len(self.notes) + 1}", "invoice": name,
                        "amount": pick([f"{amount:.2f}", f"{amount / 2:.2f}", f"{amount / 3:.6f}", "5", "0.000001", f"{amount * 2:.2f}"]),
                        "tax": pick(["", "1"]), "currency": invoice["currency"] if chance() < 0.97 else pick(self.currencies),
                        "status": pick(["issued", "issued", "", "void"]), "issued": self.moment(self.day()),
                    })
            if chance() < 0.4:
                self.pay(invoice, name)
                if chance() < 0.3:
                    self.refunds.append({
                        "id": f"re{len(self.refunds) + 1}", "payment": self.payments[-1]["id"] if chance() < 0.7 else "",
                        "invoice": name if chance() < 0.6 else "",
                        "amount": pick([invoice["total"], "7", f"{amount / 4:.6f}"]), "currency": invoice["currency"],
                        "status": pick(["succeeded", "", "failed", "pending"]), "created": self.moment(self.day()),
                    })
        self.notes.append({
            "id": "cn-lost", "invoice": pick(["nowhere", ""]), "amount": "3", "tax": "", "currency": "USD",
            "status": "", "issued": self.moment(self.day())})

    def pay(self, invoice, name):
        """One payment or several tries of it, shortly after the issue."""
        pick, chance = self.random.choice, self.random.random
        day = datetime.date.fromisoformat(invoice["issued"][:10])
        for _ in range(pick([1, 1, 2, 4])):
            day = plus_days(day, pick([0, 1, 3, 14, 29, 30, 31]))
            share = pick([1, 1, 1, 0.5, 1.1])
            self.payments.append({
                "id": f"pay{len(self.payments) + 1}", "customer": invoice["customer"] if chance() < 0.8 else "",
                "invoice": name if chance() < 0.95 else pick(["", "unknown"]),
                "amount": f"{float(invoice['total']) * share:.2f}", "currency": invoice["currency"],
                "status": pick(["succeeded", "failed", "failed", "pending", "canceled"]),
                "created": self.moment(day) if chance() < 0.97 else "",
            })

    # Contracts

    def add_contracts(self, customer):
        pick, chance = self.random.choice, self.random.random
        for _ in range(pick([0, 1, 1, 2, 3])):
            start = self.day(plus_days(first_day(self.first), -60))
            end = plus_interval(start, "month", pick([1, 3, 12, 12, 12, 24, 36]))
            if chance() < 0.3:
                end = plus_days(start, pick([0, 1, 7, 14, 45, 100, 364, 365, 366, 500]))
            contract = self.contract(customer, start, end)
            if chance() < 0.35:
                self.add_steps(contract, customer, start, end)

    def contract(self, customer, start, end, **said):
        pick, chance = self.random.choice, self.random.random
        signed = plus_days(start, -pick([0, 1, 10, 45, 100, -5]))
        contract = {
            "id": f"{pick(['k', 'K', ''])}{len(self.contracts) + 1}", "number": "", "customer": customer, "ramp_of": "",
            "status": pick(["in_force"] * 8 + ["expired", "canceled", "draft", ""]),
            "signed": self.moment(signed) if chance() < 0.7 else "", "start": self.moment(start),
            "end": self.written_end(max(end, plus_days(start, 1)) if self.inclusive else end),
            "amount": pick(AMOUNTS + ["12000", "36000.50"]), "currency": pick(self.currencies),
            "cancellable": pick(["", "0", "1"]), "canceled": "", **said,
        }
        if chance() < 0.15:
            contract["canceled"] = self.moment(plus_days(start, pick([0, 20, 40, 100, 200, 400])))
        if chance() < 0.05:
            contract[pick(["amount", "start", "end"])] = ""
        if contract["start"] and contract["end"] and contract["end"] < contract["start"]:
            contract["end"] = contract["start"]
        self.contracts.append(contract)
        return contract

    def add_steps(self, ramp, customer, start, end):
        pick, chance = self.random.choice, self.random.random
        for _ in range(pick([1, 2, 3])):
            stop = plus_interval(start, "month", pick([1, 3, 6, 12]))
            name = ramp["id"] if chance() < 0.95 else "no-contract"
            step = self.contract(customer, start, stop, ramp_of=name, currency=ramp["currency"])
            if chance() < 0.5:
                step["signed"] = ""
            if chance() < 0.3 and name == ramp["id"]:
                step["customer"] = ""
            start = plus_days(stop, pick([0, 0, 0, 0, 31, -10]))

    def bill_contracts(self):
        """Invoices for contracts: some say for which, some have no lines."""
        pick, chance = self.random.choice, self.random.random
        for contract in self.contracts:
            if not contract["customer"] or chance() < 0.3 or not contract["start"] or not contract["amount"]:
                continue
            day = datetime.date.fromisoformat(contract["start"][:10])
            for _ in range(pick([1, 1, 2, 4])):
                invoice = self.add_invoice(contract["customer"], "", contract["currency"], plus_days(day, pick([-5, 0, 10])), 0)
                invoice["total"] = f"{float(contract['amount']) / pick([1, 2, 4]):.2f}"
                invoice["contract"] = contract["id"] if chance() < 0.4 else ""
                stop = plus_interval(day, "month", pick([1, 3, 12]))
                if chance() < 0.5:
                    invoice.update(self.written_period(day, stop, 0))
                else:
                    line = self.add_line(invoice, "", round(float(invoice["total"]) * 100), day, stop, 0)
                    line["contract"] = pick([contract["id"], contract["ramp_of"], "", "", "", "no-contract"])
                    line["kind"] = pick(["recurring", "", "", "one_time", "metered"])
                day = stop

    # Together

    def sales_files(self, folder):
        files = {}
        if self.has_charges:
            files.update(super().sales_files(folder))
        if self.basis != "contracts" or self.random.random() < 0.4 or self.answers.get("metered"):
            for customer in self.customers:
                self.bill_customer(customer)
                self.add_noise(customer)
            self.correct_invoices()
        if self.basis == "contracts" or self.random.random() < 0.2:
            for customer in self.customers:
                self.add_contracts(customer)
        if self.basis != "contracts" or self.answers.get("metered"):
            self.add_invoice(self.customers[0], "", "USD", first_day(self.first), 0)
            self.add_line(self.invoices[-1], "", 1000, first_day(self.first), end_of(self.first), 0)
        if self.basis == "contracts":
            self.contract(self.customers[0], first_day(self.first), end_of(self.first))
        self.bill_contracts()
        named = {
            "invoices": self.invoices if self.has_invoice_rows else [], "invoice_lines": self.lines,
            "credit_notes": self.notes, "payments": self.payments, "refunds": self.refunds, "contracts": self.contracts,
        }
        for entity, rows in named.items():
            if rows:
                self.random.shuffle(rows)
                files[entity] = [self.export(folder, entity, rows)]
        return files


class Cycle:
    """One subscription's billing from its start to its end."""

    def __init__(self, book, customer, subscription, start):
        self.book = book
        self.random = book.random
        self.customer = customer
        self.subscription = subscription
        self.start = start
        self.seconds = self.random.choice([0, 0, 1, 1800, 43_200, 84_600, 86_399])
        self.currency = self.random.choice(book.currencies)
        self.unit, self.count = self.random.choice(CYCLES)
        self.items = {}
        self.add_item()
        if self.random.random() < 0.3:
            self.add_item()
        # Prorations that wait for the next invoice: (plan, cents, start, end).
        self.waiting = []
        self.flags = self.random.random() < 0.93
        self.early = self.random.choice([0, 0, 0, 0, -3, 2, 10])

    def add_item(self):
        plan = self.random.choice([*self.book.plans, *self.book.plans, "no-such-plan", ""])
        row = self.book.plans.get(plan)
        if row and self.book.plans_know and self.random.random() < 0.9:
            row.update(interval_unit=self.unit, interval_count=str(self.count))
        self.items[plan] = self.random.choice(PRICES) * self.random.choice([1, 1, 1, 3])

    def bill(self):
        chance = self.random.random
        begin, limit = self.start, plus_days(end_of(self.book.last), 20)
        anchor, number = begin, 0
        while begin < limit and number < 36:
            number += 1
            end = plus_interval(anchor, self.unit, self.count * number)
            self.renew(begin, end)
            anchor, number, end = self.changed(anchor, number, begin, end)
            if chance() < 0.05:
                break
            if chance() < 0.04:
                end = plus_days(end, self.random.choice([1, 10, 40]))
                anchor, number = end, 0
            begin = end

    def renew(self, begin, end):
        book, chance = self.book, self.random.random
        issued = plus_days(begin, self.early)
        invoice = book.add_invoice(self.customer, self.subscription, self.currency, issued, self.seconds)
        for plan, cents, start, stop in self.waiting:
            self.prorated(invoice, plan, cents, start, stop)
        self.waiting = []
        for plan, cents in self.items.items():
            book.add_line(invoice, plan, cents, begin, end, self.seconds)
        before = plus_interval(begin, self.unit, -self.count)
        if before >= plus_days(self.start, -62) and chance() < 0.15:
            book.add_line(
                invoice, self.random.choice([*self.items, ""]), self.random.choice([0, 1, 1234, 7700]), before, begin,
                self.seconds, kind="metered")
        if chance() < 0.08:
            book.add_line(invoice, "", 1500, None, None, 0, kind=self.random.choice(["one_time", "tax", "fee"]))

    def prorated(self, invoice, plan, cents, start, stop):
        self.book.add_line(invoice, plan, cents, start, stop, self.seconds, proration="1" if self.flags else "0")

    def changed(self, anchor, number, begin, end):
        """What happens inside the period; returns the anchor, the periods since, and the period's end."""
        pick, chance = self.random.choice, self.random.random
        days = (end - begin).days
        if days < 2 or chance() > 0.2:
            return anchor, number, end
        day = plus_days(begin, self.random.randrange(1, days))
        if chance() < 0.2:
            day = min(max(last_day(month_of(day)), plus_days(begin, 1)), plus_days(end, -1))
        plan = pick(list(self.items))
        rest = (end - day).days
        credit = -round(self.items[plan] * rest / days)
        price = pick(PRICES)
        other = pick([*self.book.plans, plan])
        style = chance()
        if style < 0.15:
            # Seats given back: a part of the price is credited, and no longer billed.
            self.waiting.append((pick([plan, plan, ""]), round(credit / 2), day, end))
            self.items[plan] //= 2
            return anchor, number, end
        del self.items[plan]
        self.items[other] = price
        parts = [(plan, credit, day, end), (other, round(price * rest / days), day, end)]
        if style < 0.55:
            self.waiting += parts
            return anchor, number, end
        invoice = self.book.add_invoice(self.customer, self.subscription, self.currency, day, self.seconds)
        if style < 0.8:
            for part in parts:
                self.prorated(invoice, *part)
            return anchor, number, end
        # A new interval begins on the day itself; what is left of the old one is credited.
        self.unit, self.count = pick(CYCLES)
        self.prorated(invoice, *parts[0])
        stop = plus_interval(day, self.unit, self.count)
        self.book.add_line(invoice, other, price, day, stop, self.seconds)
        return day, 1, stop


def decimal(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // CENT}.{abs(cents) % CENT:02d}"
