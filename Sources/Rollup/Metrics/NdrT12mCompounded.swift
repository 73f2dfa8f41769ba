import Model

extension MetricDefinition {
  static let ndrT12mCompounded = MetricDefinition(
    Metric(
      id: "ndr_t12m_compounded", title: "NDR, 12 months compounded", group: .retention, unit: .ratio,
      formula: "product of the last twelve ndr_1m",
      definition:
        "Net dollar retention as the product of twelve monthly ones; customers won inside the year take part from their second month on.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .back(12),
    decidedBy: .perCustomer
  ) { context in
    var product = 1.0
    for offset in (0..<12).reversed() {
      guard let month = context.earlier(offset), let cell = month.retention(1) else {
        return .null("the window reaches before the first month")
      }
      guard cell.then > 0 else { return .null("no MRR at the start of \(month.period.label)") }
      product *= Double(cell.now) / Double(cell.then)
    }
    return .real(product)
  }
}
