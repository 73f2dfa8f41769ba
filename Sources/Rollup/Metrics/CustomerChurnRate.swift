import Model

extension MetricDefinition {
  static let customerChurnRate = MetricDefinition(
    Metric(
      id: "customer_churn_rate", title: "Customer churn rate", group: .customers, unit: .ratio,
      formula: "customers_churned / customers_starting",
      definition:
        "Share of the opening's customers that left; the policy can add the new ones to the denominator or leave out who joined and left, and can count the last 30 days instead of the period. In quarters and years the churned of all their months count, also who joined within.",
      needs: [.recurringCharge], good: .down),
    .countsBySegment, of: .churnWindow,
    decidedBy: .counts.union([.churnWindow, .churnBase])
  ) { context in
    context.customerRate { churned, counts in
      let joined = context.policy.churnBase == .openingPlusNew ? counts.new + counts.reactivated : 0
      return ratio(churned, counts.starting + joined, orElse: "no customers at the opening")
    }
  }
}
