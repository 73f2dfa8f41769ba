import Model

/// Whether a run may deliver, and what.
struct DeliveryConditions {
  /// When the run was, as far as data is concerned.
  let asOf: Moment
  /// Up to when the data that MRR is made of is complete.
  let dataThrough: Moment
  let findings: [Finding]

  /// Milliseconds the data is behind the run.
  var age: Int64 { max(0, (Self.end(asOf) - Self.end(dataThrough)) * 1000) }

  func areMet(_ rule: DeliveryRule, _ data: ReportData) -> Bool {
    if rule.conditions.isWhole, data.provisionalMonths.contains(data.month) { return false }
    if rule.conditions.hasNotice, !findings.contains(where: { $0.severity >= .warning }) { return false }
    if let freshness = rule.conditions.freshness, age > freshness { return false }
    return true
  }

  /// A plain day is complete to its end.
  private static func end(_ moment: Moment) -> Int64 {
    moment.plainDay.map { Int64($0.number) * 86_400 + 86_400 } ?? moment.seconds
  }
}
