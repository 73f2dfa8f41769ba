"""The policy: every key the calculator honours, as `standard@1` has it."""

from fractions import Fraction

STANDARD = {
    "statuses": ["active", "past_due"],
    "unpaid": "churn_when_unpaid",
    "unpaid_days": 30,
    "trials": "exclude",
    "discount_forever": "subtract",
    "discount_repeating": "subtract",
    "discount_once": "ignore",
    "fully_discounted": "not_customer",
    "metered": "exclude",
    "week_factor": "52/12",
    "day_factor": "365/12",
    "churn_at": "ended",
    "paused": "zero",
    "grace_days": 0,
    "reactivation_window": None,
    "customer_is": "account",
    "rate_date": "month_end",
    "churn_base": "opening",
    "ltv_churn": "month",
    "ltv_margin": "use",
    "net_churn_offset": "expansion",
    "quick_ratio_reactivation": "count",
    "cmrr_horizon": 12,
}


def policy_with(overrides):
    unknown = set(overrides) - set(STANDARD)
    if unknown:
        raise ValueError(f"unknown policy keys: {sorted(unknown)}")
    policy = {**STANDARD, **overrides}
    if policy["reactivation_window"] == "none":
        policy["reactivation_window"] = None
    return policy


def monthly_factor(policy, unit, count):
    """By what a price per interval is multiplied to be a price per month."""
    factors = {
        "day": Fraction(policy["day_factor"]),
        "week": Fraction(policy["week_factor"]),
        "month": Fraction(1),
        "year": Fraction(1, 12),
    }
    return factors[unit] / count
