import Model

extension MetricDefinition {
  static let mrrFx = MetricDefinition(
    Metric(
      id: "mrr_fx", title: "FX effect", group: .movement, unit: .money,
      formula: "sum over charges in force at the opening of value(rate(M)) - value(rate(M-1))",
      definition: "What exchange rates alone did to the opening MRR.",
      needs: [.recurringCharge], good: .neither),
    .moneyBySegment,
    decidedBy: .mrr,
    parts: .movements([.fx])
  ) { context in
    .money(context.bridge.fx)
  }
}
