"""A company's life on localstripe, month by month, and what its MRR is by the company's own books.

usage: localstripe_company.py URL BOOKS STEP      STEP is the month, from 0; BOOKS the file that the steps hand on
       localstripe_company.py BOOKS               prints `YYYY-MM<TAB>micro-units` for every month end so far

The service is only ever told what happens; the figures come from what was told to it, never from what it answers.
"""
import calendar
import json
import os
import random
import sys
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from fractions import Fraction

YEAR = 2024
open_url = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def instant(step, day, hour=12):
    year, month = YEAR + step // 12, step % 12 + 1
    day = min(day, calendar.monthrange(year, month)[1])
    return int(datetime(year, month, day, hour, tzinfo=timezone.utc).timestamp())


def call(url, method="POST", **fields):
    data = urllib.parse.urlencode(fields).encode() if fields else None
    request = urllib.request.Request(url, data=data, method=method, headers={"Authorization": "Bearer sk_test_key"})
    return json.loads(open_url(request).read() or b"{}")


def settle(base, clock):
    open_url(urllib.request.Request(f"{base}/_test/clock?now={clock}", method="POST")).read()


def live(base, books, step):
    chance = random.Random(f"localstripe-{step}")
    api = base + "/v1"
    if not books["plans"]:
        settle(base, instant(step, 1, 0))
        product = call(f"{api}/products", name="Seats", type="service")["id"]
        for amount, interval in [(999, "month"), (2500, "month"), (9_999, "year"), (123_457, "year")]:
            plan = call(f"{api}/plans", product=product, amount=amount, currency="usd", interval=interval, usage_type="licensed")
            books["plans"].append([plan["id"], amount, interval])

    events = [(chance.randint(1, 28), "join") for _ in range(chance.randint(7, 12))]
    events += [(chance.randint(2, 28), "leave") for _ in range(chance.randint(0, 4))]
    # Of another quantity the service's events say nothing: only a read of everything sees it, and each third month has one.
    events += [(chance.randint(2, 28), "resize") for _ in range(chance.randint(2, 5)) if step % 3 == 0]
    events.append((chance.randint(2, 28), "unpaid"))
    for day, what in sorted(events):
        clock = instant(step, day)
        settle(base, clock)
        there = [key for key, terms in books["subscriptions"].items() if terms[-1]["to"] is None]
        if what in ("join", "unpaid"):
            customer = call(f"{api}/customers", name=f"Company {len(books['subscriptions'])}", email="a@example.com")["id"]
            # A card that can be kept but not charged leaves the subscription incomplete.
            card = "4242424242424242" if what == "join" else "4000000000000341"
            method = call(f"{api}/payment_methods", **{
                "type": "card", "card[number]": card, "card[exp_month]": 12, "card[exp_year]": 2040, "card[cvc]": 123})["id"]
            call(f"{api}/payment_methods/{method}/attach", customer=customer)
            call(f"{api}/customers/{customer}", **{"invoice_settings[default_payment_method]": method})
            plan, amount, interval = chance.choice(books["plans"])
            seats = chance.randint(1, 9)
            found = call(f"{api}/subscriptions", **{
                "customer": customer, "items[0][plan]": plan, "items[0][quantity]": seats})
            # One that was never paid for is none.
            if what == "join":
                books["subscriptions"][found["id"]] = [
                    {"from": clock, "to": None, "plan": plan, "amount": amount, "interval": interval, "seats": seats}]
        elif what == "leave" and there:
            key = chance.choice(there)
            call(f"{api}/subscriptions/{key}", method="DELETE")
            books["subscriptions"][key][-1]["to"] = clock
        elif what == "resize" and there:
            key = chance.choice(there)
            last = books["subscriptions"][key][-1]
            seats = last["seats"] % 9 + 1
            call(f"{api}/subscriptions/{key}", **{"items[0][plan]": last["plan"], "items[0][quantity]": seats})
            last["to"] = clock
            books["subscriptions"][key].append(dict(last, **{"from": clock, "to": None, "seats": seats}))
    settle(base, instant(step, 31, 20))
    books["months"] = step + 1


def micro_units(value):
    return round(value)  # of a Fraction: half to even


def expected(books):
    for step in range(books["months"]):
        close = instant(step + 1, 1, 0)
        total = 0
        for terms in books["subscriptions"].values():
            for term in terms:
                if term["from"] < close and (term["to"] is None or term["to"] >= close):
                    months = 12 if term["interval"] == "year" else 1
                    total += micro_units(Fraction(term["amount"] * term["seats"] * 10_000, months))
        print(f"{YEAR + step // 12}-{step % 12 + 1:02}\t{total}")


if __name__ == "__main__":
    path = sys.argv[-2] if len(sys.argv) == 4 else sys.argv[1]
    books = {"plans": [], "subscriptions": {}, "months": 0}
    if os.path.exists(path):
        books = json.load(open(path))
    if len(sys.argv) == 4:
        live(sys.argv[1], books, int(sys.argv[3]))
        json.dump(books, open(path, "w"))
    else:
        expected(books)
