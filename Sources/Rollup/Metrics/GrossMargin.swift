import Model

extension MetricDefinition {
  static let grossMargin = MetricDefinition(
    Metric(
      id: "gross_margin", title: "Gross margin", group: .unitEconomics, unit: .ratio,
      formula: "(recognized_revenue - cogs) / recognized_revenue",
      definition:
        "Share of revenue left after the cost of delivering it. Revenue is recognized revenue where invoices or contracts tell of all its months, else MRR.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .within,
    decidedBy: .mrr
  ) { context in
    switch context.margin(["cogs"], context.monthNumbers) {
    case .unknown(let reason): return .null(reason)
    case .value(let margin): return try ratio(margin.left, margin.revenue, orElse: "no revenue")
    }
  }
}
