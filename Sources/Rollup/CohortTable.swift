import Model

/// Cohorts by month and by quarter of the first MRR, with their state at every age they have reached.
///
/// Valued at the rates of the cohort's own first period end, so that gross MRR does not mix in exchange rates.
struct CohortTable {
  struct Cell: Hashable {
    var customers: Int64 = 0
    var net: Int64 = 0
    var gross: Int64 = 0
  }

  /// The cohorts of one grain.
  struct Grid {
    let periods: [Period]
    /// Month number of each period's end, and the period each month belongs to (-1: not a whole period).
    let ends: [Int]
    let periodOfMonth: [Int]
    var cells: [Cell]
    /// Customers whose first MRR falls into the period, whether or not they are there at its end.
    var size: [Int64]
  }

  private let calendar: ReportingCalendar
  private let segments: Int
  var grids: [Grid]

  init(calendar: ReportingCalendar, segments: Int) {
    self.calendar = calendar
    self.segments = segments
    grids = [Grain.month, .quarter].map { grain in
      let periods = calendar.periods(grain)
      var periodOfMonth = Array(repeating: -1, count: calendar.count)
      for (number, period) in periods.enumerated() {
        for month in max(0, period.first - calendar.first)...(period.last - calendar.first) {
          periodOfMonth[month] = number
        }
      }
      return Grid(
        periods: periods, ends: periods.map { $0.last - calendar.first }, periodOfMonth: periodOfMonth,
        cells: Array(repeating: Cell(), count: segments * periods.count * periods.count),
        size: Array(repeating: 0, count: segments * periods.count))
    }
  }

  /// Adds one customer's runs of months; `segments` are those of its first month with MRR.
  mutating func add(_ timeline: CustomerTimeline, runs: [Sweep.Run], segments: [Int]) {
    guard runs.contains(where: \.isPaying) else { return }
    let start = timeline.firstPaying
    for grid in grids.indices {
      let cohort = grids[grid].periodOfMonth[start]
      guard cohort >= 0 else { continue }
      let periods = grids[grid].periods.count
      let rateMonth = grids[grid].ends[cohort]
      let atStart = timeline.mrr(closing: rateMonth, at: rateMonth)
      for segment in segments { grids[grid].size[segment * periods + cohort] += 1 }
      var number = 0
      for period in cohort..<periods {
        let month = grids[grid].ends[period]
        while number < runs.count, runs[number].months.upperBound < month { number += 1 }
        guard number < runs.count else { break }
        guard runs[number].isPaying, runs[number].months.contains(month) else { continue }
        let net = timeline.isConstant ? runs[number].closing : timeline.mrr(closing: month, at: rateMonth)
        for segment in segments {
          let cell = (segment * periods + cohort) * periods + (period - cohort)
          grids[grid].cells[cell].customers += 1
          grids[grid].cells[cell].net += net
          grids[grid].cells[cell].gross += min(atStart, net)
        }
      }
    }
  }

  /// One row for every cohort with a customer and every age it has reached.
  func rows(_ keys: [SegmentKey]) -> [CohortCell] {
    var rows: [CohortCell] = []
    for grid in grids {
      let periods = grid.periods.count
      for segment in 0..<segments {
        for cohort in 0..<periods where grid.size[segment * periods + cohort] > 0 {
          let first = (segment * periods + cohort) * periods
          for age in 0..<periods - cohort {
            let cell = grid.cells[first + age]
            rows.append(
              CohortCell(
                period: grid.periods[cohort], age: age, segment: keys[segment], customers: cell.customers,
                net: cell.net,
                gross: cell.gross, customersAtStart: grid.cells[first].customers,
                mrrAtStart: grid.cells[first].net))
          }
        }
      }
    }
    return rows
  }
}
