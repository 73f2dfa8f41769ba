#!/usr/bin/env python3
"""Writes subscriptions as a billing API lists them, one JSON document a line: the same bytes for the same seed.

    generate.py FILE MEGABYTES [--seed N]

Nearly all of a document is nothing the mapping asks for, as in life: a subscription is about 3 KB, of which 12 fields are read.
Texts carry escapes and letters beyond ASCII, some amounts have decimals, some subscriptions several items.
"""

import argparse
import json
import random

START = 1_577_836_800
"""2020-01-01."""
DAYS = 5 * 365
NOTES = [
    "Renewal agreed by phone", "Zahlung per Lastschrift, Rückfrage offen", "She said \"call again\"\nin May",
    "réduction accordée", "two seats \\ three seats", "", "株式会社", "tab\tseparated",
]


def price(chance, number):
    yearly = chance.random() < 0.3
    cents = chance.randrange(500, 90_000)
    return {
        "id": f"price_{number:06d}", "object": "price", "active": True, "billing_scheme": "per_unit",
        "created": START, "currency": "usd", "custom_unit_amount": None, "livemode": True, "lookup_key": None,
        "metadata": {"tier": chance.choice(["basic", "team", "business"])}, "nickname": None,
        "product": f"prod_{number % 17:04d}",
        "recurring": {
            "aggregate_usage": None, "interval": "year" if yearly else "month", "interval_count": 1, "meter": None,
            "trial_period_days": None, "usage_type": "licensed",
        },
        "tax_behavior": "unspecified", "tiers_mode": None, "transform_quantity": None, "type": "recurring",
        "unit_amount": cents, "unit_amount_decimal": f"{cents}",
    }


def subscription(chance, number, prices):
    started = START + chance.randrange(DAYS) * 86_400 + chance.randrange(86_400)
    ended = started + chance.randrange(30, 900) * 86_400 if chance.random() < 0.4 else None
    identity = f"sub_{number:010d}"
    items = []
    for position in range(1 if chance.random() < 0.85 else 3):
        items.append({
            "id": f"si_{number:010d}_{position}", "object": "subscription_item", "billing_thresholds": None,
            "created": started, "discounts": [], "metadata": {}, "price": chance.choice(prices),
            "quantity": chance.randrange(1, 40), "subscription": identity, "tax_rates": [],
        })
    return {
        "id": identity, "object": "subscription", "application": None, "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": started, "billing_cycle_anchor_config": None, "billing_thresholds": None,
        "cancel_at": None, "cancel_at_period_end": False, "canceled_at": ended,
        "cancellation_details": {"comment": None, "feedback": None, "reason": "cancellation_requested" if ended else None},
        "collection_method": "charge_automatically", "created": started, "currency": "usd",
        "current_period_end": started + 31 * 86_400, "current_period_start": started,
        "customer": f"cus_{number * 7919 % 1_000_003:08d}", "days_until_due": None,
        "default_payment_method": f"pm_{number:012d}", "default_source": None, "default_tax_rates": [],
        "description": chance.choice(NOTES), "discount": None, "discounts": [], "ended_at": ended,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": {
            "object": "list", "data": items, "has_more": False, "total_count": len(items),
            "url": f"/v1/subscription_items?subscription={identity}",
        },
        "latest_invoice": f"in_{number:012d}", "livemode": True,
        "metadata": {"note": chance.choice(NOTES), "weight": round(chance.random(), 4), "order": str(number)},
        "next_pending_invoice_item_invoice": None, "on_behalf_of": None, "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"},
        "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None,
        "schedule": None, "start_date": started, "status": "canceled" if ended else "active", "test_clock": None,
        "transfer_data": None,
        "trial_end": None, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": None,
    }


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file")
    arguments.add_argument("megabytes", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    chance = random.Random(given.seed)
    prices = [price(chance, number) for number in range(200)]
    wanted, written, number = given.megabytes * 1_000_000, 0, 0
    with open(given.file, "w", encoding="utf-8", newline="\n") as output:
        while written < wanted:
            number += 1
            # Half of the writers in the field escape what is beyond ASCII.
            line = json.dumps(
                subscription(chance, number, prices), ensure_ascii=number % 2 == 0, separators=(",", ":")) + "\n"
            output.write(line)
            written += len(line.encode())
    print(f"{number} subscriptions, {written} bytes")


if __name__ == "__main__":
    main()
