import Model

extension MetricDefinition {
  static let trialsEnded = MetricDefinition(
    Metric(
      id: "trials_ended", title: "Trials ended", group: .trials, unit: .count,
      formula: "trials whose end lies in the period",
      definition:
        "Subscriptions whose trial ended in the period, converted or not.",
      needs: [.subscription], good: .neither),
    .whole, of: .none,
    decidedBy: []
  ) { context in
    context.trials(.ended)
  }
}
