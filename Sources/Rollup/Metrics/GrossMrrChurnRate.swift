import Model

extension MetricDefinition {
  static let grossMrrChurnRate = MetricDefinition(
    Metric(
      id: "gross_mrr_churn_rate", title: "Gross MRR churn rate", group: .retention, unit: .ratio,
      formula: "(mrr_churn + mrr_contraction) / (mrr_starting + restatement + mrr_fx)",
      definition:
        "MRR lost in the period (or the window in which the policy counts churn), relative to the opening at the period's rates.",
      needs: [.recurringCharge], good: .down),
    .retentionBySegment, of: .churnWindow,
    decidedBy: .movements.union([.churnWindow]).subtracting([.reactivationWindow])
  ) { context in
    context.churnRate { -$0.churn - $0.contraction }
  }
}
