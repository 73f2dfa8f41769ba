import Model

extension MetricDefinition {
  static let gdr1mAnnualized = MetricDefinition(
    Metric(
      id: "gdr_1m_annualized", title: "GDR, 1 month annualized", group: .retention, unit: .ratio,
      formula: "gdr_1m to the power of 12",
      definition:
        "Gross dollar retention of one month as it would be after a year that went on like that. A yearly invoice or a season in the window weighs 12 times.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(1),
    decidedBy: .perCustomer.subtracting([.fullyDiscounted])
  ) { context in
    context.annualizedRetention(1) { $0.kept }
  }
}
