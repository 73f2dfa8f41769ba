import Model

extension MetricDefinition {
  static let tcv = MetricDefinition(
    Metric(
      id: "tcv", title: "Total contract value", group: .revenue, unit: .money,
      formula: "sum of the amounts of contracts in force at the close",
      definition:
        "Total value of the contracts in force at the close, at the rates of the month's end.",
      needs: [.contract], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    context.revenueLevel(\.contractValue, .contracts)
  }
}
