import Model

extension MetricDefinition {
  static let revenueGrowthConstant = MetricDefinition(
    Metric(
      id: "revenue_growth_constant", title: "Revenue growth at constant rates", group: .revenue, unit: .ratio,
      formula: "revenue at the rates of the period before / revenue of the period before - 1",
      definition:
        "Growth of recognized revenue at the average rates of the period compared with: a month with that of a year ago, a quarter or year with the one before.",
      needs: [.invoiceLine, .contract], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    try context.constantGrowth()
  }
}
