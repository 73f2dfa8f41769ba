import Model

extension MetricDefinition {
  static let gdrT12mEndSegment = MetricDefinition(
    Metric(
      id: "gdr_t12m_end_segment", title: "GDR, 12 months, by segment at its end", group: .retention,
      unit: .ratio,
      formula:
        "sum over customers of min(then, now) / MRR then, of the customers that are in the segment at the window's end",
      definition:
        "Gross dollar retention over twelve months by the segment each customer is in at the window's end, not at its start: as net retention, but no customer counts for more than it paid then. In size bands it is higher the larger the band, since who grew moved up; the headline takes the band at the start.",
      needs: [.recurringCharge], good: .up),
    .customerSegments([.asReported, .constant]), of: .window(12),
    decidedBy: .perCustomer.subtracting([.fullyDiscounted])
  ) { context in
    context.retentionRatio(context.retentionByEnd) { $0.kept }
  }
}
