"""How sure a figure is: the worst of the charges in force at the month ends it is made of, in its segment.

A charge is exact from the day on which its source proves it: one that takes its price from a plan from the first
snapshot of that plan on. Before that its price is carried back, and what rests on it is assumed. What is counted from
invoices is reconstructed.
"""

from memory import remembered
from timeline import last_day

ORDER = ["exact", "reconstructed", "assumed"]
OF_DEALS = {"pipeline_amount", "win_rate", "sales_cycle_days", "pipeline_coverage"}
# What rests on no charge.
BESIDE_CHARGES = {
    "billings", "bookings", "tcv", "acv", "recognized_revenue", "deferred_revenue", "deferred_revenue_opening",
    "contract_asset", "contract_asset_change", "deferred_revenue_fx", "rpo", "crpo", "revenue_growth_constant",
    "collections", "cash", "burn_rate", "runway_months",
    "failed_payments", "recovered_payments", "receivables_0_30", "receivables_31_60", "receivables_61_90",
    "receivables_over_90", "trials_started", "trials_ended", "trials_converted", "trial_conversion_rate",
    "active_users", "stickiness", "usage_frequency",
}
LEVELS = {"mrr", "arr", "arpa", "cmrr", "customers", "mrr_ending", "delinquent_mrr"}
WINDOWS = {
    "ndr_1m": 1, "ndr_3m": 3, "ndr_t12m": 12, "gdr_1m": 1, "gdr_3m": 3, "gdr_t12m": 12, "ndr_signup_cohort": 12,
    "ndr_1m_annualized": 1, "gdr_1m_annualized": 1, "ndr_3m_annualized": 3, "gdr_3m_annualized": 3,
    "ndr_t12m_end_segment": 12, "gdr_t12m_end_segment": 12,
    "burn_multiple": 3,
}
# Of the last month alone, whatever the period: how many months before it they reach back to, month by month.
REACHES = {"ndr_t12m_compounded": 12, "rule_of_40": 12, "magic_number": 5, "mrr_forecast": 6}
THIRTY_DAYS = {"customer_churn_rate", "customer_retention_rate", "gross_mrr_churn_rate", "net_mrr_churn_rate"}
MARGINS = {"gross_margin", "operating_margin"}


class Grades:
    def __init__(self, book, valued, segments):
        self.policy = book.policy
        self.valued = valued
        self.segments = segments

    def grade(self, metric, dimension, segment, months):
        ends = self.month_ends(metric, months)
        return max((self.worst(dimension, end).get(segment, "exact") for end in ends), key=ORDER.index, default="exact")

    def month_ends(self, metric, months):
        """Those whose states the figure is made of."""
        last = months[-1]
        if metric in OF_DEALS or metric in BESIDE_CHARGES:
            return []
        if metric in MARGINS:
            return months
        if metric in LEVELS:
            return [last]
        if metric == "mrr_starting":
            return [months[0] - 1]
        if metric == "seasonality_index":
            return range(last - 7, last + 7)
        if metric in WINDOWS:
            return [last - WINDOWS[metric], last]
        churn = 6 if self.policy["ltv_churn"] == "trailing_6" else 1
        if metric == "ltv":
            return range(last - churn, last + 1)
        if metric == "ltv_to_cac":
            return range(min(last - churn, months[0] - 1), last + 1)
        if metric in REACHES:
            return range(last - REACHES[metric], last + 1)
        if metric in THIRTY_DAYS and self.policy["churn_window"] == "30_days":
            return [last - 1, last]
        return range(months[0] - 1, last + 1)

    @remembered
    def worst(self, dimension, month):
        """{segment: the worst grade of what is in force in it at the month's end}."""
        found = {}
        for customer in self.valued.customers:
            for item in self.valued.items(customer, month):
                grade = item.charge.grade
                if item.charge.proven_from and last_day(month) < item.charge.proven_from:
                    grade = "assumed"
                if self.segments.is_of_charges(dimension):
                    segment = self.segments.of_charge(dimension, item.charge)
                else:
                    segment = self.segments.of_customer(dimension, customer, month)
                found[segment] = max(grade, found.get(segment, "exact"), key=ORDER.index)
        return found
