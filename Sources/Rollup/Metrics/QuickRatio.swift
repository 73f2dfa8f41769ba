import Model

extension MetricDefinition {
  static let quickRatio = MetricDefinition(
    Metric(
      id: "quick_ratio", title: "Quick ratio", group: .movement, unit: .ratio,
      formula: "(mrr_new + mrr_reactivation + mrr_expansion) / (mrr_contraction + mrr_churn)",
      definition:
        "MRR gained for each unit of MRR lost; the policy decides whether reactivation counts as gained.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment,
    decidedBy: .movements.union([.quickRatioReactivation])
  ) { context in
    let bridge = context.bridge
    let returned = context.policy.quickRatioReactivation == .count ? bridge.reactivation : 0
    return ratio(
      bridge.new + returned + bridge.expansion, -bridge.contraction - bridge.churn, orElse: "no MRR was lost")
  }
}
