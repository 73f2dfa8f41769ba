import Model

extension MetricDefinition {
  static let mrrContraction = MetricDefinition(
    Metric(
      id: "mrr_contraction", title: "Contraction MRR", group: .movement, unit: .money,
      formula: "sum of opening - closing where it fell",
      definition: "Fall of the MRR of customers at both ends, as a positive amount.",
      needs: [.recurringCharge], good: .down),
    .moneyBySegment,
    decidedBy: .movements.subtracting([.reactivationWindow]),
    parts: .movements([.contraction])
  ) { context in
    .money(-context.bridge.contraction)
  }
}
