import Model

extension MetricDefinition {
  static let ltvToCac = MetricDefinition(
    Metric(
      id: "ltv_to_cac", title: "LTV to CAC", group: .unitEconomics, unit: .ratio,
      formula: "ltv / cac",
      definition:
        "How often an average customer earns back what it cost to win: of a quarter or year LTV of its last month by CAC of all of it.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .lifetime,
    decidedBy: .lifetime
  ) { context in
    guard case .value(let value) = context.lastMonth.lifetimeValue else { return try ltv.compute(context) }
    guard case .moneyRatio(let cost, _, _) = try cac.compute(context) else { return try cac.compute(context) }
    return ratio(value, cost, orElse: "CAC is 0")
  }
}
