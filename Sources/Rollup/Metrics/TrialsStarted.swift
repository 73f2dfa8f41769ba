import Model

extension MetricDefinition {
  static let trialsStarted = MetricDefinition(
    Metric(
      id: "trials_started", title: "Trials started", group: .trials, unit: .count,
      formula: "subscriptions with a trial that started",
      definition:
        "Subscriptions with a trial end that started in the period.",
      needs: [.subscription], good: .up),
    .whole, of: .none,
    decidedBy: []
  ) { context in
    context.trials(.started)
  }
}
