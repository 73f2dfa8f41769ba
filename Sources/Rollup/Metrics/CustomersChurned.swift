import Model

extension MetricDefinition {
  static let customersChurned = MetricDefinition(
    Metric(
      id: "customers_churned", title: "Churned customers", group: .customers, unit: .count,
      formula: "customers that left",
      definition: "Customers at the opening that are no longer customers.",
      needs: [.recurringCharge], good: .down),
    .countsBySegment,
    decidedBy: .counts.subtracting([.reactivationWindow]),
    parts: .movements([.churn])
  ) { context in
    context.count(\.churned)
  }
}
