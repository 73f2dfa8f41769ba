import Model

extension MetricDefinition {
  static let customerRetentionRate = MetricDefinition(
    Metric(
      id: "customer_retention_rate", title: "Customer retention rate", group: .customers, unit: .ratio,
      formula: "(ending - acquired in the period) / starting",
      definition:
        "Share of the opening's customers still there; a returning customer counts as acquired, so this is 1 - churned / starting.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment
  ) { context in
    guard let counts = context.counts else { return .null(MetricContext.noCounts) }
    return ratio(counts.starting - counts.churned, counts.starting, orElse: "no customers at the opening")
  }
}
