import Model

extension MetricDefinition {
  static let trialConversionRate = MetricDefinition(
    Metric(
      id: "trial_conversion_rate", title: "Trial conversion rate", group: .trials, unit: .ratio,
      formula: "trials_converted / trials_ended",
      definition:
        "Share of the trials ended in the period that became paying.",
      needs: [.subscription, .recurringCharge], good: .up),
    .whole, of: .none,
    decidedBy: .charges
  ) { context in
    guard let converted = context.trialCount(.converted), let ended = context.trialCount(.ended) else {
      return .null("no subscription data")
    }
    return ratio(converted, ended, orElse: "no trial ended")
  }
}
