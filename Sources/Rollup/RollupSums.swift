import Model

/// What a roll-up adds up over customers, kept so that the next one can take changed customers out and put them in again.
struct RollupSums {
  /// Everything beside the facts and the rates that the sums depend on: sums of other terms are of no use.
  var terms: String
  var first: Month
  var last: Month
  /// Charges in force at a month's end that start in the first month: without any, there is another first month.
  var startingFirst: Int64
  /// The first month of which any use is known, where a dimension asks for it.
  var firstUse: Month?
  var faults: CountingFaults
  /// Sum of all charges, see ``SweptBook/bound``.
  var bound: Int64
  /// By currency: the rates of all months (nil: none), and how many charges need each.
  var rates: [Currency: [ExactRate?]]
  var needed: [Currency: [Int64]]
  /// By currency: a digest of all published rates, where the policy takes those of single days; else 0.
  var publishedRates: [Currency: Int64]
  var segments: [SegmentKey: [Int64]]
  /// nil where nobody feeds documents.
  var revenue: RevenueSums?
}

extension RollupSums {
  init(
    _ swept: inout SweptBook, _ revenue: RevenueSums?, _ first: (month: Month, charges: Int64),
    _ faults: CountingFaults, _ rates: MonthRates, _ currencies: [Currency], _ settings: RollupSettings,
    firstUse: Month?
  ) {
    self.revenue = revenue
    self.firstUse = firstUse
    terms = Self.terms(settings)
    self.first = first.month
    last = settings.lastMonth
    startingFirst = first.charges
    self.faults = faults
    bound = Int64(clamping: swept.bound)
    self.rates = rates.byCurrency(currencies)
    needed = swept.demand.needed
    publishedRates = Self.publishedRates(rates, currencies, settings)
    segments = swept.sweep.sumsBySegment()
  }

  /// Raised whenever the same facts are counted differently than before.
  private static let version = 5

  static func terms(_ settings: RollupSettings) -> String {
    let policy = PolicyKey.allCases.map { "\($0.rawValue): \(settings.policy.text(of: $0))" }
    let fixed = settings.fixedRates.sorted { $0.key < $1.key }.map {
      "\($0.key): \($0.value.numerator)/\($0.value.denominator)"
    }
    // The stored rows of single customers are cut off where the open months begin.
    let closed = settings.closed.map { ["closed to \($0.through)"] } ?? []
    return
      ([
        "\(version)", settings.currency.code, "\(settings.zone)", "\(settings.fiscalYearStart)",
        "\(settings.maximumRateAge)", "\(settings.dimensions)",
      ] + policy + fixed + closed).joined(separator: "\n")
  }

  /// Whether the charges that were summed up would be valued as they were. Rates nothing was valued at may differ.
  func rest(on rates: MonthRates, _ currencies: [Currency], _ settings: RollupSettings) -> Bool {
    let now = rates.byCurrency(currencies)
    let published = Self.publishedRates(rates, currencies, settings)
    return self.rates.allSatisfy { currency, known in
      guard published[currency] == publishedRates[currency] else { return false }
      return now[currency] == known || !(needed[currency]?.contains { $0 > 0 } ?? false)
    }
  }

  static func publishedRates(
    _ rates: MonthRates, _ currencies: [Currency], _ settings: RollupSettings
  ) -> [Currency: Int64] {
    var digests: [Currency: Int64] = [:]
    for (index, currency) in currencies.enumerated() {
      digests[currency] = settings.policy.rateDate == .serviceStart ? rates.digestOfPublished(index) : 0
    }
    return digests
  }

  /// The rates that value any charge.
  func ratesUsed(_ currencies: [Currency], _ rates: MonthRates) -> [RateUsed] {
    currencies.enumerated().flatMap { index, currency in
      (needed[currency] ?? []).enumerated().compactMap { month, count in
        count > 0 ? rates.used(index, month) : nil
      }
    }
  }
}

extension RateUsed {
  /// One rate a month, currency and day, the first that is told, in their order: movements may have the mean of a month, balances that of
  /// its end.
  static func first(ofEach rates: [RateUsed]) -> [RateUsed] {
    struct Place: Hashable {
      var month: Month
      var day: Day?
    }
    var told: [Currency: Set<Place>] = [:]
    return rates.filter { told[$0.from, default: []].insert(Place(month: $0.month, day: $0.day)).inserted }
      .sorted {
        ($0.from, $0.month, $0.day?.number ?? .min) < ($1.from, $1.month, $1.day?.number ?? .min)
      }
  }
}
