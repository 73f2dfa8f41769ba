import Model

extension MetricDefinition {
  static let mrrReactivation = MetricDefinition(
    Metric(
      id: "mrr_reactivation", title: "Reactivation MRR", group: .movement, unit: .money,
      formula: "sum of the closing MRR of returned customers",
      definition: "MRR of customers that had left and are back.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment,
    decidedBy: .movements,
    parts: .movements([.reactivation])
  ) { context in
    .money(context.bridge.reactivation)
  }
}
