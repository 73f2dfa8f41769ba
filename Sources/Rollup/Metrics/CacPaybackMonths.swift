import Model

extension MetricDefinition {
  static let cacPaybackMonths = MetricDefinition(
    Metric(
      id: "cac_payback_months", title: "CAC payback", group: .unitEconomics, unit: .months,
      formula: "cac / (asp x gross_margin)",
      definition: "Months until a new customer has earned back what it cost to win.",
      needs: [.recurringCharge, .expense], good: .down),
    .whole,
    decidedBy: .movements
  ) { context in
    guard case .moneyRatio(_, let spent, _) = try cac.compute(context) else {
      return try cac.compute(context)
    }
    guard case .ratio(let left, let revenue) = try grossMargin.compute(context) else {
      return try grossMargin.compute(context)
    }
    let earned = Double(context.bridge.new) * Double(left) / Double(revenue)
    return earned > 0 ? .real(Double(spent) / earned) : .null("new customers leave no margin")
  }
}
