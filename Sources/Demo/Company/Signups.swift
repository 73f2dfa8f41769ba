import Model

/// In which month each customer signs up: growing business with a season, customers numbered in that order.
struct Signups {
  private let calendar: Calendar
  private let customers: Int
  /// Share of all sign-ups before each month's end, in parts of the last entry.
  private let cumulative: [Int]

  init(customers: Int, calendar: Calendar) {
    self.customers = customers
    self.calendar = calendar
    var level = 1_000_000
    var sum = 0
    cumulative = calendar.all.map { month in
      sum += level * Self.seasonPerMille[month.monthOfYear - 1] / 1000
      level = level * 1028 / 1000
      return sum
    }
  }

  /// A quiet summer, a strong end of each quarter.
  private static let seasonPerMille = [1010, 970, 1110, 950, 980, 1100, 830, 790, 1130, 1040, 1070, 1020]

  func month(ofCustomer index: Int) -> Month {
    let total = cumulative[cumulative.count - 1]
    let position = Int(Int128(index) * Int128(total) / Int128(max(1, customers)))
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if position < cumulative[middle] { high = middle } else { low = middle + 1 }
    }
    return calendar.first + low
  }
}
