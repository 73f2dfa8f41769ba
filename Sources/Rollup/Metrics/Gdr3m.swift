import Model

extension MetricDefinition {
  static let gdr3m = MetricDefinition(
    Metric(
      id: "gdr_3m", title: "GDR, 3 months", group: .retention, unit: .ratio,
      formula: "sum over customers of min(then, now) / MRR then",
      definition:
        "Gross dollar retention, point to point over three months: as net retention, but no customer counts for more than it paid then. Never above 100 %.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(3),
    decidedBy: .perCustomer.subtracting([.fullyDiscounted]),
    parts: .keptOfWindow(3)
  ) { context in
    context.retentionRatio(3) { $0.kept }
  }
}
