import Model

extension MetricDefinition {
  static let mrr = MetricDefinition(
    Metric(
      id: "mrr", title: "MRR", group: .level, unit: .money,
      formula: "sum of the monthly values of all charges in force at the period's end",
      definition:
        "Monthly recurring revenue: what the charges in force at the last moment of the period bring in a month.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment, of: .close,
    decidedBy: .mrr,
    parts: .closing
  ) { context in
    .money(context.bridge.ending)
  }
}
