import Model

/// The published months and the periods made of them.
struct ReportingCalendar {
  let first: Month
  let count: Int
  let fiscalYearStart: Int

  var last: Month { first + (count - 1) }

  /// All periods of a grain that are whole at their end, oldest first.
  func periods(_ grain: Grain) -> [Period] {
    var result: [Period] = []
    var month = first
    while month <= last {
      let period = self.period(grain, containing: month)
      if period.last <= last { result.append(period) }
      month = period.last + 1
    }
    return result
  }

  /// How many months before the first published one belong to a published period: what happened in them counts in it.
  var lead: Int { Grain.allCases.compactMap { periods($0).first }.map { first - $0.first }.max() ?? 0 }

  /// Numbers of the months whose closes open published periods or are published.
  var closes: Set<Int> {
    Set(0..<count).union(Grain.allCases.flatMap { periods($0) }.map { $0.first - first - 1 })
  }

  func period(_ grain: Grain, containing month: Month) -> Period {
    switch grain {
    case .month: return Period(grain: grain, first: month, last: month, label: month.description)
    case .quarter:
      let first = month - (month.monthOfYear - 1) % 3
      let label = "\(Month(year: first.year, month: 1).description.prefix(4))-Q\((first.monthOfYear + 2) / 3)"
      return Period(grain: grain, first: first, last: first + 2, label: label)
    case .fiscalQuarter, .fiscalYear:
      let intoYear = (month.monthOfYear - fiscalYearStart + 12) % 12
      let yearStart = month - intoYear
      // A fiscal year is named after the calendar year it ends in.
      let name = "FY\((yearStart + 11).firstDay.description.prefix(4))"
      guard grain == .fiscalQuarter else {
        return Period(grain: grain, first: yearStart, last: yearStart + 11, label: name)
      }
      let first = yearStart + intoYear / 3 * 3
      return Period(grain: grain, first: first, last: first + 2, label: "\(name)-Q\(intoYear / 3 + 1)")
    }
  }
}
