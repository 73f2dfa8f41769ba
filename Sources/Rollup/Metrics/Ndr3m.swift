import Model

extension MetricDefinition {
  static let ndr3m = MetricDefinition(
    Metric(
      id: "ndr_3m", title: "NDR, 3 months", group: .retention, unit: .ratio,
      formula: "MRR now / MRR then, of all customers of the window's start",
      definition:
        "Net dollar retention, point to point over three months: what the customers of the window's start pay now, relative to then. Who was not a customer then, a returning one included, is left out.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(3),
    decidedBy: .perCustomer,
    parts: .window(3)
  ) { context in
    context.retentionRatio(3) { $0.now }
  }
}
