import Model

extension MetricDefinition {
  static let receivables3160 = MetricDefinition(
    Metric(
      id: "receivables_31_60", title: "Receivables, 31 to 60 days", group: .delinquency, unit: .money,
      formula: "total - payments - credit notes of invoices 31 to 60 days past due",
      definition:
        "Open amounts of invoices 31 to 60 days after they were due (without due date, issued) at the close.",
      needs: [.invoice, .payment, .creditNote], good: .down),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    guard let revenue = context.revenueTable(.invoiceRows) else { return context.noRevenue(.invoiceRows) }
    return .money(revenue.receivables[1][context.month])
  }
}
