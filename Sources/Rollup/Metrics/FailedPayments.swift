import Model

extension MetricDefinition {
  static let failedPayments = MetricDefinition(
    Metric(
      id: "failed_payments", title: "Failed payments", group: .delinquency, unit: .count,
      formula: "payments that failed",
      definition:
        "Tries to collect that failed in the period.",
      needs: [.payment], good: .down),
    .whole, of: .none,
    decidedBy: []
  ) { context in
    context.paymentCount(\.failed)
  }
}
