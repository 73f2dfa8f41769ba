import Model

/// Users by segment and month: who used the product in a month, and on how many of its days.
struct UsageSums {
  private(set) var months: Int
  /// Distinct users of the month, customer by customer.
  private(set) var active: [Int64] = []
  /// For each of the month's days its distinct users, added up.
  private(set) var daily: [Int64] = []

  /// Without `isFed` there is nothing to sum up, and no room is made.
  init(segments: Int, months: Int, isFed: Bool) {
    self.months = isFed ? months : 0
    active = Array(repeating: 0, count: segments * self.months)
    daily = active
  }

  func active(_ segment: Int, _ month: Int) -> Int64 { months > 0 ? active[segment * months + month] : 0 }
  func daily(_ segment: Int, _ month: Int) -> Int64 { months > 0 ? daily[segment * months + month] : 0 }

  mutating func add(_ month: CustomerUsage, to segment: Int) {
    active[segment * months + month.month] += month.users
    daily[segment * months + month.month] += month.userDays
  }
}

extension UsageSums: SegmentSums {
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    active.withIntegers(segment * months..<(segment + 1) * months, body)
    daily.withIntegers(segment * months..<(segment + 1) * months, body)
  }
}

/// What one customer's users did in one month.
struct CustomerUsage {
  var month: Int
  var users: Int64
  var userDays: Int64
}

/// The uses of a book, customer by customer.
struct UsageByCustomer {
  let isFed: Bool
  private let usage: [Book.Usage]
  /// Where each customer's uses stand in `usage`.
  private(set) var ranges: [Int32: Range<Int>] = [:]
  /// By customer, then by month number: how often, in millionths; only where a dimension asks for it.
  private var levels: [Int32: [Int: Int64]] = [:]
  /// The number of the first month of which any use is known, by anybody; nil where none is.
  private let firstUse: Int?

  /// `firstUse` is that of the whole, of which the book may be a part.
  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, firstUse: Month?) {
    self.firstUse = firstUse.map { $0 - calendar.first }
    isFed = book.fed.contains(.usageEvent)
    // What was used no times was not used.
    usage = book.usage.filter { $0.count > 0 }.sorted { $0.customer < $1.customer }
    var start = 0
    while start < usage.count {
      var end = start + 1
      while end < usage.count, usage[end].customer == usage[start].customer { end += 1 }
      ranges[usage[start].customer] = start..<end
      start = end
    }
    guard settings.asksForUsage else { return }
    for use in usage {
      let month = settings.zone.day(of: use.at).month - calendar.first
      let known = levels[use.customer]?[month] ?? 0
      let (sum, overflow) = known.addingReportingOverflow(use.count)
      levels[use.customer, default: [:]][month] = overflow ? .max : sum
    }
  }

  /// How often a customer's users used the product in a month, in millionths; nil for months before any use is known, in which nobody
  /// need have used it little.
  func level(of customer: Int, _ month: Int) -> Int64? {
    guard let firstUse, month >= firstUse else { return nil }
    return levels[Int32(customer)]?[month] ?? 0
  }

  /// The months of a calendar in which a customer used anything.
  func months(of customer: Int32, _ zone: ReportingZone, _ calendar: ReportingCalendar) -> [CustomerUsage] {
    guard let range = ranges[customer] else { return [] }
    var seen = usage[range].map { (day: zone.day(of: $0.at), user: $0.user) }
      .filter { $0.day >= calendar.first.firstDay && $0.day < calendar.last.end }
    seen.sort { ($0.day, $0.user) < ($1.day, $1.user) }
    var result: [CustomerUsage] = []
    var users: Set<Int32> = []
    for (position, use) in seen.enumerated() {
      if position > 0, seen[position - 1] == use { continue }
      let month = use.day.month - calendar.first
      if result.last?.month != month {
        result.append(CustomerUsage(month: month, users: 0, userDays: 0))
        users.removeAll(keepingCapacity: true)
      }
      result[result.count - 1].userDays += 1
      if users.insert(use.user).inserted { result[result.count - 1].users += 1 }
    }
    return result
  }
}

extension RollupSettings {
  fileprivate var asksForUsage: Bool {
    dimensions.contains { if case .usage = $0.rule { true } else { false } }
  }
}

extension Book {
  /// The month of the first use it tells of; nil without any, or where no dimension asks for it.
  func firstUse(_ settings: RollupSettings) -> Month? {
    guard settings.asksForUsage else { return nil }
    return usage.lazy.filter { $0.count > 0 }.map { settings.zone.day(of: $0.at) }.min()?.month
  }
}

extension Sweep {
  /// Adds what a customer used. `hasLife`: it is the customer under way, with charges.
  mutating func addUsage(_ months: [CustomerUsage], of customer: Int, hasLife: Bool) {
    for month in months {
      usage.add(month, to: 0)
      for dimension in segments.customerDimensions.indices {
        let segment =
          hasLife
          ? segment(dimension, atEndOf: month.month, customer)
          : segment(dimension, atEndOf: month.month, customer, arr: 0)
        usage.add(month, to: segment)
      }
    }
  }
}
