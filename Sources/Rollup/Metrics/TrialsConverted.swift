import Model

extension MetricDefinition {
  static let trialsConverted = MetricDefinition(
    Metric(
      id: "trials_converted", title: "Trials converted", group: .trials, unit: .count,
      formula: "trials ended, of which a charge counted on the day of the trial's end",
      definition:
        "Of the trials that ended in the period, those with a counted charge at the close of the day their trial ended.",
      needs: [.subscription, .recurringCharge], good: .up),
    .whole, of: .none,
    decidedBy: .charges
  ) { context in
    context.trials(.converted)
  }
}
