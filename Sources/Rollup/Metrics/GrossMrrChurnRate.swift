import Model

extension MetricDefinition {
  static let grossMrrChurnRate = MetricDefinition(
    Metric(
      id: "gross_mrr_churn_rate", title: "Gross MRR churn rate", group: .retention, unit: .ratio,
      formula: "(churn + contraction) / (starting + restatement + fx)",
      definition: "MRR lost in the period, relative to the opening at the period's rates.",
      needs: [.recurringCharge], good: .down),
    .retentionBySegment
  ) { context in
    let bridge = context.bridge
    guard bridge.starting + bridge.restatement > 0 else { return .null("no MRR at the opening") }
    return ratio(
      -bridge.churn - bridge.contraction, bridge.starting + bridge.restatement + bridge.fx,
      orElse: "no MRR at the opening")
  }
}
