import Model

extension MetricDefinition {
  static let receivables6190 = MetricDefinition(
    Metric(
      id: "receivables_61_90", title: "Receivables, 61 to 90 days", group: .delinquency, unit: .money,
      formula: "total - payments - credit notes of invoices 61 to 90 days past due",
      definition:
        "Open amounts of invoices 61 to 90 days after they were due (without due date, issued) at the close.",
      needs: [.invoice, .payment, .creditNote], good: .down),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    guard let revenue = context.revenueTable(.invoiceRows) else { return context.noRevenue(.invoiceRows) }
    return .money(revenue.receivables[2][context.month])
  }
}
