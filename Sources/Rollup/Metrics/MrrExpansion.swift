import Model

extension MetricDefinition {
  static let mrrExpansion = MetricDefinition(
    Metric(
      id: "mrr_expansion", title: "Expansion MRR", group: .movement, unit: .money,
      formula: "sum of closing - opening where it rose",
      definition: "Rise of the MRR of customers at both ends.",
      needs: [.recurringCharge], good: .up),
    .moneyBySegment,
    decidedBy: .movements.subtracting([.reactivationWindow]),
    parts: .movements([.expansion])
  ) { context in
    .money(context.bridge.expansion)
  }
}
