import Model

extension MetricDefinition {
  static let operatingMargin = MetricDefinition(
    Metric(
      id: "operating_margin", title: "Operating margin", group: .unitEconomics, unit: .ratio,
      formula: "(revenue - cogs - sales - marketing - r_and_d - g_and_a) / revenue",
      definition:
        "Share of revenue left after all running costs. Revenue is recognized revenue where invoices or contracts tell of all its months, else MRR.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .within,
    decidedBy: .mrr
  ) { context in
    switch context.margin(MetricContext.runningCosts, context.monthNumbers) {
    case .unknown(let reason): return .null(reason)
    case .value(let margin): return try ratio(margin.left, margin.revenue, orElse: "no revenue")
    }
  }
}
