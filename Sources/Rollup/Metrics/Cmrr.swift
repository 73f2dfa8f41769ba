import Model

extension MetricDefinition {
  static let cmrr = MetricDefinition(
    Metric(
      id: "cmrr", title: "CMRR", group: .level, unit: .money,
      formula: "mrr - scheduled churn",
      definition:
        "Committed MRR: MRR less what is in force of subscriptions whose cancellation was requested by the period's end and takes effect within the policy's horizon. As of the period's end, never of today. Exports of subscriptions do not say when a future charge was signed, so none is added.",
      needs: [.recurringCharge, .subscription], good: .up),
    .countsBySegment, of: .close
  ) { context in
    guard context.totals.fed.contains(.subscription) else { return .null("no subscription data") }
    return .money(context.bridge.ending - context.scheduledChurn)
  }
}
