import Model

extension MetricDefinition {
  static let ndrT12m = MetricDefinition(
    Metric(
      id: "ndr_t12m", title: "NDR, 12 months", group: .retention, unit: .ratio,
      formula: "MRR now / MRR then, of all customers of the window's start",
      definition:
        "Net dollar retention, point to point over twelve months: what the customers of the window's start pay now, relative to then. Who was not a customer then, a returning one included, is left out.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(12),
    decidedBy: .perCustomer,
    parts: .window(12)
  ) { context in
    context.retentionRatio(12) { $0.now }
  }
}
