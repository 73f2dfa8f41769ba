import Model

extension MetricDefinition {
  static let mrrChurn = MetricDefinition(
    Metric(
      id: "mrr_churn", title: "Churned MRR", group: .movement, unit: .money,
      formula: "sum of the opening MRR of customers that left",
      definition: "Opening MRR of customers that are no longer customers, as a positive amount.",
      needs: [.recurringCharge], good: .down),
    .moneyBySegment,
    decidedBy: .movements.subtracting([.reactivationWindow]),
    parts: .movements([.churn])
  ) { context in
    .money(-context.bridge.churn)
  }
}
