import Model

/// Native sums by month and currency, converted once at each month's rate; also of months before the first published one, which have negative numbers.
struct BookRates {
  let calendar: ReportingCalendar
  private let settings: RollupSettings
  private let rates: MonthRates
  private let first: Month
  private var position: [Currency: Int] = [:]
  private(set) var findings: [Finding] = []
  private var missing: Set<String> = []
  private var unfit: Set<String> = []
  /// Of months from the first published one on, by position of the currency.
  private var applied: Set<AppliedRate> = []

  private struct AppliedRate: Hashable {
    var currency: Int
    var month: Int
  }

  /// `earliest` is the first month that has to be converted.
  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, earliest: Month? = nil) {
    self.calendar = calendar
    self.settings = settings
    first = min(calendar.first, earliest ?? calendar.first)
    rates = MonthRates(
      book, settings, first: first, monthCount: calendar.last - first + 1,
      lastRateDay: settings.completeThrough - 1)
    for (index, currency) in book.currencies.enumerated() { position[currency] = index }
  }

  /// Whether there is a rate of a month.
  func knows(_ currency: Currency, _ month: Int) -> Bool { known(currency, month) != nil }

  /// The rate of month number `month`; months after the last published one have its rate. nil, with a finding, where there is none.
  mutating func rate(_ currency: Currency, _ month: Int, neededBy whom: String) -> ExactRate? {
    if let rate = known(currency, month) {
      if let index = position[currency], month >= 0 {
        applied.insert(AppliedRate(currency: index, month: min(month, calendar.count - 1)))
      }
      return rate
    }
    if missing.insert("\(currency) \(month)").inserted {
      findings.append(
        Finding(
          .error, "missing-rate",
          "no rate from \(currency) to \(settings.currency) for \(calendar.first + month), needed by \(whom)",
          consequence: "nothing is published", remedy: "add the rate to the source that feeds fx_rate"))
    }
    return nil
  }

  /// The rates that were asked for.
  var ratesUsed: [RateUsed] {
    applied.compactMap { rates.used($0.currency, $0.month + (calendar.first - first)) }
  }

  private func known(_ currency: Currency, _ month: Int) -> ExactRate? {
    if currency == settings.currency { return .one }
    let number = min(month, calendar.count - 1) + (calendar.first - first)
    return number >= 0 ? position[currency].flatMap { rates.rate($0, number) } : nil
  }

  /// Micro-units of the reporting currency, one half-even rounding; 0, with a finding, where there is no rate or no room.
  mutating func converted(_ amount: Int128, _ currency: Currency, _ month: Int, neededBy whom: String)
    -> Int64
  {
    guard amount != 0, let rate = rate(currency, month, neededBy: whom) else { return 0 }
    guard let value = ExactMonthly(amount, over: 1)?.value(at: rate) else {
      return tooLarge(month, whom)
    }
    return value
  }

  /// The sum of a month's amounts, each converted once.
  mutating func converted(
    _ amounts: some Sequence<(currency: Currency, amount: Int128)>, _ month: Int, neededBy whom: String
  ) -> Int64 {
    var sum: Int128 = 0
    for (currency, amount) in amounts {
      sum += Int128(converted(amount, currency, month, neededBy: whom))
    }
    return Int64(exactly: sum) ?? tooLarge(month, whom)
  }

  private mutating func tooLarge(_ month: Int, _ whom: String) -> Int64 {
    // Of one kind the first month is enough to find what is wrong.
    if unfit.insert(whom).inserted { findings.append(.totalTooLarge("\(whom) of \(calendar.first + month)")) }
    return 0
  }

  /// By month: the sum of all currencies, each converted once.
  mutating func converted(_ sums: NativeSums, neededBy whom: String) -> [Int: Int64] {
    var result: [Int: Int64] = [:]
    for (month, amounts) in sums.amounts.sorted(by: { $0.key < $1.key }) {
      let parts = amounts.sorted { $0.key < $1.key }.map { (currency: $0.key, amount: $0.value) }
      result[month] = converted(parts, month, neededBy: whom)
    }
    return result
  }
}

/// Amounts by month number and currency, in their own money.
struct NativeSums {
  private(set) var amounts: [Int: [Currency: Int128]] = [:]

  mutating func add(_ amount: Int64, _ currency: Currency, _ month: Int) {
    amounts[month, default: [:]][currency, default: 0] += Int128(amount)
  }
}
