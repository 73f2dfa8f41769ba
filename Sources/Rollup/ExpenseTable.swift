import Model

/// Expenses by category and month in the reporting currency, at the month's rate.
struct ExpenseTable {
  private var amounts: [Int: [Int64]] = [:]
  private var monthsWithRows: Set<Int> = []
  private let calendar: ReportingCalendar
  private let isFed: Bool
  private(set) var findings: [Finding] = []

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ rates: MonthRates) {
    self.calendar = calendar
    isFed = book.fed.contains(.expense)
    var position: [Currency: Int] = [:]
    for (index, currency) in book.currencies.enumerated() { position[currency] = index }
    for expense in book.expenses {
      let month = settings.zone.day(of: expense.day).month - calendar.first
      guard month >= 0, month < calendar.count else { continue }
      guard let currency = position[expense.currency], let rate = rates.rate(currency, month),
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
      amounts[Int(expense.category), default: Array(repeating: 0, count: calendar.count)][month] += amount
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
    return .value(known.reduce(0) { sum, amounts in months.reduce(sum) { $0 + amounts[$1] } })
  }
}
