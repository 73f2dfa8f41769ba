import Model

extension MetricDefinition {
  static let gdrT12m = MetricDefinition(
    Metric(
      id: "gdr_t12m", title: "GDR, 12 months", group: .retention, unit: .ratio,
      formula: "sum over customers of min(then, now) / MRR then",
      definition:
        "Gross dollar retention, point to point over twelve months: as net retention, but no customer counts for more than it paid then. Never above 100 %.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(12),
    decidedBy: .perCustomer.subtracting([.fullyDiscounted]),
    parts: .keptOfWindow(12)
  ) { context in
    context.retentionRatio(12) { $0.kept }
  }
}
