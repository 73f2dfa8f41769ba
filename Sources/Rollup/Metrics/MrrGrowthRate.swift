import Model

extension MetricDefinition {
  static let mrrGrowthRate = MetricDefinition(
    Metric(
      id: "mrr_growth_rate", title: "MRR growth rate", group: .movement, unit: .ratio,
      formula: "(ending - starting) / starting",
      definition: "Growth of MRR over the period, exchange rates included unless valued at constant rates.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment,
    decidedBy: .mrr
  ) { context in
    ratio(
      context.bridge.ending - context.bridge.starting, context.bridge.starting,
      orElse: "no MRR at the opening")
  }
}
