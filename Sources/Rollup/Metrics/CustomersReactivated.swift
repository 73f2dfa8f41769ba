import Model

extension MetricDefinition {
  static let customersReactivated = MetricDefinition(
    Metric(
      id: "customers_reactivated", title: "Reactivated customers", group: .customers, unit: .count,
      formula: "customers that returned",
      definition: "Customers that had left and are back.",
      needs: [.recurringCharge], good: .up),
    .countsBySegment,
    decidedBy: .counts,
    parts: .movements([.reactivation])
  ) { context in
    context.count(\.reactivated)
  }
}
