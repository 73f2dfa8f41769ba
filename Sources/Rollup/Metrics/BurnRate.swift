import Model

extension MetricDefinition {
  static let burnRate = MetricDefinition(
    Metric(
      id: "burn_rate", title: "Burn rate", group: .cash, unit: .money,
      formula: "(cash three months earlier - cash) / 3",
      definition:
        "What cash fell by in a month, mean of three; negative where it rose.",
      needs: [.cashBalance], good: .down),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    switch context.totals.cash.fall(to: context.month) {
    case .unknown(let reason): return .null(reason)
    case .value(let fall): return try moneyRatio(fall, 3, orElse: "")
    }
  }
}
