import Model

extension MetricDefinition {
  static let customersNew = MetricDefinition(
    Metric(
      id: "customers_new", title: "New customers", group: .customers, unit: .count,
      formula: "customers that are new",
      definition: "Customers that were never customers at an earlier month's end.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment,
    decidedBy: .counts,
    parts: .movements([.new])
  ) { context in
    context.count(\.new)
  }
}
