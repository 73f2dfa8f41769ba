import Model

extension MetricDefinition {
  static let customerRetentionRate = MetricDefinition(
    Metric(
      id: "customer_retention_rate", title: "Customer retention rate", group: .customers, unit: .ratio,
      formula: "(customers - acquired in the period) / customers_starting",
      definition:
        "Share of the opening's customers still there; a returning customer counts as acquired, so this is 1 - churned / starting, over the window in which the policy counts churn. In quarters and years who joined and left within counts as churned too, which NDR and GDR leave out.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment, of: .churnWindow,
    decidedBy: .counts.union([.churnWindow, .churnBase]).subtracting([.reactivationWindow])
  ) { context in
    context.customerRate { churned, counts in
      ratio(counts.starting - churned, counts.starting, orElse: "no customers at the opening")
    }
  }
}
