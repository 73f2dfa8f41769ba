import Model

/// Everything that invoices, payments and contracts tell, by month, in the reporting currency.
///
/// A quarter or year that begins before the first published month has all its months: flows are known of them too.
struct RevenueTable {
  let billings: MonthlyAmounts
  let recognized: MonthlyAmounts
  /// At the closes; known of the published months and of those before which a published period opens.
  let deferred: MonthlyAmounts
  let asset: MonthlyAmounts
  let obligation: MonthlyAmounts
  let currentObligation: MonthlyAmounts
  let collections: MonthlyAmounts
  let bookings: MonthlyAmounts
  let contractValue: MonthlyAmounts
  let yearlyValue: MonthlyAmounts
  let failed: MonthlyAmounts
  let recovered: MonthlyAmounts
  /// By age band.
  let receivables: [MonthlyAmounts]
  let delinquent: MonthlyAmounts
  let involuntary: MonthlyAmounts
  /// The first month of which billing or contracts tell anything; nil: none.
  let firstMonth: Int?
  private(set) var findings: [Finding] = []
  /// What movements were valued at, then balances.
  let ratesUsed: [RateUsed]
  private let native: NativeTable
  private let averages: AverageRates
  let fed: Set<EntityKind>

  static let entities: Set<EntityKind> = [.invoice, .invoiceLine, .payment, .refund, .creditNote, .contract]

  /// `sums` are those of the whole book; nil where nobody feeds documents. Of `book` only rates and currencies are asked for.
  init(_ sums: RevenueSums?, _ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    fed = book.fed.intersection(Self.entities)
    averages = AverageRates(book, settings, calendar)
    let sums = sums ?? RevenueSums(months: NativeTable(calendar).months)
    firstMonth = sums.firstMonth
    native = sums[.recognized]
    let (flowing, published) = (-calendar.lead..<calendar.count, 0..<calendar.count)
    let closing = calendar.closes.sorted()
    var flows = BookRates(book, settings, calendar, earliest: calendar.first - calendar.lead)
    var closes = BookRates(
      book, settings.atMonthEnds, calendar, earliest: calendar.first - calendar.lead - 1)
    billings = flows.amounts(sums[.billed], flowing, neededBy: "billings")
    recognized = flows.amounts(native, flowing, neededBy: "recognized revenue")
    deferred = closes.amounts(sums[.deferred], closing, neededBy: "deferred revenue")
    asset = closes.amounts(sums[.asset], closing, neededBy: "a contract asset")
    obligation = closes.amounts(sums[.obligation], published, neededBy: "performance obligations")
    currentObligation = closes.amounts(
      sums[.currentObligation], published, neededBy: "performance obligations")
    bookings = flows.amounts(sums[.signed], flowing, neededBy: "bookings")
    contractValue = closes.amounts(sums[.inForce], published, neededBy: "contract value")
    yearlyValue = closes.amounts(sums[.yearly], published, neededBy: "contract value")
    collections = flows.amounts(sums[.collected], flowing, neededBy: "collections")
    receivables = [.open, .open31, .open61, .open91].map { band in
      closes.amounts(sums[band], published, neededBy: "receivables")
    }
    (failed, recovered) = (sums[.failed], sums[.recovered])
    (delinquent, involuntary) = (sums[.delinquent], sums[.involuntary])
    findings = Self.undated(sums[.undatedPayments], "payments and refunds", "created")
    if sums[.tooLargeLines] > 0 {
      findings.append(
        .totalTooLarge(
          "the amount less discount or tax of \(sums[.tooLargeLines]) invoices or lines",
          remedy: "correct amount, discount or tax in the export"))
    }
    ratesUsed = flows.ratesUsed + closes.ratesUsed
    findings += flows.findings + closes.findings.filter { !flows.findings.contains($0) }
    findings += Self.warnings(sums, settings.policy.basis)
  }

  private static func warnings(_ sums: RevenueSums, _ basis: Policy.Basis) -> [Finding] {
    var findings =
      undated(sums[.undatedLines], "invoices and their lines", "issued")
      + undated(sums[.undatedNotes], "credit notes", "issued")
    // MRR of contracts tells of them itself.
    if sums[.incompleteContracts] > 0, basis != .contracts {
      findings.append(
        Finding(
          .warning, "incomplete-contract",
          "\(sums[.incompleteContracts]) contracts lack their amount, start or end",
          consequence: "they count nowhere", remedy: "map `amount`, `start` and `end` of contract"))
    }
    if sums[.unsignedContracts] > 0 {
      findings.append(
        Finding(
          .warning, "unsigned-contract",
          "\(sums[.unsignedContracts]) contracts do not say when they were signed",
          consequence: "they are in no bookings, and known from their start on",
          remedy: "map `signed` of contract"))
    }
    return findings
  }

  private static func undated(_ count: Int64, _ what: String, _ column: String) -> [Finding] {
    guard count > 0 else { return [] }
    return [
      Finding(
        .warning, "undated-document", "\(count) \(what) have no date",
        consequence: "they count in no month", remedy: "map `\(column)`")
    ]
  }

  /// Recognized revenue of months at the average rates of other months; nil where a rate is missing.
  func recognized(_ months: ClosedRange<Int>, atRatesOf others: ClosedRange<Int>) -> Int128? {
    var sum: Int128 = 0
    for currency in native.amounts.keys.sorted() {
      let amount = months.reduce(Int128(0)) { $0 + native.amount(currency, $1) }
      guard amount != 0 else { continue }
      guard let rate = averages.average(currency, others),
        let value = ExactMonthly(amount, over: 1)?.value(at: rate)
      else {
        return nil
      }
      sum += Int128(value)
    }
    return sum
  }
}

extension RevenueStep {
  /// Its amount by twelve months of its term, half-even to a micro-unit.
  func yearlyValue(_ policy: Policy) -> Int64 {
    let exact = ExactMonthly(amount, paidFor: term, policy)
    return exact.flatMap { ExactMonthly($0.numerator * 12, over: Int128($0.denominator)) }?.value(at: .one)
      ?? 0
  }
}

extension RollupSettings {
  /// Balances are valued at the rates of the month's end, whatever values movements.
  var atMonthEnds: RollupSettings {
    var settings = self
    if policy.rateDate != .fixed { settings.policy.rateDate = .monthEnd }
    return settings
  }
}

extension BookRates {
  /// A table of native amounts, some of its months converted, each once.
  mutating func amounts(
    _ table: NativeTable, _ months: some Sequence<Int>, neededBy whom: String
  ) -> MonthlyAmounts {
    var result = MonthlyAmounts(first: table.months.lowerBound, count: table.months.count)
    let currencies = table.amounts.keys.sorted()
    for month in months {
      let parts = currencies.lazy.map { (currency: $0, amount: table.amount($0, month)) }
      result[month] = converted(parts, month, neededBy: whom)
    }
    return result
  }
}

/// The mean of a currency's month rates over some months, half-even to 12 decimals.
struct AverageRates {
  private let rates: MonthRates
  private var position: [Currency: Int] = [:]
  private let reporting: Currency

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    rates = MonthRates(book, settings, calendar)
    reporting = settings.currency
    for (index, currency) in book.currencies.enumerated() { position[currency] = index }
  }

  func average(_ currency: Currency, _ months: ClosedRange<Int>) -> ExactRate? {
    if currency == reporting { return .one }
    guard let index = position[currency] else { return nil }
    let scale: Int128 = 1_000_000_000_000
    var sum: Int128 = 0
    for month in months {
      guard month >= 0, month < rates.monthCount, let rate = rates.rate(index, month) else { return nil }
      sum += roundHalfEven(Int128(rate.numerator) * scale, over: Int128(rate.denominator))
    }
    return Int64(exactly: roundHalfEven(sum, over: Int128(months.count))).map { ExactRate($0, Int64(scale)) }
  }
}
