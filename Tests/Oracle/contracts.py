"""MRR of signed contracts: the value of a term spread over its months, each step of a ramp by itself."""

from fractions import Fraction
from types import SimpleNamespace

from invoiced import term
from policy import monthly_factor
from timeline import end_of, last_day, plus_days, reached


def read_contracts(reader):
    """All rows with a customer."""
    rows = {row["id"]: row for row in reader.rows("contracts")}
    found = []
    for row in rows.values():
        parent = rows.get(row.get("ramp_of"), {})
        customer = row.get("customer") or parent.get("customer")
        # What ends the whole ramp ends each step that says nothing else.
        ending = row if row.get("canceled") else {**row, "canceled": parent.get("canceled")}
        found.append(SimpleNamespace(
            id=row["id"],
            customer=reader.directory.customer_of("billing", customer) if customer else None,
            ramp_of=row.get("ramp_of") if row.get("ramp_of") != row["id"] else None,
            status=row.get("status") or None,
            signed=reader.day(row, "signed"),
            start=reader.day(row, "start"),
            end=reader.end(row, "end"),
            canceled=reader.day(ending, "canceled"),
            amount=Fraction(row["amount"]) if row.get("amount") else None,
            currency=(row.get("currency") or reader.settings["currency"]).upper(),
            cancellable=row["cancellable"] in ("1", "true", "True", "yes") if row.get("cancellable") else None,
            moments={
                "start": reader.moment(row, "start"),
                "end": reader.end_moment(row, "end"),
                "canceled": reader.moment(ending, "canceled"),
            },
            # As any charge.
            plan_id=None, plan=None, product=None, quantity=1, subscription=None, proven_from=None, discount_duration=None, grade="exact",
        ))
    return found


class Contracts:
    def __init__(self, book):
        self.policy = book.policy
        self.rows = {contract.id: contract for contract in book.contracts}
        whole = [contract for contract in book.contracts if is_whole(contract)]
        self.ramps = {contract.ramp_of for contract in whole}
        self.counted = [contract for contract in whole if contract.id not in self.ramps]

    def price(self, contract, time):
        if not reached(contract, "start", time) or reached(contract, "end", time) or reached(contract, "canceled", time):
            return None
        return max(contract.amount, 0) * monthly_factor(self.policy, *term(contract.start, contract.end))

    def moments(self, contract):
        return contract.moments.values()

    # What is signed but not yet so

    def units(self):
        """{id: its steps}, a contract without steps being its own."""
        units = {}
        for contract in self.counted:
            units.setdefault(contract.ramp_of or contract.id, []).append(contract)
        return units

    def signed(self, name, steps):
        parent = self.rows.get(name)
        if parent and parent.signed and parent.status != "draft":
            return parent.signed
        signed = [step.signed for step in steps if step.signed]
        return min(signed or [step.start for step in steps])

    def scheduled(self, month, horizon):
        """(contract, sign, price): what counts more, and what counts less, at the horizon's end than at the month's."""
        close, target = last_day(month), last_day(month + horizon)
        for name, steps in self.units().items():
            if self.signed(name, steps) >= end_of(month):
                continue
            lasting = [(step.start, stop(step)) for step in steps if step.start < stop(step)]
            if not lasting:
                continue
            first, last = min(start for start, _ in lasting), max(end for _, end in lasting)
            in_force = any(start <= close < end for start, end in lasting)
            if not (in_force or first > close) or first > target:
                continue
            then = target if last > target else plus_days(last, -1)
            for sign, day in ((1, then), (-1, close)):
                for step in steps:
                    price = self.price(step, day)
                    if price is not None:
                        yield step, sign, price


def is_whole(contract):
    return (
        contract.status != "draft" and contract.customer is not None and contract.amount is not None
        and contract.start is not None and contract.end is not None and contract.start < contract.end
    )


def stop(contract):
    return min(contract.end, contract.canceled) if contract.canceled else contract.end
