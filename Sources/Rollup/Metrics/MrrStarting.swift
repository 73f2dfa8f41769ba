import Model

extension MetricDefinition {
  static let mrrStarting = MetricDefinition(
    Metric(
      id: "mrr_starting", title: "Starting MRR", group: .movement, unit: .money,
      formula: "MRR at the opening",
      definition: "MRR at the period's opening, equal to the ending of the period before.",
      needs: [.recurringCharge], good: .neither),
    .moneyBySegment, of: .opening,
    decidedBy: .mrr,
    parts: .opening
  ) { context in
    .money(context.bridge.starting)
  }
}
