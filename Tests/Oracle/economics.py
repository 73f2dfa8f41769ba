"""Unit economics from expenses, and figures from CRM deals. None is "no figure"."""

from fractions import Fraction

from counting import micro_units
from timeline import last_day, month_of

OPERATING = ("cogs", "sales", "marketing", "r_and_d", "g_and_a")


def over(numerator, denominator):
    return None if numerator is None or not denominator else Fraction(numerator) / Fraction(denominator)


class Economics:
    def __init__(self, book, valued, rates, all_bridge, recognition):
        """`all_bridge(months)` is the as-reported bridge row of a period, all customers."""
        self.recognition = recognition
        self.book = book
        self.valued = valued
        self.rates = rates
        self.all_bridge = all_bridge

    # Expenses

    def spent(self, months, categories):
        """Micro-units; None where the book cannot know."""
        if not any(expense.category in categories for expense in self.book.expenses):
            return None
        if not set(months) <= {expense.month for expense in self.book.expenses}:
            return None
        return sum(
            micro_units(expense.amount * self.rates.of_month(expense.currency, expense.month))
            for expense in self.book.expenses
            if expense.month in months and expense.category in categories
        )

    def revenue(self, months, window=None):
        """Recognized where it is known in the whole window, else MRR in its place; None before the first data."""
        if min(months) < self.valued.first_month:
            return None
        if self.recognition.covers(window or months):
            return sum(map(self.recognition.revenue, months))
        return self.mrr_of(months)

    def mrr_of(self, months):
        return sum(self.all_bridge([month])["ending"] for month in months)

    def unit_economics(self, months):
        """Of a longer period: ltv, rule of 40 and magic number as of its last month, all others over all its months."""
        last = months[-1:]
        cac, gross_margin = self.cac(months), self.gross_margin(months)
        asp = over(self.all_bridge(months)["new"], self.all_bridge(months)["customers_new"])
        ltv = self.ltv(last, self.gross_margin(last))
        earned = None if asp is None or gross_margin is None else asp * gross_margin
        return {
            "cac": cac,
            "ltv": ltv,
            "ltv_to_cac": None if ltv is None or cac is None else over(round(ltv), round(cac)),
            "cac_payback_months": over(cac, earned) if earned is not None and earned > 0 else None,
            "gross_margin": gross_margin,
            "operating_margin": self.margin(months, OPERATING),
            "rule_of_40": self.rule_of_40(last[0]),
            "magic_number": self.magic_number(last[0]),
        }

    def cac(self, months):
        lag = self.book.settings.get("cac_lag", 0)
        spent = self.spent([month - lag for month in months], ("sales", "marketing"))
        return over(spent, self.all_bridge(months)["customers_new"])

    def gross_margin(self, months):
        return self.margin(months, ("cogs",))

    def ltv(self, last, gross_margin):
        row = self.all_bridge(last)
        arpa = over(row["ending"], row["customers_ending"])
        if self.book.policy["ltv_churn"] == "month":
            churn = over(row["customers_churned"], row["customers_starting"])
        else:
            churn = self.trailing_churn(last[0])
        margin = gross_margin if self.book.policy["ltv_margin"] == "use" else 1
        return None if arpa is None or margin is None else over(arpa * margin, churn)

    def margin(self, months, categories):
        """Over all months of the period; those before the first MRR have cost, and revenue only where it is recognized."""
        known = [month for month in months if month >= self.valued.first_month]
        recognized = self.recognition.covers(months)
        revenue = sum(map(self.recognition.revenue, months)) if recognized else self.mrr_of(known)
        cost = self.spent(months, categories)
        return None if cost is None or revenue <= 0 else over(revenue - cost, revenue)

    def trailing_churn(self, last):
        if last - 5 < self.valued.first_month:
            return None
        rows = [self.all_bridge([month]) for month in range(last - 5, last + 1)]
        return over(sum(row["customers_churned"] for row in rows), sum(row["customers_starting"] for row in rows))

    def rule_of_40(self, last):
        if last - 12 < self.valued.first_month:
            return None
        growth = over(self.mrr_of([last]), self.mrr_of([last - 12]))
        year = list(range(last - 11, last + 1))
        margin = self.margin(year, OPERATING)
        return None if growth is None or margin is None else growth - 1 + margin

    def magic_number(self, last):
        before = list(range(last - 5, last - 2))
        window = list(range(last - 5, last + 1))
        earlier, later = self.revenue(before, window), self.revenue(window[3:], window)
        spent = self.spent(before, ("sales", "marketing"))
        return None if earlier is None else over(4 * (later - earlier), spent)

    # Deals

    def deals(self, months):
        closed = [deal for deal in self.book.opportunities if deal.closed and month_of(deal.closed) in months]
        won = [deal for deal in closed if deal.status == "won"]
        lost = [deal for deal in closed if deal.status == "lost"]
        timed = [deal for deal in won if deal.created and deal.created <= deal.closed]
        last = months[-1]
        pipeline = sum(
            micro_units(deal.amount * self.rates.of_month(deal.currency, last))
            for deal in self.book.opportunities
            if self.is_open(deal, last_day(last))
        )
        return {
            "pipeline_amount": pipeline,
            "win_rate": over(len(won), len(won) + len(lost)),
            "sales_cycle_days": over(sum((deal.closed - deal.created).days for deal in timed), len(timed)),
            "pipeline_coverage": over(pipeline, self.budgeted_new(last)),
        }

    def budgeted_new(self, month):
        """Of the three months after it; None unless all are budgeted."""
        total = 0
        for later in range(month + 1, month + 4):
            key = later, "mrr_new", "all"
            rows = [row for row in self.book.budgets if (row.month, row.metric, row.dimension) == key]
            if not rows:
                return None
            # The latest day's, of one day the larger.
            budget = max(rows, key=lambda row: (row.day, row.amount))
            total += round(budget.amount * self.rates.of_month(budget.currency, min(later, self.book.last_month)))
        return total

    def is_open(self, deal, day):
        if deal.created and deal.created > day:
            return False
        return deal.status == "open" or deal.closed is None or deal.closed > day
