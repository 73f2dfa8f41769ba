import Model

extension MetricDefinition {
  static let mrrGrowthRate = MetricDefinition(
    Metric(
      id: "mrr_growth_rate", title: "MRR growth rate", group: .movement, unit: .ratio,
      formula: "(mrr_ending - (mrr_starting + restatement)) / (mrr_starting + restatement)",
      definition: "Growth of MRR over the period, exchange rates included unless valued at constant rates.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment,
    decidedBy: .mrr
  ) { context in
    let opening = context.bridge.starting + context.bridge.restatement
    return ratio(context.bridge.ending - opening, opening, orElse: "no MRR at the opening")
  }
}
