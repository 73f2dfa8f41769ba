import Model

extension MetricDefinition {
  static let customerGrowthRate = MetricDefinition(
    Metric(
      id: "customer_growth_rate", title: "Customer growth rate", group: .customers, unit: .ratio,
      formula: "(customers - customers_starting) / customers_starting",
      definition: "Growth of the number of customers over the period.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment,
    decidedBy: .customers
  ) { context in
    guard let counts = context.counts else { return .null(MetricContext.noCounts) }
    return ratio(counts.ending - counts.starting, counts.starting, orElse: "no customers at the opening")
  }
}
