"""Why a customer pays more: more of it, a dearer one, another plan, or an added product."""

from fractions import Fraction

EXPANSION_PARTS = ["quantity", "price_increase", "upsell", "cross_sell"]


def expansion_parts(step, value):
    """The step's rise in whole parts, by largest remainder over the rises of each kind, ties in their order."""
    before, after = by_plan(step.before, value), by_plan(step.after, value)
    rises = dict.fromkeys(EXPANSION_PARTS, 0)
    swapped = {}
    for plan in {*before, *after}:
        if plan in before and plan in after:
            kind = "price_increase" if before[plan][0] == after[plan][0] else "quantity"
            rises[kind] += max(0, after[plan][1] - before[plan][1])
        else:
            product = plan[1]
            swapped[product] = swapped.get(product, 0) + after.get(plan, (0, 0))[1] - before.get(plan, (0, 0))[1]
    for product, rise in swapped.items():
        had = any(plan[1] == product for plan in before)
        rises["upsell" if had else "cross_sell"] += max(0, rise)
    return in_order_shared(sum(map(value, step.after)) - sum(map(value, step.before)), rises)


def by_plan(items, value):
    """{(plan, product): (quantity, worth)}, charges of one plan together."""
    found = {}
    for item in items:
        plan = item.charge.plan_id, item.charge.product
        quantity, worth = found.get(plan, (0, 0))
        found[plan] = quantity + item.charge.quantity, worth + value(item)
    return found


def in_order_shared(amount, weights):
    """Largest remainder; ties go to the earlier."""
    total = sum(weights.values())
    exact = {name: Fraction(amount * weight, total) for name, weight in weights.items()}
    shares = {name: exact[name].numerator // exact[name].denominator for name in weights}
    for name in sorted(weights, key=lambda name: shares[name] - exact[name])[: amount - sum(shares.values())]:
        shares[name] += 1
    return shares
