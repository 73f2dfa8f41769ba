import Model

extension MetricDefinition {
  static let runwayMonths = MetricDefinition(
    Metric(
      id: "runway_months", title: "Runway", group: .cash, unit: .months,
      formula: "cash / burn_rate",
      definition:
        "Months the cash lasts at the burn rate.",
      needs: [.cashBalance], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    switch (context.totals.cash.balance(context.month), context.totals.cash.fall(to: context.month)) {
    case (.value(let cash), .value(let fall)):
      let burn = roundHalfEven(fall, over: 3)
      return try ratio(Int128(cash), burn, orElse: "no cash is burned")
    case (.unknown(let reason), _), (_, .unknown(let reason)): return .null(reason)
    }
  }
}
