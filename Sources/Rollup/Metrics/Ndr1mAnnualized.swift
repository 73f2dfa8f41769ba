import Model

extension MetricDefinition {
  static let ndr1mAnnualized = MetricDefinition(
    Metric(
      id: "ndr_1m_annualized", title: "NDR, 1 month annualized", group: .retention, unit: .ratio,
      formula: "ndr_1m to the power of 12",
      definition:
        "Net dollar retention of one month as it would be after a year that went on like that. A yearly invoice or a season in the window weighs 12 times.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(1),
    decidedBy: .perCustomer
  ) { context in
    context.annualizedRetention(1) { $0.now }
  }
}
