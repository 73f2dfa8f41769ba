import Model

extension Totals {
  /// The same sums, of which open periods start as the month before them was closed, and restate that to the opening the facts give today.
  ///
  /// DOMAIN's rule of the close. Everything else of an open period is as the facts are known now, of a quarter or year that began in closed
  /// months, too. Closed months are valued at the rates they were closed with, so that a rate that was corrected later is no
  /// restatement. Customers are counted from the restated opening.
  func restated(from closed: ClosedMonths) -> Totals {
    var totals = self
    totals.closings = ClosedEndings(closed)
    return totals
  }

  /// A period's starting as closed; nil where it is as the facts have it: behind an open month, or in a dimension that was defined later.
  func closedStarting(_ period: Period, _ segment: Int, _ valuation: Valuation) -> Int64? {
    let (key, opening) = (segments.keys[segment], period.first - 1)
    guard let closings, opening <= closings.through, closings.dimensions.contains(key.dimension),
      let currency = currency(segment, valuation)
    else { return nil }
    // At constant rates an opening is valued at its own, as it is reported.
    let row = ClosedEndings.Row(
      segment: key, currency: currency, valuation: valuation == .native ? .native : .asReported)
    return closings.rows[row]?[opening] ?? 0
  }
}

/// What the closed months ended with, by segment.
struct ClosedEndings {
  struct Row: Hashable {
    var segment: SegmentKey
    var currency: Currency
    var valuation: Valuation
  }

  let through: Month
  private(set) var rows: [Row: [Month: Int64]] = [:]
  let dimensions: Set<String>

  init(_ closed: ClosedMonths) {
    through = closed.through
    dimensions = closed.dimensions()
    for line in closed.bridge where line.period.grain == .month {
      let row = Row(segment: line.segment, currency: line.currency, valuation: line.valuation)
      rows[row, default: [:]][line.period.last] = line.amounts.ending
    }
  }
}
