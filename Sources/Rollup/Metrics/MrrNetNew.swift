import Model

extension MetricDefinition {
  static let mrrNetNew = MetricDefinition(
    Metric(
      id: "mrr_net_new", title: "Net new MRR", group: .movement, unit: .money,
      formula: "new + reactivation + expansion - contraction - churn",
      definition: "All movements of the period without exchange rates.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment,
    decidedBy: .mrr
  ) { context in
    .money(context.bridge.netNew)
  }
}
