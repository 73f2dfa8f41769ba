import Model

extension MetricDefinition {
  static let ltv = MetricDefinition(
    Metric(
      id: "ltv", title: "LTV", group: .unitEconomics, unit: .money,
      formula: "arpa x gross_margin / customer_churn_rate",
      definition:
        "Lifetime value: what an average customer leaves over its expected life, at the churn the policy names. Of a quarter or year: that of its last month.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .lifetimeChurn,
    decidedBy: .lifetime
  ) { context in
    switch context.lastMonth.lifetimeValue {
    case .unknown(let reason): return .null(reason)
    case .value(let value): return .money(value)
    }
  }
}
