import Model

extension MetricDefinition {
  static let gdr3mAnnualized = MetricDefinition(
    Metric(
      id: "gdr_3m_annualized", title: "GDR, 3 months annualized", group: .retention, unit: .ratio,
      formula: "gdr_3m to the power of 4",
      definition:
        "Gross dollar retention of three months as it would be after a year that went on like that. A yearly invoice or a season in the window weighs 4 times.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(3),
    decidedBy: .perCustomer.subtracting([.fullyDiscounted])
  ) { context in
    context.annualizedRetention(3) { $0.kept }
  }
}
