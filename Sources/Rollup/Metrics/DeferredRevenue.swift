import Model

extension MetricDefinition {
  static let deferredRevenue = MetricDefinition(
    Metric(
      id: "deferred_revenue", title: "Deferred revenue", group: .revenue, unit: .money,
      formula: "sum over contracts, subscriptions and customers of max(0, billed - recognized)",
      definition:
        "What is billed and not yet earned at the close, unit by unit, at the rates of the month's end.",
      needs: [.invoiceLine, .contract], good: .neither),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    context.revenueLevel(\.deferred, .service)
  }
}
