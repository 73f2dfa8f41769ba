import Model

/// Everything that invoices, payments and contracts tell, by month, in the reporting currency.
///
/// A quarter or year that begins before the first published month has all its months: flows are known of them too.
struct RevenueTable {
  private(set) var billings: MonthlyAmounts
  private(set) var recognized: MonthlyAmounts
  /// At the closes; known of the published months and of those before which a published period opens.
  private(set) var deferred: MonthlyAmounts
  private(set) var asset: MonthlyAmounts
  private(set) var obligation: MonthlyAmounts
  private(set) var currentObligation: MonthlyAmounts
  private(set) var collections: MonthlyAmounts
  private(set) var bookings: MonthlyAmounts
  private(set) var contractValue: MonthlyAmounts
  private(set) var yearlyValue: MonthlyAmounts
  private(set) var failed: MonthlyAmounts
  private(set) var recovered: MonthlyAmounts
  /// By age band.
  private(set) var receivables: [MonthlyAmounts]
  private(set) var delinquent: MonthlyAmounts
  private(set) var involuntary: MonthlyAmounts
  /// The first month of which billing or contracts tell anything; nil: none.
  private(set) var firstMonth: Int?
  private(set) var findings: [Finding] = []
  private var native: RevenueBalances.Table
  private var averages: AverageRates
  let fed: Set<EntityKind>

  static let entities: Set<EntityKind> = [.invoice, .invoiceLine, .payment, .refund, .creditNote, .contract]

  /// `churn` and `levels` are those of all customers.
  init(
    _ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ departures: Departures,
    churn: [CustomerMovement], levels: [CustomerMRR]
  ) {
    fed = book.fed.intersection(Self.entities)
    native = RevenueBalances.Table(calendar)
    averages = AverageRates(book, settings, calendar)
    let none = MonthlyAmounts(count: calendar.count)
    (billings, recognized, collections, bookings) = (none, none, none, none)
    (deferred, asset, obligation, currentObligation) = (none, none, none, none)
    (contractValue, yearlyValue, failed, recovered) = (none, none, none, none)
    (delinquent, involuntary) = (none, none)
    receivables = Array(repeating: none, count: ReceivableTable.bands.count + 1)
    guard !fed.isEmpty else { return }
    let contracts = ContractSteps(book, settings)
    let billed = BilledLines(book, contracts, settings)
    let balances = RevenueBalances(billed.lines, contracts, calendar)
    firstMonth = balances.firstMonth
    native = balances.recognized
    let (flowing, published) = (-calendar.lead..<calendar.count, 0..<calendar.count)
    let closing = calendar.closes
    var flows = BookRates(book, settings, calendar, earliest: calendar.first - calendar.lead)
    var closes = BookRates(
      book, settings.atMonthEnds, calendar, earliest: calendar.first - calendar.lead - 1)
    billings = flows.amounts(balances.billed, flowing, neededBy: "billings")
    recognized = flows.amounts(balances.recognized, flowing, neededBy: "recognized revenue")
    deferred = closes.amounts(balances.deferred, closing, neededBy: "deferred revenue")
    asset = closes.amounts(balances.asset, closing, neededBy: "a contract asset")
    obligation = closes.amounts(balances.obligation, published, neededBy: "performance obligations")
    currentObligation = closes.amounts(
      balances.currentObligation, published, neededBy: "performance obligations")
    addContracts(contracts, settings, calendar, &flows, &closes)
    addPayments(book, settings, calendar, departures, &flows, &closes, churn: churn, levels: levels)
    findings +=
      flows.findings + closes.findings.filter { !flows.findings.contains($0) }
    findings += warnings(billed, contracts, settings.policy.basis)
  }

  private mutating func addContracts(
    _ contracts: ContractSteps, _ settings: RollupSettings, _ calendar: ReportingCalendar,
    _ flows: inout BookRates, _ closes: inout BookRates
  ) {
    var (signed, inForce, yearly) = (NativeSums(), NativeSums(), NativeSums())
    for step in contracts.steps {
      if let day = step.signed { signed.add(step.amount, step.currency, day.month - calendar.first) }
      let perYear = step.yearlyValue(settings.policy)
      var month = max(0, step.term.lowerBound.month - calendar.first)
      while month < calendar.count, (calendar.first + month).end <= step.over {
        inForce.add(step.amount, step.currency, month)
        yearly.add(perYear, step.currency, month)
        month += 1
      }
    }
    bookings = flows.amounts(signed, -calendar.lead..<calendar.count, neededBy: "bookings")
    contractValue = closes.amounts(inForce, 0..<calendar.count, neededBy: "contract value")
    yearlyValue = closes.amounts(yearly, 0..<calendar.count, neededBy: "contract value")
  }

  private mutating func addPayments(
    _ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ departures: Departures,
    _ flows: inout BookRates, _ closes: inout BookRates, churn: [CustomerMovement], levels: [CustomerMRR]
  ) {
    let payments = PaymentTable(book, settings, calendar)
    collections = flows.amounts(
      payments.collected, -calendar.lead..<calendar.count, neededBy: "collections")
    (failed, recovered) = (payments.failed, payments.recovered)
    let owed = ReceivableTable(book, payments, settings, calendar)
    receivables = owed.open.map { closes.amounts($0, 0..<calendar.count, neededBy: "receivables") }
    if payments.undated > 0 {
      findings.append(Self.undated(payments.undated, "payments and refunds", "created"))
    }
    let late = owed.pastDue.map { month in Set(month.map { departures.id(of: $0) }) }
    for level in levels {
      for month in max(0, level.first - calendar.first)...(level.last - calendar.first)
      where late[month].contains(level.customer) {
        delinquent[month] += level.mrr
      }
    }
    for movement in churn where movement.movement == .churn {
      guard let day = departures.day(of: movement.customer, movement.month),
        payments.failedBefore(leaving: day, departures.accounts(of: movement.customer))
      else { continue }
      involuntary[movement.month - calendar.first] -= movement.amount
    }
  }

  private func warnings(_ billed: BilledLines, _ contracts: ContractSteps, _ basis: Policy.Basis) -> [Finding]
  {
    var findings: [Finding] = []
    if billed.undatedLines > 0 {
      findings.append(Self.undated(billed.undatedLines, "invoices and their lines", "issued"))
    }
    if billed.undatedNotes > 0 {
      findings.append(Self.undated(billed.undatedNotes, "credit notes", "issued"))
    }
    // MRR of contracts tells of them itself.
    if contracts.incomplete > 0, basis != .contracts {
      findings.append(
        Finding(
          .warning, "incomplete-contract",
          "\(contracts.incomplete) contracts lack their amount, start or end",
          consequence: "they count nowhere", remedy: "map `amount`, `start` and `end` of contract"))
    }
    let unsigned = contracts.steps.count { $0.signed == nil }
    if unsigned > 0 {
      findings.append(
        Finding(
          .warning, "unsigned-contract", "\(unsigned) contracts do not say when they were signed",
          consequence: "they are in no bookings, and known from their start on",
          remedy: "map `signed` of contract"))
    }
    return findings
  }

  private static func undated(_ count: Int, _ what: String, _ column: String) -> Finding {
    Finding(
      .warning, "undated-document", "\(count) \(what) have no date",
      consequence: "they count in no month", remedy: "map `\(column)`")
  }

  /// Recognized revenue of months at the average rates of other months; nil where a rate is missing.
  func recognized(_ months: ClosedRange<Int>, atRatesOf others: ClosedRange<Int>) -> Int64? {
    var sum: Int64 = 0
    for currency in native.amounts.keys.sorted() {
      let amount = months.reduce(Int128(0)) { $0 + native.amount(currency, $1) }
      guard amount != 0 else { continue }
      guard let rate = averages.average(currency, others),
        let value = ExactMonthly(amount, over: 1)?.value(at: rate)
      else {
        return nil
      }
      sum += value
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
    _ table: RevenueBalances.Table, _ months: some Sequence<Int>, neededBy whom: String
  ) -> MonthlyAmounts {
    var result = MonthlyAmounts(first: table.months.lowerBound, count: table.months.count)
    let currencies = table.amounts.keys.sorted()
    for month in months {
      for currency in currencies {
        result[month] += converted(table.amount(currency, month), currency, month, neededBy: whom)
      }
    }
    return result
  }

  /// Likewise of sums.
  mutating func amounts(_ sums: NativeSums, _ months: Range<Int>, neededBy whom: String) -> MonthlyAmounts {
    let converted = converted(sums.of(months), neededBy: whom)
    var result = MonthlyAmounts(first: months.lowerBound, count: months.count)
    for (month, amount) in converted { result[month] = amount }
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

extension RevenueTable {
  /// Of a book without documents.
  static func none(_ calendar: ReportingCalendar, _ book: Book, _ settings: RollupSettings) -> RevenueTable {
    var book = book
    book.fed.subtract(entities)
    return RevenueTable(book, settings, calendar, Departures(book), churn: [], levels: [])
  }
}

/// When customers left, and which accounts each is made of.
struct Departures {
  private var days: [Int64: [Month: Day]] = [:]
  private var members: [Int64: [Int32]] = [:]
  private var ids: [Int32: Int64] = [:]
  private let customers: [Book.Customer]

  /// Nobody left.
  init(_ book: Book) { customers = book.customers }

  /// Only of customers of whom a payment failed: of others nothing is asked.
  init(_ counted: CountedBook, of book: Book, _ settings: RollupSettings) {
    customers = book.customers
    let roots = settings.policy.customerIs == .parent ? topmostParents(book) : nil
    if let roots {
      for (account, root) in roots.enumerated() where Int(root) != account {
        ids[Int32(account)] = customers[Int(root)].id
      }
    }
    let wanted = Set(PaymentTable.customersWithFailures(book).map { roots?[Int($0)] ?? $0 })
    guard !wanted.isEmpty else { return }
    if let roots {
      for (account, root) in roots.enumerated() where wanted.contains(root) {
        members[customers[Int(root)].id, default: []].append(Int32(account))
      }
    } else {
      for customer in wanted { members[customers[Int(customer)].id] = [customer] }
    }
    for charge in counted.charges {
      guard wanted.contains(charge.customer), let end = charge.end?.day else { continue }
      let id = customers[Int(charge.customer)].id
      days[id, default: [:]][end.month] = max(days[id]?[end.month] ?? end, end)
    }
  }

  /// The id a customer's movements bear.
  func id(of account: Int32) -> Int64 { ids[account] ?? customers[Int(account)].id }

  /// The day of the month on which the last charge of a customer ended.
  func day(of customer: Int64, _ month: Month) -> Day? { days[customer]?[month] }

  func accounts(of customer: Int64) -> [Int32] { members[customer] ?? [] }
}
