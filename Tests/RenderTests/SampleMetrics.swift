import Model

/// The declarations of the metrics the sample publishes, shortened.
enum SampleMetrics {
  static let all: [Metric] = [
    make(
      "mrr", "MRR", .level, .money,
      "Monthly recurring revenue: what the charges in force at the last moment of the period bring in a month.",
      .up),
    make("arr", "ARR", .level, .money, "Annual recurring revenue: twelve times MRR.", .up),
    make("arpa", "ARPA", .level, .money, "Average MRR of an account at the period's end.", .up),
    make(
      "mrr_net_new", "Net new MRR", .movement, .money, "All movements of the period without exchange rates.",
      .up),
    make(
      "quick_ratio", "Quick ratio", .movement, .ratio,
      "MRR gained for each unit of MRR lost; the policy decides whether reactivation counts as gained.", .up),
    make(
      "customers", "Customers", .customers, .count, "Customers with MRR at the last moment of the period.",
      .up),
    make(
      "customer_churn_rate", "Customer churn rate", .customers, .ratio,
      "Share of the opening's customers that left; the policy's churn_base can add the new ones to the denominator.",
      .down),
    make("ndr_1m", "NDR, 1 month", .retention, .ratio, "Net dollar retention over one month.", .up),
    make(
      "gdr_1m", "GDR, 1 month", .retention, .ratio,
      "Gross dollar retention over one month. Never above 100 %.", .up),
    make("ndr_3m", "NDR, 3 months", .retention, .ratio, "Net dollar retention over three months.", .up),
    make("gdr_3m", "GDR, 3 months", .retention, .ratio, "Gross dollar retention over three months.", .up),
    make(
      "ndr_t12m", "NDR, 12 months", .retention, .ratio,
      "Net dollar retention, point to point over twelve months: what the customers of the window's start pay now, relative to then.",
      .up),
    make(
      "gdr_t12m", "GDR, 12 months", .retention, .ratio,
      "Gross dollar retention, point to point over twelve months: no customer counts for more than it paid then.",
      .up),
    make(
      "ndr_t12m_compounded", "NDR, 12 months compounded", .retention, .ratio,
      "Product of twelve monthly net retentions.",
      .up),
    make(
      "ndr_signup_cohort", "NDR, sign-up cohort", .retention, .ratio,
      "What the customers that signed up twelve months ago pay now, relative to then.", .up),
    make(
      "gross_mrr_churn_rate", "Gross MRR churn rate", .retention, .ratio,
      "MRR lost in the period, relative to the opening at the period's rates.", .down),
    make(
      "net_mrr_churn_rate", "Net MRR churn rate", .retention, .ratio,
      "MRR lost in the period less what expansion brought; negative means net expansion.", .down),
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
