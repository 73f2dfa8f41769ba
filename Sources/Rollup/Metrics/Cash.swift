import Model

extension MetricDefinition {
  static let cash = MetricDefinition(
    Metric(
      id: "cash", title: "Cash", group: .cash, unit: .money,
      formula: "sum of the balances at the close",
      definition:
        "Balances of all accounts at the close of the period's last month, at its rates.",
      needs: [.cashBalance], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    switch context.totals.cash.balance(context.month) {
    case .unknown(let reason): return .null(reason)
    case .value(let balance): return .money(balance)
    }
  }
}
