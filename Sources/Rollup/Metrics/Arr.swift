import Model

extension MetricDefinition {
  static let arr = MetricDefinition(
    Metric(
      id: "arr", title: "ARR", group: .level, unit: .money,
      formula: "12 x mrr",
      definition: "Annual recurring revenue: twelve times MRR.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment, of: .close,
    decidedBy: .mrr
  ) { context in
    .money(context.bridge.ending * 12)
  }
}
