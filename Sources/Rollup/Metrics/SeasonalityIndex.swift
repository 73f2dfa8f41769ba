import Model

extension MetricDefinition {
  static let seasonalityIndex = MetricDefinition(
    Metric(
      id: "seasonality_index", title: "Seasonality index", group: .forecast, unit: .ratio,
      formula: "mrr_net_new / its centred 12-month mean",
      definition:
        "How a month's net new MRR compares with the mean of the year around it; known six months later.",
      needs: [.recurringCharge], good: .neither),
    .whole, of: .around(6),
    decidedBy: .mrr
  ) { context in
    context.seasonality
  }
}
