import Model

extension MetricDefinition {
  static let mrrNew = MetricDefinition(
    Metric(
      id: "mrr_new", title: "New MRR", group: .movement, unit: .money,
      formula: "sum of the closing MRR of new customers",
      definition: "MRR of customers that were never customers at an earlier month's end.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment,
    decidedBy: .movements,
    parts: .movements([.new])
  ) { context in
    .money(context.bridge.new)
  }
}
