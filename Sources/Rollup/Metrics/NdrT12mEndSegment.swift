import Model

extension MetricDefinition {
  static let ndrT12mEndSegment = MetricDefinition(
    Metric(
      id: "ndr_t12m_end_segment", title: "NDR, 12 months, by segment at its end", group: .retention,
      unit: .ratio,
      formula: "MRR now / MRR then, of the customers that are in the segment at the window's end",
      definition:
        "Net dollar retention over twelve months by the segment each customer is in at the window's end, not at its start: what the customers of the window's start pay now, relative to then. In size bands it is higher the larger the band, since who grew moved up; the headline takes the band at the start.",
      needs: [.recurringCharge], good: .up),
    .customerSegments([.asReported, .constant]), of: .window(12),
    decidedBy: .perCustomer
  ) { context in
    context.retentionRatio(context.retentionByEnd) { $0.now }
  }
}
