import Model

extension MetricDefinition {
  static let customers = MetricDefinition(
    Metric(
      id: "customers", title: "Customers", group: .customers, unit: .count,
      formula: "customers at the period's end",
      definition: "Customers with MRR at the last moment of the period.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment, of: .close,
    decidedBy: .customers,
    parts: .closing
  ) { context in
    context.count(\.ending)
  }
}
