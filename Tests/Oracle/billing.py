"""What was billed: invoices, their lines, and what was taken off them or given back afterwards."""

from fractions import Fraction
from types import SimpleNamespace

from segments import shared_out
from timeline import plus_days, start_of_day

MICRO = 1_000_000


def micro(text):
    """Written money has at most six decimals."""
    amount = Fraction(text or 0) * MICRO
    if amount.denominator != 1:
        raise ValueError(f"{text} has more than six decimals")
    return amount.numerator


class Billing:
    """`invoices` by id, `lines` with what their invoice says of them, `credit_notes`, `refunds`, `payments`."""

    def __init__(self, reader, subscriptions, plans):
        self.reader = reader
        self.subscriptions = subscriptions
        self.plans = plans
        self.invoices = {row["id"]: self.invoice(row) for row in reader.rows("invoices")}
        self.by_number = {}
        for invoice in sorted(self.invoices.values(), key=lambda invoice: invoice.id.encode(), reverse=True):
            if invoice.number:
                self.by_number[invoice.number] = invoice.id
        self.lines = [self.line(row) for row in reader.rows("invoice_lines")]
        self.lines_of = {}
        for line in self.lines:
            if line.names_invoice:
                self.lines_of.setdefault(line.invoice_id, []).append(line)
        self.payments = {row["id"]: self.payment(row) for row in reader.rows("payments")}
        self.refunds = [self.refund(row) for row in reader.rows("refunds")]
        self.credit_notes = [self.credit_note(row) for row in reader.rows("credit_notes")]

    # Rows

    def customer(self, row):
        return self.reader.directory.customer_of("billing", row["customer"]) if row.get("customer") else None

    def resolved(self, named):
        """A line names its invoice's id, else its number."""
        return named if named in self.invoices else self.by_number.get(named, named) if named else None

    def dated(self, row, *fields):
        """{field: day or None} and the moments of the same."""
        days = {field: self.reader.day(row, field) for field in fields}
        return days, {field: self.reader.moment(row, field) for field in fields}

    def invoice(self, row):
        days, moments = self.dated(row, "issued", "due", "period_start", "paid", "voided")
        return SimpleNamespace(
            id=row["id"],
            number=row.get("number") or None,
            customer=self.customer(row),
            subscription=row.get("subscription") or None,
            contract=row.get("contract") or None,
            status=row.get("status") or None,
            discount=micro(row.get("discount")),
            tax=micro(row.get("tax")),
            total=micro(row.get("total")),
            currency=row["currency"].upper(),
            period_end=self.reader.end(row, "period_end"),
            moments=moments,
            **days,
        )

    def line(self, row):
        invoice_id = self.resolved(row.get("invoice"))
        invoice = self.invoices.get(invoice_id)
        named = row.get("subscription") or (invoice.subscription if invoice else None)
        subscription = self.subscriptions.get(named)
        plan = self.plans.get(row.get("plan"), {})
        days, moments = self.dated(row, "issued", "period_start")
        start = moments["period_start"]
        issued = moments["issued"] or (invoice.moments["issued"] if invoice else None) or start
        kind = "metered" if plan.get("usage_type") == "metered" else "recurring"
        return SimpleNamespace(
            id=row["id"],
            invoice=invoice,
            names_invoice=invoice_id is not None,
            # A line without an invoice is one by itself.
            invoice_id=invoice_id or row["id"],
            customer=self.customer(row) or (invoice.customer if invoice else None)
            or (subscription.customer if subscription else None),
            subscription_id=named,
            subscription=subscription,
            contract=row.get("contract") or (invoice.contract if invoice else None),
            plan_id=row.get("plan") or None,
            plan_row=plan,
            plan=plan.get("name") or row.get("plan") or None,
            product=plan.get("product") or None,
            kind=row.get("kind") or kind,
            status=row.get("status") or (invoice.status if invoice else None),
            proration=row.get("proration") in ("1", "true", "True", "yes"),
            amount=micro(row["amount"]),
            discount=micro(row.get("discount")),
            quantity=Fraction(row.get("quantity") or 1),
            currency=row["currency"].upper(),
            issued=days["issued"] or (invoice.issued if invoice else None) or days["period_start"],
            issued_moment=issued,
            own_issued=days["issued"] or (invoice.issued if invoice else None),
            start=days["period_start"],
            end=self.reader.end(row, "period_end"),
            moments={"start": start, "end": self.reader.end_moment(row, "period_end")},
        )

    def whole_invoice(self, invoice):
        """An invoice whose lines nobody knows, as one line."""
        subscription = self.subscriptions.get(invoice.subscription)
        return SimpleNamespace(
            # No line is called so.
            id="invoice " + invoice.id, invoice_id=invoice.id, names_invoice=True, kind="recurring",
            contract=invoice.contract,
            customer=invoice.customer or (subscription.customer if subscription else None),
            subscription_id=invoice.subscription, currency=invoice.currency, amount=invoice.total - invoice.tax,
            own_issued=invoice.issued, start=invoice.period_start, end=invoice.period_end)

    def knows(self, invoice_id):
        return invoice_id in self.invoices or invoice_id in self.lines_of

    def whole_note(self, note):
        """A credit note of an invoice nobody knows, as a line."""
        return SimpleNamespace(
            id=note.id, invoice_id=note.id, kind="recurring", contract=None, customer=note.customer, subscription_id=None,
            own_issued=note.issued, start=None)

    def payment(self, row):
        days, moments = self.dated(row, "created")
        return SimpleNamespace(
            id=row["id"], customer=self.customer(row), invoice_id=self.resolved(row.get("invoice")),
            amount=micro(row["amount"]), currency=row["currency"].upper(), status=row["status"], moments=moments, **days)

    def refund(self, row):
        days, moments = self.dated(row, "created")
        payment = self.payments.get(row.get("payment"))
        return SimpleNamespace(
            id=row["id"],
            payment=payment,
            invoice_id=self.resolved(row.get("invoice")) or (payment.invoice_id if payment else None),
            amount=micro(row["amount"]), currency=row["currency"].upper(),
            status=row.get("status") or "succeeded", moments=moments, **days)

    def credit_note(self, row):
        days, moments = self.dated(row, "issued")
        return SimpleNamespace(
            id=row["id"], invoice_id=self.resolved(row.get("invoice")), amount=micro(row["amount"]),
            tax=micro(row.get("tax")), currency=row["currency"].upper(), status=row.get("status") or "issued",
            customer=self.customer(row), moments=moments, **days)

    # What is left of each line

    def standing(self):
        """Lines of invoices that were issued and stand."""
        return [line for line in self.lines if line.status not in ("draft", "void")]

    def nets(self, with_discounts=True, at_least_zero=True):
        """{line id: net amount} of what was billed, each discount taken off; a price is at least 0, what is billed not."""
        nets = {}
        for line in self.standing():
            net = less_discount(line) if at_least_zero else line.amount - line.discount
            nets[line.id] = net if with_discounts else line.amount
        if with_discounts:
            for invoice in self.invoices.values():
                shares = self.take_off(nets, invoice.id, invoice.currency, invoice.discount, ("tax", "fee"))
                # Fees bear what nothing else can: there is nothing else left now.
                self.take_off(nets, invoice.id, invoice.currency, invoice.discount - sum(shares.values()), ("tax",))
        return nets

    def take_off(self, nets, invoice_id, currency, amount, never):
        """Shares an amount over the invoice's lines of positive net; returns what each gave."""
        lines = [
            line for line in self.lines_of.get(invoice_id, [])
            if nets.get(line.id, 0) > 0 and line.kind not in never and line.currency == currency
        ]
        weights = {line.id: nets[line.id] for line in lines}
        if not weights or amount <= 0:
            return {}
        shares = shared_out(min(amount, sum(weights.values())), weights)
        for name, share in shares.items():
            nets[name] -= share
        return shares

    def credited(self, nets, with_refunds):
        """Takes credit notes and refunds off the nets, in one sum an invoice; returns the lines they brought to 0."""
        sums = {}
        for note in self.credit_notes:
            if note.status != "void" and note.amount > 0:
                sums[note.invoice_id, note.currency] = sums.get((note.invoice_id, note.currency), 0) + note.amount
        for refund in self.refunds if with_refunds else []:
            if refund.status == "succeeded" and refund.amount > 0:
                key = refund.invoice_id, refund.currency
                sums[key] = sums.get(key, 0) + refund.amount
        gone = set()
        for (invoice_id, currency), amount in sums.items():
            shares = self.take_off(nets, invoice_id, currency, amount, ("tax", "fee"))
            gone.update(name for name, share in shares.items() if share and nets[name] == 0)
        return gone

    def unpaid_until(self, line, days):
        """The day on which an uncollectible invoice stops to count, and its moment."""
        due = line.invoice.due if line.invoice and line.invoice.due else line.issued
        day = plus_days(due, days)
        return day, start_of_day(day, self.reader.zone)


def less_discount(line):
    """A discount takes at most everything."""
    net = line.amount - line.discount
    return max(net, 0) if line.amount >= 0 else min(net, 0)
