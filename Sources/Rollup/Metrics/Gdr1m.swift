import Model

extension MetricDefinition {
  static let gdr1m = MetricDefinition(
    Metric(
      id: "gdr_1m", title: "GDR, 1 month", group: .retention, unit: .ratio,
      formula: "sum over customers of min(then, now) / MRR then",
      definition:
        "Gross dollar retention, point to point over one month: as net retention, but no customer counts for more than it paid then. Never above 100 %.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(1),
    decidedBy: .perCustomer.subtracting([.fullyDiscounted]),
    parts: .keptOfWindow(1)
  ) { context in
    context.retentionRatio(1) { $0.kept }
  }
}
