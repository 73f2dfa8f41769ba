import Model

extension MetricDefinition {
  static let collections = MetricDefinition(
    Metric(
      id: "collections", title: "Collections", group: .revenue, unit: .money,
      formula: "payments succeeded - refunds succeeded",
      definition:
        "Money that came in, less what was given back.",
      needs: [.payment, .refund], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    try context.revenueFlow(\.collections, .payments)
  }
}
