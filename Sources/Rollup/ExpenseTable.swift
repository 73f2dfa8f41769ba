import Model

/// Expenses by category and month in the reporting currency, at the month's rate.
struct ExpenseTable {
  /// By category, then by month counted from the first published one; earlier months are negative.
  private var amounts: [Int: [Int: Int128]] = [:]
  private var monthsWithRows: Set<Int> = []
  private let calendar: ReportingCalendar
  private let isFed: Bool
  private(set) var findings: [Finding] = []
  private(set) var ratesUsed: [RateUsed] = []

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    self.calendar = calendar
    isFed = book.fed.contains(.expense)
    // Money is spent before the first customer is won: the rates have to reach as far back.
    let months = book.expenses.map { settings.zone.day(of: $0.day).month }
    let first = min(calendar.first, months.min() ?? calendar.first)
    let rates = MonthRates(
      book, settings, first: first, monthCount: calendar.last - first + 1,
      lastRateDay: settings.completeThrough - 1)
    var position: [Currency: Int] = [:]
    for (index, currency) in book.currencies.enumerated() { position[currency] = index }
    var asked: Set<Int> = []
    let needs = ExpenseNeeds(Set(months.map { $0 - calendar.first }), settings, calendar)
    for expense in book.expenses {
      let month = settings.zone.day(of: expense.day).month - calendar.first
      guard month < calendar.count else { continue }
      monthsWithRows.insert(month)
      guard let currency = position[expense.currency],
        let rate = rates.rate(currency, month + (calendar.first - first))
      else {
        guard needs.contains(Int(expense.category), month) else { continue }
        findings.append(
          Finding(
            .error, "missing-rate",
            "no rate from \(expense.currency) to \(settings.currency) for \(calendar.first + month), needed by an expense",
            consequence: "nothing is published", remedy: "add the rate to the source that feeds fx_rate"))
        continue
      }
      guard let amount = ExactMonthly(Int128(expense.amount), over: 1)?.value(at: rate) else {
        findings.append(.totalTooLarge("an expense of \(calendar.first + month)"))
        continue
      }
      amounts[Int(expense.category), default: [:]][month, default: 0] += Int128(amount)
      if month >= 0, asked.insert(month * book.currencies.count + currency).inserted,
        let used = rates.used(currency, month + (calendar.first - first))
      {
        ratesUsed.append(used)
      }
    }
  }

  func sum(_ categories: [String], _ months: ClosedRange<Int>) -> Known<Int128> {
    guard isFed else { return .unknown("no expense data") }
    let known = categories.compactMap { EntityColumn.expenseCategories.firstIndex(of: $0) }.compactMap {
      amounts[$0]
    }
    guard !known.isEmpty else { return .unknown("no expense data for \(categories.joined(separator: ", "))") }
    for month in months where !monthsWithRows.contains(month) {
      return .unknown("no expense data for \(calendar.first + month)")
    }
    return .value(known.reduce(0) { sum, amounts in months.reduce(sum) { $0 + (amounts[$1] ?? 0) } })
  }
}

/// Which expenses figures are made of: those of others need no rate.
private struct ExpenseNeeds {
  private let running: Set<Int>
  private let acquiring: Set<Int>
  private var periods: [ClosedRange<Int>] = []
  private let lag: Int
  private let monthsWithRows: Set<Int>

  init(_ monthsWithRows: Set<Int>, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    func numbers(_ names: [String]) -> Set<Int> {
      Set(names.compactMap { EntityColumn.expenseCategories.firstIndex(of: $0) })
    }
    self.monthsWithRows = monthsWithRows
    running = numbers(MetricContext.runningCosts)
    acquiring = numbers(["sales", "marketing"])
    lag = settings.cacLag
    for period in Grain.allCases.flatMap({ calendar.periods($0) }) {
      periods.append((period.first - calendar.first)...(period.last - calendar.first))
    }
  }

  /// Whether a period with expenses in all its months has the month: for margins, or so much later for acquisition.
  func contains(_ category: Int, _ month: Int) -> Bool {
    func isIn(_ categories: Set<Int>, lag: Int) -> Bool {
      categories.contains(category)
        && periods.contains {
          $0.contains(month + lag) && $0.allSatisfy { monthsWithRows.contains($0 - lag) }
        }
    }
    return isIn(running, lag: 0) || isIn(acquiring, lag: lag)
  }
}
