import Model

extension MetricDefinition {
  static let contractAssetChange = MetricDefinition(
    Metric(
      id: "contract_asset_change", title: "Contract assets, change", group: .revenue, unit: .money,
      formula: "contract_asset - contract_asset at the end of the month before the period",
      definition:
        "What contract assets rose by in the period.",
      needs: [.invoiceLine, .contract], good: .neither),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    guard let revenue = context.revenueTable(.service) else { return context.noRevenue(.service) }
    return try money(revenue.assetChange(context.monthNumbers))
  }
}
