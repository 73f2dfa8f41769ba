import Model

extension MetricDefinition {
  static let acv = MetricDefinition(
    Metric(
      id: "acv", title: "Annual contract value", group: .revenue, unit: .money,
      formula: "sum of amount x 12 / months of the term, of contracts in force at the close",
      definition:
        "Value for twelve months of the contracts in force at the close, at the rates of the month's end.",
      needs: [.contract], good: .up),
    .whole, of: .none,
    decidedBy: [.rateDate, .weekFactor, .dayFactor]
  ) { context in
    context.revenueLevel(\.yearlyValue, .contracts)
  }
}
