import Model

/// The declarations of the metrics the sample publishes, shortened.
enum SampleMetrics {
  static let all: [Metric] = [
    make(
      "mrr", "MRR", .level, .money, "Monthly recurring revenue of all charges in force at the month's end",
      .up),
    make("arr", "ARR", .level, .money, "Twelve times the MRR", .up),
    make("arpa", "ARPA", .level, .money, "MRR divided by the number of customers", .up),
    make(
      "mrr_net_new", "Net new MRR", .movement, .money, "All movements of the month without exchange rates",
      .up),
    make("quick_ratio", "Quick ratio", .movement, .ratio, "MRR won divided by MRR lost in the month", .up),
    make("customers", "Customers", .customers, .count, "Customers with MRR above 0 at the month's end", .up),
    make(
      "customer_churn_rate", "Customer churn", .customers, .ratio,
      "Customers lost in the month divided by those at its start", .down),
    make("ndr_1m", "NDR, one month", .retention, .ratio, "MRR of last month's customers now and then", .up),
    make(
      "gdr_1m", "GDR, one month", .retention, .ratio, "The same, each customer at most at its MRR then", .up),
    make(
      "ndr_3m", "NDR, three months", .retention, .ratio,
      "MRR of the customers of three months ago, now and then", .up),
    make(
      "gdr_3m", "GDR, three months", .retention, .ratio, "The same, each customer at most at its MRR then",
      .up),
    make(
      "ndr_t12m", "NDR, trailing 12 months", .retention, .ratio,
      "MRR of the customers of a year ago, now and then", .up),
    make(
      "gdr_t12m", "GDR, trailing 12 months", .retention, .ratio,
      "The same, each customer at most at its MRR a year ago", .up),
    make(
      "ndr_t12m_compounded", "NDR, 12 months compounded", .retention, .ratio,
      "Product of twelve monthly net retentions",
      .up),
    make(
      "gdr_t12m_compounded", "GDR, 12 months compounded", .retention, .ratio,
      "Product of twelve monthly gross retentions",
      .up),
    make(
      "ndr_signup_cohort", "NDR, sign-up cohort", .retention, .ratio,
      "MRR of the customers that signed up a year ago", .up),
    make(
      "gross_mrr_churn_rate", "Gross MRR churn", .retention, .ratio,
      "Churn and contraction divided by the opening MRR",
      .down),
    make("net_mrr_churn_rate", "Net MRR churn", .retention, .ratio, "Gross MRR churn less expansion", .down),
  ]

  private static func make(
    _ id: String, _ title: String, _ group: Metric.Group, _ unit: Metric.Unit, _ definition: String,
    _ good: Metric.Direction
  ) -> Metric {
    Metric(
      id: id, title: title, group: group, unit: unit, formula: "", definition: definition,
      needs: [.recurringCharge], good: good)
  }
}
