import Model

extension MetricDefinition {
  static let asp = MetricDefinition(
    Metric(
      id: "asp", title: "ASP", group: .level, unit: .money,
      formula: "mrr_new / customers_new",
      definition: "Average selling price: MRR of the period's new customers divided by their number.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment,
    decidedBy: .movements
  ) { context in
    guard let counts = context.counts else { return .null(MetricContext.noCounts) }
    return moneyRatio(context.bridge.new, counts.new, orElse: "no new customers")
  }
}
