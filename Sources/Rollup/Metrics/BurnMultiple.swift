import Model

extension MetricDefinition {
  static let burnMultiple = MetricDefinition(
    Metric(
      id: "burn_multiple", title: "Burn multiple", group: .cash, unit: .ratio,
      formula: "(cash three months earlier - cash) / (arr - arr three months earlier)",
      definition:
        "Cash burned for each unit of net new ARR, over three months.",
      needs: [.cashBalance, .recurringCharge], good: .down),
    .whole, of: .window(3),
    decidedBy: .mrr
  ) { context in
    guard context.month >= 3 else { return .null("the window reaches before the first month") }
    switch context.totals.cash.fall(to: context.month) {
    case .unknown(let reason): return .null(reason)
    case .value(let fall):
      let (then, now) = (context.totals.mrr(0, context.month - 3), context.totals.mrr(0, context.month))
      return try ratio(fall, 12 * (Int128(now) - Int128(then)), orElse: "ARR did not grow")
    }
  }
}
