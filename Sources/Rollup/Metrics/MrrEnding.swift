import Model

extension MetricDefinition {
  static let mrrEnding = MetricDefinition(
    Metric(
      id: "mrr_ending", title: "Ending MRR", group: .movement, unit: .money,
      formula: "mrr_starting + restatement + all movements",
      definition: "MRR at the period's close; the bridge adds up to it exactly.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment, of: .close,
    decidedBy: .mrr,
    parts: .closing
  ) { context in
    .money(context.bridge.ending)
  }
}
