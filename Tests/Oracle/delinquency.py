"""Payments that failed, invoices that are overdue, and customers lost that way."""

from fractions import Fraction

from timeline import At, day_at, end_of, first_day, last_day, month_of, plus_days

AGES = (("receivables_0_30", 30), ("receivables_31_60", 60), ("receivables_61_90", 90), ("receivables_over_90", None))


class Delinquency:
    def __init__(self, book, counting, valued, movements, rates):
        self.book = book
        self.counting = counting
        self.valued = valued
        self.movements = movements
        self.rates = rates
        self.zone = book.settings.get("zone", "UTC")
        self.payments = [payment for payment in book.billing.payments.values() if payment.created]
        self.attempts = {}
        for payment in self.payments:
            if payment.invoice_id and payment.status in ("failed", "succeeded"):
                self.attempts.setdefault(payment.invoice_id, []).append(payment)

    def figures(self, months):
        if "payments" in self.book.fed:
            failed = [payment for payment in self.payments if payment.status == "failed"]
            yield "failed_payments", sum(month_of(payment.created) in months for payment in failed)
            yield "recovered_payments", sum(
                month_of(first.created) in months and self.is_recovered(invoice_id)
                for invoice_id, first in self.first_failures.items())
            yield "involuntary_churn_share", self.involuntary_share(months)
        if "invoices" in self.book.fed:
            yield "delinquent_mrr", self.delinquent_mrr(months[-1])
            yield from self.receivables(months[-1])

    @property
    def first_failures(self):
        """{invoice: the first payment of it that failed}"""
        failed = {
            name: [payment for payment in attempts if payment.status == "failed"]
            for name, attempts in self.attempts.items()
        }
        return {
            name: min(payments, key=lambda payment: payment.moments["created"])
            for name, payments in failed.items() if payments
        }

    def is_recovered(self, invoice_id):
        first = self.first_failures.get(invoice_id)
        return first is not None and any(
            payment.status == "succeeded" and payment.moments["created"] >= first.moments["created"]
            and payment.created <= plus_days(first.created, 30)
            for payment in self.attempts[invoice_id])

    # Customers

    def customer_of(self, row, subscription_id=None):
        subscription = self.book.subscriptions.get(subscription_id)
        name = row.customer or (subscription.customer if subscription else None)
        return self.counting.counted_customer(name) if name else None

    def standing(self):
        return [
            invoice for invoice in self.book.billing.invoices.values()
            if invoice.status not in ("draft", "void", "uncollectible")
        ]

    def delinquent_mrr(self, month):
        end = end_of(month)
        late = {
            self.customer_of(invoice, invoice.subscription) for invoice in self.standing()
            if invoice.issued and invoice.issued < end and (invoice.due or invoice.issued) < end
            and not self.is_paid(invoice, end)
        }
        return sum(self.valued.reported(customer, month) for customer in self.valued.customers if customer in late)

    def is_paid(self, invoice, end):
        return invoice.paid < end if invoice.paid else invoice.status == "paid"

    def involuntary_share(self, months):
        lost = involuntary = 0
        for month in months:
            if month < self.valued.first_month:
                continue
            value = self.valued.at(month)
            for customer in self.valued.customers:
                for step in self.movements.steps(customer, month):
                    if step.kind == "churn":
                        amount = sum(map(value, step.before)) - sum(map(value, step.after))
                        lost += amount
                        if self.failed_last(customer, self.leaving_day(customer, month)):
                            involuntary += amount
        return Fraction(involuntary, lost) if lost else None

    def leaving_day(self, customer, month):
        """The latest day of the month on which anything that counted ends; its first, if grace alone kept it."""
        times = [At(moment, day_at(moment, self.zone)) for moment in self.movements.events.moments(customer)]
        leaving, before = first_day(month), {}
        for time in times:
            now = {id(item.charge): item.monthly for item in self.counting.items(customer, time)}
            if month_of(time.day) == month and any(now.get(charge) != price for charge, price in before.items()):
                leaving = time.day
            before = now
        return leaving

    def failed_last(self, customer, leaving):
        own = []
        for payment in self.payments:
            invoice = self.book.billing.invoices.get(payment.invoice_id)
            if payment.status in ("failed", "succeeded") and plus_days(leaving, -60) <= payment.created <= leaving:
                if (self.customer_of(payment) or (invoice and self.customer_of(invoice, invoice.subscription))) == customer:
                    own.append(payment)
        if not own:
            return False
        last = max(own, key=lambda payment: (payment.moments["created"], payment.id.encode()))
        return last.status == "failed" and not self.is_recovered(last.invoice_id)

    # What is owed

    def receivables(self, month):
        end = end_of(month)
        native = {name: {} for name, _ in AGES}
        for invoice in self.standing():
            if not invoice.issued or invoice.issued >= end or self.is_paid(invoice, end):
                continue
            age = (last_day(month) - (invoice.due or invoice.issued)).days
            name = next(name for name, days in AGES if days is None or age <= days)
            sums = native[name]
            sums[invoice.currency] = sums.get(invoice.currency, 0) + max(0, invoice.total - self.settled(invoice, end))
        for name, sums in native.items():
            yield name, sum(
                round(amount * self.rates.of_balance(currency, month)) for currency, amount in sums.items() if amount)

    def settled(self, invoice, end):
        paid = sum(
            payment.amount for payment in self.payments
            if payment.invoice_id == invoice.id and payment.currency == invoice.currency
            and payment.status == "succeeded" and payment.created < end)
        return paid + sum(
            note.amount + note.tax for note in self.book.billing.credit_notes
            if note.invoice_id == invoice.id and note.currency == invoice.currency
            and note.status != "void" and note.issued and note.issued < end)
