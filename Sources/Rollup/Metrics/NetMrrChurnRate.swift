import Model

extension MetricDefinition {
  static let netMrrChurnRate = MetricDefinition(
    Metric(
      id: "net_mrr_churn_rate", title: "Net MRR churn rate", group: .retention, unit: .ratio,
      formula: "(churn + contraction - expansion) / (starting + restatement + fx)",
      definition:
        "MRR lost in the period less what expansion (by policy also reactivation) brought; negative means net expansion.",
      needs: [.recurringCharge], good: .down),
    .retentionBySegment
  ) { context in
    let bridge = context.bridge
    guard bridge.starting + bridge.restatement > 0 else { return .null("no MRR at the opening") }
    let returned = context.policy.netChurnOffset == .expansionReactivation ? bridge.reactivation : 0
    return ratio(
      -bridge.churn - bridge.contraction - bridge.expansion - returned,
      bridge.starting + bridge.restatement + bridge.fx, orElse: "no MRR at the opening")
  }
}
