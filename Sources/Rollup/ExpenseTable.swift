import Model

/// Expenses by category and month in the reporting currency, at the month's rate.
struct ExpenseTable {
  /// By category, then by month counted from the first published one; earlier months are negative.
  private var amounts: [Int: [Int: Int64]] = [:]
  private var monthsWithRows: Set<Int> = []
  private let calendar: ReportingCalendar
  private let isFed: Bool
  private(set) var findings: [Finding] = []

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
    for expense in book.expenses {
      let month = settings.zone.day(of: expense.day).month - calendar.first
      guard month < calendar.count else { continue }
      guard let currency = position[expense.currency],
        let rate = rates.rate(currency, month + (calendar.first - first)),
        let amount = ExactMonthly(Int128(expense.amount), over: 1)?.value(at: rate)
      else {
        findings.append(
          Finding(
            .error, "missing-rate",
            "no rate from \(expense.currency) to \(settings.currency) for \(calendar.first + month), needed by an expense",
            consequence: "nothing is published", remedy: "add the rate to the source that feeds fx_rate"))
        continue
      }
      monthsWithRows.insert(month)
      amounts[Int(expense.category), default: [:]][month, default: 0] += amount
    }
  }

  func sum(_ categories: [String], _ months: ClosedRange<Int>) -> Known<Int64> {
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
