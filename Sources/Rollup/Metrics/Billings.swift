import Model

extension MetricDefinition {
  static let billings = MetricDefinition(
    Metric(
      id: "billings", title: "Billings", group: .revenue, unit: .money,
      formula: "lines issued without tax - credit notes issued",
      definition:
        "What was invoiced in the period without tax, less discounts and credit notes; an invoice without lines counts with its total; drafts and void invoices left out.",
      needs: [.invoice, .invoiceLine, .creditNote], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    try context.revenueFlow(\.billings, .invoices)
  }
}
