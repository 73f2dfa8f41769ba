import Model

extension MetricDefinition {
  static let recognizedRevenue = MetricDefinition(
    Metric(
      id: "recognized_revenue", title: "Recognized revenue", group: .revenue, unit: .money,
      formula: "straight line over service days",
      definition:
        "What was earned in the period: lines by the days of their service, contracts by the days of their term, whatever was billed. Credit notes take back what is still to come over the days left, what was earned on their own day.",
      needs: [.invoiceLine, .contract], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    try context.revenueFlow(\.recognized, .service)
  }
}
