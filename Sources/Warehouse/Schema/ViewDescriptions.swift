/// What the public views hold, beyond what their columns' names say: `perennial schema --warehouse` prints it,
/// Documentation/Warehouse.md is made of it. Money is in millionths of the currency unit.
public let viewDescriptions: [String: String] = [
  "metric_period": """
  One figure: a metric in one period, segment, currency and valuation. Ratios have their numerator and denominator; without a value `reason` \
  says why. `value_as_closed` is what was published when the period was closed, and so the value itself: a figure of a closed period without it was \
  first defined after the close. `period_end` is the first day after the period, \
  `2024-03-01` for February 2024: the `period_end` of CSV reports is its last day, `2024-02-29`.
  """,
  "mrr_bridge": """
  One period of one segment: what moved MRR from `starting` to `ending`. What takes away is negative, so that the columns add up. The first open \
  month starts as the month before was closed; `restatement` leads from there to the opening that is known now, of which \
  `customers_starting` is the count.
  """,
  "month_close": """
  One entry of the record of closes: who closed a month or opened it again, when, and why. `digest` is the SHA-256 of the entry before and of \
  everything closed with this one; `standing` is 0 for a close that was opened again. `perennial doctor` computes all of them anew.
  """,
  "closed_figure": """
  One figure of a closed month as it was closed. With `added_later` it was first defined after the close, and stands outside the digest.
  """,
  "restatement": """
  One figure of a closed month that the facts would give another value now; it stays published as closed. Rows with a `customer_id` \
  are of that customer's MRR at the month's end: `cause` says why, `source_rows` which rows changed since the close, as file and line. \
  `run` is the run that first saw the difference.
  """,
  "customer_movement": """
  One movement of one customer in one month; `sequence` is the order in which those of a month happened, from 1 on.
  """,
  "customer_mrr": "One customer at the end of one month it has MRR at.",
  "cohort_period": """
  One cohort of customers at one age. MRR is at constant exchange rates, at every age those at the end of the cohort's first month or quarter; \
  `customers_at_start` and `mrr_at_start` are of that end, too.
  """,
  "customer": "One customer as described now; `described` is 0 where only other rows refer to it.",
  "customer_identity": """
  One id of one system, and the customer it stands for; linked ids share a `customer_id`. Every id stays that a row ever had or another row \
  named, also where no export names it any more: past months, and what earlier runs knew, refer to it. Whether its customer counts is \
  said by `customer_mrr`.
  """,
  "customer_segment": "One stretch of months of one customer in one segment, both months included.",
  "charge": """
  One charge as counted, from `start_day` to before `end_day`; `mrr` is in its own currency. `entity` is what it is made of, and `source`, `file` and \
  `line` are where that row was first read as it is: the path and the line in the file as it was then. A row that later stands \
  unchanged in another line or file keeps its first place, also after `run --full-refresh`; one that changed has the place where \
  the change was first read.
  """,
  "rate_used":
    "One pair of currencies in one month: what one unit of `from_currency` was worth, by the rate of `rate_day`; without a day by the mean of the month (`rate_date: month_average`), or a fixed rate. Where movements are valued at means, balances have the rate of the month's end, in a row of its own.",
  "metric": "One metric of the catalogue, with those of the project's own.",
  "kept_from_quarantine": """
  One key with a row in quarantine when its source was last read, and with a version of that source that stands, by which figures count. \
  Mostly that is an earlier good version; where another row of the key was good in the same read, it is that row, and nothing is kept.
  """,
  "outbox": "One delivery of a report to one recipient; times are in UTC.",
  "budget": "What is planned for one metric of one segment in one month, and the month's figure as reported.",
  "adjustment": "One entry made by hand; it is part of no figure.",
  "forecast": "What the close of the month `made` lets expect of one of the twelve months behind it.",
  "churn_reason": """
  One reason in one month: the customers that left for it, and their MRR. A customer with several reasons is one of each: \
  `customers` may add up to more than `customers_churned`, `mrr` adds up to `mrr_churn`.
  """,
]
