import Model

extension Totals {
  /// The same sums where closed months stand as they were closed: the first open month starts from there, and its restatement
  /// leads to the opening that the facts give today, from which the movements are classified.
  ///
  /// DOMAIN's rule of the close. Closed months are valued at the rates they were closed with, so that a rate that was corrected
  /// later is no restatement. Customers are counted from the restated opening.
  func restated(from closed: ClosedMonths) -> Totals {
    let closings = ClosedBridge(closed)
    var totals = self
    let firstOpen = closed.through + 1 - calendar.first
    for segment in 0..<segments.count where closings.has(segments.keys[segment].dimension) {
      for valuation in [Valuation.asReported, .native] {
        guard let currency = currency(segment, valuation) else { continue }
        var table = valuation == .native ? totals.native : totals.reported
        let row = ClosedBridge.Row(
          segment: segments.keys[segment], currency: currency, valuation: valuation)
        for month in 0..<min(max(0, firstOpen), calendar.count) {
          table.amounts[table.cell(segment, month)] = closings.amounts(row, calendar.first + month)
        }
        if (0..<calendar.count).contains(firstOpen) {
          table.restate(table.cell(segment, firstOpen), from: closings.amounts(row, closed.through).ending)
        }
        if valuation == .native { totals.native = table } else { totals.reported = table }
      }
      let row = ClosedBridge.Row(
        segment: segments.keys[segment], currency: settings.currency, valuation: .asReported)
      for (number, grain) in constantGrains.enumerated() {
        for period in calendar.periods(grain) where period.last > closed.through {
          // Both are at the rates of the period's opening.
          let (opening, month) = (period.first - 1, period.first - calendar.first)
          guard opening <= closed.through, month >= 0 else { continue }
          let cell = totals.constant[number].cell(segment, month)
          totals.constant[number].restate(cell, from: closings.amounts(row, opening).ending)
        }
      }
    }
    return totals
  }
}

extension BridgeTable {
  /// Starts a month from another level, and says what leads from there to the one it started from.
  fileprivate mutating func restate(_ cell: Int, from closing: Int64) {
    amounts[cell].restatement = amounts[cell].starting - closing
    amounts[cell].starting = closing
  }
}

/// The closed months' bridge rows, by month.
private struct ClosedBridge {
  struct Row: Hashable {
    var segment: SegmentKey
    var currency: Currency
    var valuation: Valuation
  }

  private var rows: [Row: [Month: BridgeAmounts]] = [:]
  private var dimensions: Set<String> = []

  init(_ closed: ClosedMonths) {
    for line in closed.bridge where line.period.grain == .month {
      let row = Row(segment: line.segment, currency: line.currency, valuation: line.valuation)
      rows[row, default: [:]][line.period.last] = line.amounts
      dimensions.insert(line.segment.dimension)
    }
  }

  /// Whether closed months have segments of a dimension; those of one defined later start from what is known now.
  func has(_ dimension: String) -> Bool { dimensions.contains(dimension) }

  /// Nothing where the month was closed without such a row.
  func amounts(_ row: Row, _ month: Month) -> BridgeAmounts { rows[row]?[month] ?? BridgeAmounts() }
}
