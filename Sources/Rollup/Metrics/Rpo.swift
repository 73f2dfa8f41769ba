import Model

extension MetricDefinition {
  static let rpo = MetricDefinition(
    Metric(
      id: "rpo", title: "Remaining performance obligations", group: .revenue, unit: .money,
      formula: "non-cancellable contracts (amount - recognized) + deferred revenue of all else",
      definition:
        "What customers are bound to and is not yet earned at the close, at the rates of the month's end.",
      needs: [.invoiceLine, .contract], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    context.revenueLevel(\.obligation, .service)
  }
}
