import Model

extension MetricDefinition {
  static let arpa = MetricDefinition(
    Metric(
      id: "arpa", title: "ARPA", group: .level, unit: .money,
      formula: "mrr / customers",
      definition: "Average MRR of an account at the period's end.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment, of: .close,
    decidedBy: .perCustomer
  ) { context in
    guard let counts = context.counts else { return .null(MetricContext.noCounts) }
    return moneyRatio(context.bridge.ending, counts.ending, orElse: "no customers at the period's end")
  }
}
