import Model

extension MetricDefinition {
  static let contractAsset = MetricDefinition(
    Metric(
      id: "contract_asset", title: "Contract assets", group: .revenue, unit: .money,
      formula: "sum over contracts, subscriptions and customers of max(0, recognized - billed)",
      definition:
        "What is earned and not yet billed at the close, unit by unit, at the rates of the month's end.",
      needs: [.invoiceLine, .contract], good: .neither),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    context.revenueLevel(\.asset, .service)
  }
}
