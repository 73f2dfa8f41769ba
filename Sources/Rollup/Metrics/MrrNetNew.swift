import Model

extension MetricDefinition {
  static let mrrNetNew = MetricDefinition(
    Metric(
      id: "mrr_net_new", title: "Net new MRR", group: .movement, unit: .money,
      formula: "mrr_new + mrr_reactivation + mrr_expansion - mrr_contraction - mrr_churn",
      definition: "All movements of the period without exchange rates.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment,
    decidedBy: .mrr,
    parts: .movements([.new, .reactivation, .expansion, .contraction, .churn])
  ) { context in
    .money(context.bridge.netNew)
  }
}
