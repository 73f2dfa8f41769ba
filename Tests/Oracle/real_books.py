"""The two public books beside the checkout, when they are there, and how their columns are read."""

import os


def shared_folder():
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in (os.environ.get("PERENNIAL_SHARED"), os.path.join(here, "..", "..", "..", "shared")):
        if folder and os.path.isdir(os.path.join(folder, "data", "playbook")):
            return os.path.abspath(folder)
    return None


def playbook_settings(exports):
    return {
        "currency": "USD",
        "complete_through": "2020-02-29",
        "dimensions": {"arr_band": {"band": "arr", "bounds": [500, 1000]}, "currency": {"charge": "currency"}},
        "files": {
            "charges": [{
                "path": exports + "subscription_periods.csv",
                "columns": {
                    "id": "subscription_id", "customer": "customer_id", "start": "start_date", "end": "end_date",
                    "amount": "monthly_amount",
                },
                "constants": {"currency": "USD", "interval_unit": "month"},
            }],
        },
    }


def ravenstack_settings(exports):
    """`mrr_amount` is a month's price of all seats; a trial's is 0, and `is_trial` says so; ends are exclusive."""
    return {
        "currency": "USD",
        "complete_through": "2024-12-31",
        "dimensions": {
            "industry": {"attribute": "industry"},
            "country": {"attribute": "country"},
            "plan": {"charge": "plan"},
        },
        "files": {
            "customers": [{
                "path": exports + "ravenstack_accounts.csv",
                "columns": {
                    "id": "account_id", "name": "account_name", "country": "country", "created": "signup_date",
                    "industry": "industry",
                },
            }],
            "charges": [{
                "path": exports + "ravenstack_subscriptions.csv",
                "columns": {
                    "id": "subscription_id", "customer": "account_id", "start": "start_date", "end": "end_date",
                    "plan": "plan_tier", "amount": "mrr_amount", "trial": "is_trial",
                },
                "constants": {"currency": "USD", "interval_unit": "month"},
                "values": {"trial": {"True": "1", "False": "0"}},
            }],
        },
    }
