import Model

extension MetricDefinition {
  static let cmrr = MetricDefinition(
    Metric(
      id: "cmrr", title: "CMRR", group: .level, unit: .money,
      formula:
        "mrr + signed and not yet started + scheduled expansion - scheduled contraction - scheduled churn",
      definition:
        "Committed MRR, as of the period's end and never of today. Of subscriptions: MRR less what is in force and whose cancellation was requested by the period's end and takes effect within the policy's horizon; exports do not say when a future charge was signed, so none is added. Where MRR is that of contracts: MRR plus what those signed by then will be worth at the horizon's end beyond what they are; one that ends is taken to be renewed as it last was.",
      needs: [.recurringCharge, .subscription], good: .up),
    .countsBySegment, of: .close,
    decidedBy: .mrr.union([.cmrrHorizon])
  ) { context in
    guard context.policy.basis == .contracts || context.totals.fed.contains(.subscription) else {
      return .null("no subscription data")
    }
    return .money(context.bridge.ending - context.scheduledChurn)
  }
}
