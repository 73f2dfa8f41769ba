import Model

extension MetricDefinition {
  static let recoveredPayments = MetricDefinition(
    Metric(
      id: "recovered_payments", title: "Recovered payments", group: .delinquency, unit: .count,
      formula: "invoices first failed in the period and paid within 30 days",
      definition:
        "Of the invoices whose payment first failed in the period, those with a payment that succeeded up to 30 days later.",
      needs: [.payment], good: .up),
    .whole, of: .none,
    decidedBy: []
  ) { context in
    context.paymentCount(\.recovered)
  }
}
