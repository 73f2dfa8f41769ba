import Model

extension MetricDefinition {
  static let ltvToCac = MetricDefinition(
    Metric(
      id: "ltv_to_cac", title: "LTV to CAC", group: .unitEconomics, unit: .ratio,
      formula: "ltv / cac",
      definition: "How often an average customer earns back what it cost to win.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .lifetimeChurn,
    decidedBy: .lifetime
  ) { context in
    guard case .value(let value) = context.lastMonth.lifetimeValue else { return try ltv.compute(context) }
    guard case .moneyRatio(let cost, _, _) = try cac.compute(context.lastMonth) else {
      return try cac.compute(context.lastMonth)
    }
    return ratio(value, cost, orElse: "CAC is 0")
  }
}
