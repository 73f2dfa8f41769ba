import Model

extension MetricDefinition {
  static let ndr1m = MetricDefinition(
    Metric(
      id: "ndr_1m", title: "NDR, 1 month", group: .retention, unit: .ratio,
      formula: "MRR now / MRR then, of all customers of the window's start",
      definition:
        "Net dollar retention, point to point over one month: what the customers of the window's start pay now, relative to then. Who was not a customer then, a returning one included, is left out.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(1),
    decidedBy: .perCustomer,
    parts: .window(1)
  ) { context in
    context.retentionRatio(1) { $0.now }
  }
}
