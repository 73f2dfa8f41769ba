import Model

extension MetricDefinition {
  static let receivables030 = MetricDefinition(
    Metric(
      id: "receivables_0_30", title: "Receivables, 0 to 30 days", group: .delinquency, unit: .money,
      formula: "total - payments - credit notes of invoices 0 to 30 days past due",
      definition:
        "Open amounts of invoices 0 to 30 days after they were due (without due date, issued) at the close, those not yet due among them.",
      needs: [.invoice, .payment, .creditNote], good: .down),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    guard let revenue = context.revenueTable(.invoiceRows) else { return context.noRevenue(.invoiceRows) }
    return .money(revenue.receivables[0][context.month])
  }
}
