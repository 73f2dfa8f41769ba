import Model

extension MetricDefinition {
  static let ndr3mAnnualized = MetricDefinition(
    Metric(
      id: "ndr_3m_annualized", title: "NDR, 3 months annualized", group: .retention, unit: .ratio,
      formula: "ndr_3m to the power of 4",
      definition:
        "Net dollar retention of three months as it would be after a year that went on like that. A yearly invoice or a season in the window weighs 4 times.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(3),
    decidedBy: .perCustomer
  ) { context in
    context.annualizedRetention(3) { $0.now }
  }
}
