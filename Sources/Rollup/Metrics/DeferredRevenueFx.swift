import Model

extension MetricDefinition {
  static let deferredRevenueFx = MetricDefinition(
    Metric(
      id: "deferred_revenue_fx", title: "Deferred revenue, exchange rates", group: .revenue, unit: .money,
      formula:
        "deferred_revenue - deferred_revenue_opening - billings + recognized_revenue - contract_asset_change",
      definition:
        "What exchange rates made of deferred revenue: opening + billings - recognized + change of contract assets + this = closing.",
      needs: [.invoiceLine, .contract], good: .neither),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    guard let revenue = context.revenueTable(.service) else { return context.noRevenue(.service) }
    return try money(revenue.exchange(context.monthNumbers))
  }
}
