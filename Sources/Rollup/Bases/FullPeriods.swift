/// The billing intervals that whole lines of one subscription tell, for its prorated lines.
struct FullPeriods {
  /// Not prorated, by start, then by issue, then by id.
  private let whole: [BilledLine]

  init(_ lines: [BilledLine]) {
    guard lines.contains(where: \.isProration) else {
      whole = []
      return
    }
    whole = lines.filter { !$0.isProration }.sorted {
      ($0.start, $0.issued, $0.line) < ($1.start, $1.issued, $1.line)
    }
  }

  /// That of the latest whole line which does not start after this one, else of the first one after it; nil without any.
  func interval(of line: BilledLine) -> BillingInterval? {
    let after = whole.firstIndex { $0.start > line.start } ?? whole.count
    guard let other = after > 0 ? whole[after - 1] : whole.first else { return nil }
    return BillingInterval(from: other.start.day, to: other.end.day)
  }
}
