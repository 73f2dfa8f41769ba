import Model

extension MetricDefinition {
  static let netMrrChurnRate = MetricDefinition(
    Metric(
      id: "net_mrr_churn_rate", title: "Net MRR churn rate", group: .retention, unit: .ratio,
      formula: "(mrr_churn + mrr_contraction - mrr_expansion) / (mrr_starting + restatement + mrr_fx)",
      definition:
        "MRR lost in the period (or the window in which the policy counts churn) less what expansion (by policy also reactivation) brought; negative means net expansion.",
      needs: [.recurringCharge], good: .down),
    .retentionBySegment, of: .churnWindow,
    decidedBy: .movements.union([.churnWindow, .netChurnOffset])
  ) { context in
    context.churnRate { moved in
      let returned = context.policy.netChurnOffset == .expansionReactivation ? moved.reactivation : 0
      return -moved.churn - moved.contraction - moved.expansion - returned
    }
  }
}
