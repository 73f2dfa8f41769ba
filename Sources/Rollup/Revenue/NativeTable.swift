import Model

/// Amounts by currency and month, in their own money: what parts of a book have adds up.
struct NativeTable {
  /// By month number, from the one before the first month of any published period on: there stands what that one opens with.
  private(set) var amounts: [Currency: [Int128]] = [:]
  let months: Range<Int>

  init(_ calendar: ReportingCalendar) { months = (-calendar.lead - 1)..<calendar.count }

  init(months: Range<Int>) { self.months = months }

  /// Months outside take nothing.
  mutating func add(_ amount: Int128, _ currency: Currency, _ month: Int) {
    guard amount != 0, months.contains(month) else { return }
    amounts[currency, default: Array(repeating: 0, count: months.count)][month - months.lowerBound] += amount
  }

  /// Adds amounts of all months, each so many times.
  mutating func add(_ others: [Int128], _ currency: Currency, times factor: Int128 = 1) {
    var sums = amounts[currency] ?? Array(repeating: 0, count: months.count)
    for (place, amount) in zip(sums.indices, others) { sums[place] += factor * amount }
    amounts[currency] = sums.contains { $0 != 0 } ? sums : nil
  }

  func amount(_ currency: Currency, _ month: Int) -> Int128 {
    amounts[currency]?[month - months.lowerBound] ?? 0
  }
}
