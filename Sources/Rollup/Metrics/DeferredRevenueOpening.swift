import Model

extension MetricDefinition {
  static let deferredRevenueOpening = MetricDefinition(
    Metric(
      id: "deferred_revenue_opening", title: "Deferred revenue, opening", group: .revenue, unit: .money,
      formula: "deferred_revenue at the end of the month before the period",
      definition:
        "What was billed and not yet earned when the period opened, at the rates of that day.",
      needs: [.invoiceLine, .contract], good: .neither),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    guard let revenue = context.revenueTable(.service) else { return context.noRevenue(.service) }
    return .money(revenue.deferred[context.monthNumbers.lowerBound - 1])
  }
}
