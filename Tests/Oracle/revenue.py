"""Billings, recognized revenue and what is deferred; contracts signed and what is left of them.

Everything is a list of entries: billed on one day, recognized straight line over its days of service. Days only.
"""

from collections import namedtuple
from fractions import Fraction

from invoiced import term
from memory import remembered
from policy import monthly_factor
from rates import to_twelve_decimals
from segments import shared_out
from timeline import end_of, first_day, month_of, plus_days

MICRO = 1_000_000
# billed_on is None for what a contract earns by itself; recognizes is False for what is billed under a contract.
Entry = namedtuple("Entry", "unit currency amount billed_on start end until recognizes")


def earned(entry, end):
    """What is recognized before the day `end`, in micro-units."""
    if not entry.recognizes:
        return 0
    gone = (min(end, entry.until) - entry.start).days
    return round(Fraction(entry.amount * max(0, gone), (entry.end - entry.start).days))


class Revenue:
    def __init__(self, book, contracts, rates, first_month):
        self.book = book
        self.contracts = contracts
        self.rates = rates
        self.first_month = first_month
        self.units = contracts.units()
        self.is_fed = bool({"invoices", "invoice_lines", "contracts"} & book.fed)
        self.entries = [*self.billed_entries(), *self.contract_entries()]

    # Entries

    def contract_entries(self):
        for name, steps in self.units.items():
            for step in steps:
                yield self.earning(name, step)

    def earning(self, name, step):
        return Entry(
            ("contract", name), step.currency, round(step.amount * MICRO), None, step.start, step.end, self.over(step), True)

    def of_ramp(self, step, field):
        """A step's own, else its ramp's."""
        parent = self.contracts.rows.get(step.ramp_of)
        own = getattr(step, field)
        return getattr(parent, field) if own is None and parent else own

    def over(self, step):
        return min(max(step.canceled, step.start), step.end) if step.canceled else step.end

    def billed_lines(self):
        """(line, net) of all that is billed."""
        billing = self.book.billing
        nets = billing.nets(at_least_zero=False)
        lines = [line for line in billing.standing() if line.kind != "tax" and line.own_issued]
        for invoice in billing.invoices.values():
            if invoice.id not in billing.lines_of and invoice.status not in ("draft", "void") and invoice.issued:
                line = billing.whole_invoice(invoice)
                nets[line.id] = line.amount
                lines.append(line)
        return [(line, nets[line.id]) for line in lines]

    def billed_entries(self):
        lines_of = {}
        for line, net in self.billed_lines():
            yield self.entry(line, net, line.currency, line.own_issued, line.start, line.end)
            if line.names_invoice:
                lines_of.setdefault(line.invoice_id, []).append((line, net))
        standing = {}
        in_force = [note for note in self.book.billing.credit_notes if note.status != "void" and note.issued]
        for note in sorted(in_force, key=lambda note: (note.issued, note.id.encode())):
            credited = {line.id: (line, net) for line, net in lines_of.get(note.invoice_id, [])}
            if not self.book.billing.knows(note.invoice_id):
                line = self.book.billing.whole_note(note)
                yield self.entry(line, -note.amount, note.currency, note.issued, None, None)
            elif credited:
                shares = shared_out(note.amount, {name: max(0, net) for name, (_, net) in credited.items()})
                for name, share in shares.items():
                    line, net = credited[name]
                    start = max(note.issued, line.start) if line.start else None
                    if start is None or line.end is None or start >= line.end or self.unit(line)[1] \
                            or note.currency != line.currency:
                        yield self.entry(line, -share, note.currency, note.issued, start, line.end)
                        continue
                    # Of what is still to come as far as it goes, of what was earned at once.
                    parts = standing.setdefault(
                        name, [self.entry(line, net, line.currency, line.own_issued, line.start, line.end)])
                    ahead = min(share, max(0, sum(part.amount - earned(part, note.issued) for part in parts)))
                    if ahead:
                        parts.append(self.entry(line, -ahead, note.currency, note.issued, start, line.end))
                        yield parts[-1]
                    if ahead < share:
                        yield self.entry(line, ahead - share, note.currency, note.issued, None, None)

    def entry(self, line, amount, currency, day, start, end):
        unit, under_contract = self.unit(line)
        if start is None or end is None or start >= end:
            start, end = day, plus_days(day, 1)
        return Entry(unit, currency, amount, day, start, end, end, not under_contract)

    def unit(self, line):
        """(what it is billed for, whether that is a contract)"""
        named = self.contracts.rows.get(line.contract)
        for unit in (line.contract, named.ramp_of if named else None):
            if unit in self.units:
                return ("contract", unit), True
        day = line.start or line.own_issued
        covering = {
            name for name, steps in self.units.items() for step in steps
            if line.customer and step.customer == line.customer and step.start <= day < self.over(step)
        }
        # Usage, one-time work and fees are under a contract only where they name it.
        if len(covering) == 1 and line.kind == "recurring":
            return ("contract", covering.pop()), True
        if line.subscription_id:
            return ("subscription", line.subscription_id), False
        return ("customer", line.customer) if line.customer else ("invoice", line.invoice_id), False

    # Sums in native currency

    @remembered
    def billed_before(self, end):
        """{(unit, currency): micro-units}"""
        sums = {}
        for entry in self.entries:
            if entry.billed_on and entry.billed_on < end:
                add(sums, (entry.unit, entry.currency), entry.amount)
        return sums

    @remembered
    def earned_before(self, end):
        sums = {}
        for entry in self.entries:
            add(sums, (entry.unit, entry.currency), earned(entry, end))
        return sums

    def billings(self, month):
        return by_currency(difference(self.billed_before(end_of(month)), self.billed_before(first_day(month))))

    def recognized(self, month):
        return by_currency(difference(self.earned_before(end_of(month)), self.earned_before(first_day(month))))

    @remembered
    def owed(self, end):
        """{(unit, currency): billed less recognized}"""
        return difference(self.billed_before(end), self.earned_before(end))

    def deferred(self, month):
        return by_currency({key: max(0, rest) for key, rest in self.owed(end_of(month)).items()})

    def contract_asset(self, month):
        return by_currency({key: max(0, -rest) for key, rest in self.owed(end_of(month)).items()})

    # Contracts

    def bookings(self, month):
        sums = {}
        for steps in self.units.values():
            for step in steps:
                signed = self.of_ramp(step, "signed")
                if signed and month_of(signed) == month:
                    add(sums, step.currency, round(step.amount * MICRO))
        return sums

    def in_force(self, month):
        return [
            step for steps in self.units.values() for step in steps if step.start < end_of(month) <= self.over(step)]

    def total_value(self, month):
        sums = {}
        for step in self.in_force(month):
            add(sums, step.currency, round(step.amount * MICRO))
        return sums

    def yearly_value(self, month):
        sums = {}
        for step in self.in_force(month):
            monthly = step.amount * monthly_factor(self.book.policy, *term(step.start, step.end))
            add(sums, step.currency, round(12 * monthly * MICRO))
        return sums

    def is_binding(self, step, end):
        """Signed by then, not over and not to be canceled."""
        return not self.of_ramp(step, "cancellable") and self.known_from(step) < end < self.over(step)

    def known_from(self, step):
        return self.of_ramp(step, "signed") or step.start

    @remembered
    def remaining(self, month, within=None):
        """{currency: rpo}; with a day, what of it is recognized by then."""
        end = end_of(month)
        total, bound = {}, set()
        for name, steps in self.units.items():
            for step in steps:
                if self.is_binding(step, end):
                    entry = self.earning(name, step)
                    bound.add((entry.unit, entry.currency))
                    left = earned(entry, within) if within else max(0, entry.amount)
                    add(total, step.currency, max(0, left - earned(entry, end)))
        coming = self.coming(end, within) if within else {}
        for (unit, currency), rest in self.owed(end).items():
            if (unit, currency) not in bound:
                left = max(0, rest)
                add(total, currency, min(left, max(0, coming.get((unit, currency), 0))) if within else left)
        return total

    def coming(self, end, within):
        """{(unit, currency): what is recognized between the days} of what is billed, and of what is signed, before `end`."""
        entries = [entry for entry in self.entries if entry.billed_on and entry.billed_on < end]
        for name, steps in self.units.items():
            entries += [self.earning(name, step) for step in steps if min(self.known_from(step), step.start) < end]
        sums = {}
        for entry in entries:
            add(sums, (entry.unit, entry.currency), earned(entry, within) - earned(entry, end))
        return sums

    # Figures in the reporting currency

    def flow(self, native, month):
        return sum(round(amount * self.rates.of_month(currency, month)) for currency, amount in native.items() if amount)

    def balance(self, native, month):
        return sum(
            round(amount * self.rates.of_balance(currency, month)) for currency, amount in native.items() if amount)

    @remembered
    def revenue(self, month):
        return self.flow(self.recognized(month), month)

    @property
    def first_known(self):
        """The first month in which anything is billed or served."""
        days = [entry.billed_on for entry in self.entries if entry.billed_on] + [entry.start for entry in self.entries]
        return month_of(min(days)) if days else None

    def covers(self, months):
        """Whether revenue is known in all of them."""
        return self.is_fed and self.first_known is not None and max(min(months), self.first_month) >= self.first_known

    def figures(self, months, grain):
        fed, last = self.book.fed, months[-1]
        if {"invoices", "invoice_lines"} & fed:
            yield "billings", sum(self.flow(self.billings(month), month) for month in months)
        if "contracts" in fed:
            yield "bookings", sum(self.flow(self.bookings(month), month) for month in months)
            yield "tcv", self.balance(self.total_value(last), last)
            yield "acv", self.balance(self.yearly_value(last), last)
        if not self.is_fed:
            return
        yield "recognized_revenue", sum(map(self.revenue, months))
        yield "deferred_revenue", self.balance(self.deferred(last), last)
        yield "contract_asset", self.balance(self.contract_asset(last), last)
        yield from self.waterfall(months)
        yield "rpo", self.balance(self.remaining(last), last)
        yield "crpo", self.balance(self.remaining(last, end_of(last + 12)), last)
        prior = [month - (12 if grain == "month" else len(months)) for month in months]
        yield "revenue_growth_constant", self.growth(months, prior)

    def waterfall(self, months):
        before, last = months[0] - 1, months[-1]
        opening = self.balance(self.deferred(before), before)
        change = self.balance(self.contract_asset(last), last) - self.balance(self.contract_asset(before), before)
        billed = sum(self.flow(self.billings(month), month) for month in months)
        closing = self.balance(self.deferred(last), last)
        yield "deferred_revenue_opening", opening
        yield "contract_asset_change", change
        yield "deferred_revenue_fx", closing - opening - billed + sum(map(self.revenue, months)) - change

    def growth(self, months, prior):
        if min(prior) < self.first_month:
            return None
        before = sum(map(self.revenue, prior))
        native = {}
        for month in months:
            for currency, amount in self.recognized(month).items():
                add(native, currency, amount)
        now = 0
        for currency, amount in native.items():
            if amount:
                rates = [to_twelve_decimals(self.rates.of_month(currency, month)) for month in prior]
                now += round(amount * to_twelve_decimals(sum(rates) / len(rates)))
        return Fraction(now, before) - 1 if before > 0 else None


def add(sums, key, amount):
    sums[key] = sums.get(key, 0) + amount


def difference(later, earlier):
    return {key: later.get(key, 0) - earlier.get(key, 0) for key in {*later, *earlier}}


def by_currency(sums):
    total = {}
    for (_, currency), amount in sums.items():
        add(total, currency, amount)
    return total
