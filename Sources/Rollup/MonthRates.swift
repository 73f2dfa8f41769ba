import Model

/// The rate of every currency in the reporting currency for every month, by the policy's rule.
struct MonthRates {
  /// Index into ``Book/currencies`` of the reporting currency, if any charge is in it.
  private let rates: [[ExactRate?]]
  /// nil also of the mean of a month.
  private let days: [[Day?]]
  private let book: Book
  private let settings: RollupSettings
  /// Published rates into the reporting currency, by currency index, ascending by day; direct before inverse.
  private let published: [[(day: Day, rate: ExactRate)]]
  let monthCount: Int
  let first: Month
  /// True when the currency's value never moves: it is the reporting currency, or its rate is fixed by policy.
  let isConstant: [Bool]

  init(_ book: Book, _ settings: RollupSettings, first: Month, monthCount: Int, lastRateDay: Day) {
    self.book = book
    self.settings = settings
    self.first = first
    self.monthCount = monthCount
    let published = Self.published(book, settings)
    self.published = published
    var rates: [[ExactRate?]] = []
    var days: [[Day?]] = []
    var isConstant: [Bool] = []
    let closed = settings.closed?.rates(into: settings.currency) ?? [:]
    for (index, currency) in book.currencies.enumerated() {
      if currency == settings.currency || settings.policy.rateDate == .fixed {
        let rate = currency == settings.currency ? .one : settings.fixedRates[currency]
        // A closed month keeps its rate when another one is fixed.
        let ofMonths = (0..<monthCount).map { closed[currency]?[first + $0]?.ofMonth?.rate ?? rate }
        rates.append(ofMonths)
        days.append(Array(repeating: nil, count: monthCount))
        isConstant.append(ofMonths.allSatisfy { $0 == rate })
        continue
      }
      isConstant.append(settings.policy.rateDate == .serviceStart)
      let found = (0..<monthCount).map { offset -> (Day?, ExactRate)? in
        let month = first + offset
        // A closed month keeps its rates; a policy that takes those of single days has none of the month.
        let kept = settings.policy.rateDate == .serviceStart ? nil : closed[currency]?[month]
        if settings.policy.rateDate == .monthAverage {
          let average = Self.average(
            published[index], from: month.firstDay, through: min(month.lastDay, lastRateDay))
          if let mean = kept?.ofMonth?.rate ?? average { return (nil, mean) }
        }
        if let rate = kept?.ofDay { return (rate.day, rate.rate) }
        return Self.latest(published[index], on: min(month.lastDay, lastRateDay), settings.maximumRateAge)
          .map { ($0.day, $0.rate) }
      }
      rates.append(found.map { $0?.1 })
      days.append(found.map { $0?.0 })
    }
    self.rates = rates
    self.days = days
    self.isConstant = isConstant
  }

  /// Whether any rate of the currency is known, of whatever day.
  func isFed(_ currency: Int) -> Bool { !published[currency].isEmpty }

  /// The rate of a month, nil when there is none.
  func rate(_ currency: Int, _ month: Int) -> ExactRate? { rates[currency][month] }

  /// The rate a constant valuation takes: months outside the data clamp, a month without a rate takes the first one after it.
  func openingRate(_ currency: Int, _ month: Int) -> ExactRate {
    let clamped = min(max(0, month), monthCount - 1)
    let known = rates[currency]
    return known[clamped...].lazy.compactMap { $0 }.first ?? known.lazy.compactMap { $0 }.last ?? .one
  }

  /// The largest rate of each currency in any month.
  var largest: [ExactRate] {
    rates.map { months in
      months.lazy.compactMap { $0 }.max {
        Int128($0.numerator) * Int128($1.denominator) < Int128($1.numerator) * Int128($0.denominator)
      } ?? .one
    }
  }

  /// The rate at a charge's service start, for the policy that values charges so.
  func rate(_ currency: Int, at day: Day) -> (day: Day, rate: ExactRate)? {
    if book.currencies[currency] == settings.currency { return (day, .one) }
    return Self.latest(published[currency], on: day, settings.maximumRateAge)
  }

  /// The rates of all months, by the currencies they were made for.
  func byCurrency(_ currencies: [Currency]) -> [Currency: [ExactRate?]] {
    Dictionary(zip(currencies, rates), uniquingKeysWith: { first, _ in first })
  }

  /// Tells a currency's published rates from any others.
  func digestOfPublished(_ currency: Int) -> Int64 {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ value: UInt64) {
      digest = (digest ^ value) &* 0x9E37_79B9_7F4A_7C15
      digest ^= digest >> 32
    }
    for entry in published[currency] {
      add(UInt64(bitPattern: Int64(entry.day.number)))
      add(UInt64(bitPattern: entry.rate.numerator))
      add(UInt64(bitPattern: entry.rate.denominator))
    }
    return Int64(bitPattern: digest)
  }

  func used(_ currency: Int, _ month: Int) -> RateUsed? {
    guard let rate = rates[currency][month], book.currencies[currency] != settings.currency else {
      return nil
    }
    return RateUsed(
      month: first + month, from: book.currencies[currency], to: settings.currency, rate: rate,
      day: days[currency][month])
  }

  private static func published(_ book: Book, _ settings: RollupSettings) -> [[(day: Day, rate: ExactRate)]] {
    var index: [Currency: Int] = [:]
    for (position, currency) in book.currencies.enumerated() { index[currency] = position }
    var byDay = Array(repeating: [Day: (rate: ExactRate, direct: Bool)](), count: book.currencies.count)
    for rate in book.rates {
      if rate.to == settings.currency, let position = index[rate.from] {
        byDay[position][rate.day] = (rate.rate, true)
      } else if rate.from == settings.currency, let position = index[rate.to],
        byDay[position][rate.day]?.direct != true
      {
        byDay[position][rate.day] = (rate.rate.inverse, false)
      }
    }
    return byDay.map { days in days.map { (day: $0.key, rate: $0.value.rate) }.sorted { $0.day < $1.day } }
  }

  private static func latest(
    _ published: [(day: Day, rate: ExactRate)], on day: Day, _ maximumAge: Int
  ) -> (day: Day, rate: ExactRate)? {
    var low = 0
    var high = published.count
    while low < high {
      let middle = (low + high) / 2
      if published[middle].day <= day { low = middle + 1 } else { high = middle }
    }
    guard low > 0, published[low - 1].day + maximumAge >= day else { return nil }
    return (published[low - 1].day, published[low - 1].rate)
  }

  /// Mean of the rates published on the days, each and their mean half-even to 12 decimals.
  private static func average(
    _ published: [(day: Day, rate: ExactRate)], from first: Day, through last: Day
  ) -> ExactRate? {
    let scale: Int128 = 1_000_000_000_000
    let inside = published.filter { $0.day >= first && $0.day <= last }
    guard !inside.isEmpty else { return nil }
    let sum = inside.reduce(Int128(0)) { sum, entry in
      sum + roundHalfEven(Int128(entry.rate.numerator) * scale, over: Int128(entry.rate.denominator))
    }
    return Int64(exactly: roundHalfEven(sum, over: Int128(inside.count))).map { ExactRate($0, Int64(scale)) }
  }
}
