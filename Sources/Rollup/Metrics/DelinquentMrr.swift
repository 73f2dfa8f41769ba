import Model

extension MetricDefinition {
  static let delinquentMrr = MetricDefinition(
    Metric(
      id: "delinquent_mrr", title: "Delinquent MRR", group: .delinquency, unit: .money,
      formula: "MRR at the close of customers with an invoice past due",
      definition:
        "MRR of customers with an invoice past due at the close: issued, due before the close (without due date when issued), not paid, neither void nor written off.",
      needs: [.invoice, .recurringCharge], good: .down),
    .whole, of: .close,
    decidedBy: .perCustomer.subtracting([.fullyDiscounted])
  ) { context in
    context.revenueLevel(\.delinquent, .invoiceRows)
  }
}
