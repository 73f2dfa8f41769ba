import GRDB
import Model

/// What a month's MRR is held against invoices with: what a report that reconciles asks of the warehouse.
public struct ReconciliationNeed: Sendable {
  /// In which a day is that of an instant.
  public var zone: ReportingZone
  /// Weeks and days of a month, as the policy has them.
  public var weekFactor: ExactRate
  public var dayFactor: ExactRate
  /// Whether usage that was invoiced is MRR.
  public var countsUsage: Bool
  public init(zone: ReportingZone, policy: Policy) {
    self.zone = zone
    (weekFactor, dayFactor) = (policy.weekFactor, policy.dayFactor)
    countsUsage = policy.metered != .exclude
  }

  /// What is paid for a term as an amount a month, at a rate: one rounding, half-even.
  func monthly(_ amount: Int64, of term: Range<Day>, at rate: ExactRate) -> Int128 {
    var (factor, parts) = (ExactRate.one, 1)
    let days = Int(term.upperBound.number - term.lowerBound.number)
    if let months = wholeMonths(term) {
      parts = months
    } else {
      (factor, parts) = days % 7 == 0 ? (weekFactor, days / 7) : (dayFactor, days)
    }
    return halfEven(
      Int128(amount) * Int128(factor.numerator) * Int128(rate.numerator),
      Int128(factor.denominator) * Int128(rate.denominator) * Int128(parts))
  }
}

extension InvoicedMonth {
  /// Customers a report can name.
  static let customerLimit = 100

  /// nil where no invoice line is known, or a currency of one has no rate in the month.
  static func read(
    _ month: Month, _ need: ReconciliationNeed, _ reporting: Currency, _ database: Database
  ) throws -> InvoicedMonth? {
    let reading = try InvoicedReading(month, need, reporting, database)
    return try reading?.result(database)
  }
}

/// Sums up lines by customer.
private struct InvoicedReading {
  struct Sums {
    var invoiced: Int128 = 0
    var discount: Int128 = 0
    var lines = 0
    /// The earliest of the terms.
    var start: Day?
    var isProrated = false
    var isMetered = false
    var isCredited = false
  }

  private var month: Month
  private var reporting: Currency
  private var result = InvoicedMonth()
  private var customers: [Int64: Sums] = [:]

  init?(_ month: Month, _ need: ReconciliationNeed, _ reporting: Currency, _ database: Database) throws {
    self.month = month
    self.reporting = reporting
    guard
      try Bool.fetchOne(
        database, sql: "select exists (select 1 from invoice_line_version where seen_to is null)") == true
    else { return nil }
    let rates = try Self.rates(month, reporting, database)
    let accounts = try PayingAccounts(database)
    var unknown = false
    var sums = self
    try InvoicedLine.forEach(of: month, need.zone, database) { line in
      guard let rate = rates[line.currency] else {
        unknown = true
        return
      }
      sums.add(line, line.customer.map(accounts.payer), rate, need)
    }
    guard !unknown else { return nil }
    self = sums
    for (currency, amount) in try BilledMonth(month, need.zone, database).amounts {
      // Of each currency at once, as the metric is.
      guard let rate = rates[currency] else { return nil }
      result.billed += halfEven(amount * Int128(rate.numerator), Int128(rate.denominator))
    }
  }

  private mutating func add(
    _ line: InvoicedLine, _ customer: Int64?, _ rate: ExactRate, _ need: ReconciliationNeed
  ) {
    let isOfMonth = line.issued.map { month.firstDay <= $0 && $0 < month.end } ?? false
    let reaches = line.reaches(over: month.end)
    if reaches, let customer, need.countsUsage {
      customers[customer, default: Sums()].isMetered =
        customers[customer]?.isMetered == true || line.kind == "metered"
    }
    guard line.isRecurring else { return }
    let amount = halfEven(Int128(line.net) * Int128(rate.numerator), Int128(rate.denominator))
    if isOfMonth { result.steps[.issued, default: 0] += amount }
    guard reaches, let term = line.term, !line.isProration else {
      if isOfMonth { result.steps[line.isProration ? .prorated : .otherTime, default: 0] -= amount }
      if let customer, line.isProration, reaches || isOfMonth {
        customers[customer, default: Sums()].isProrated = true
      }
      return
    }
    let worth = need.monthly(line.net, of: term, at: rate)
    if isOfMonth {
      // Negative amounts are credits: what a longer term has for other months is then above 0.
      let isLonger = worth.magnitude < amount.magnitude
      if worth != amount {
        result.steps[isLonger ? .longerTerms : .shorterTerms, default: 0] += worth - amount
      }
    } else {
      result.steps[.earlier, default: 0] += worth
    }
    result.invoiced += worth
    // Of nobody known: it is invoiced, and no customer has MRR for it.
    var sums = customers[customer ?? 0] ?? Sums()
    sums.invoiced += worth
    sums.discount += need.monthly(line.discount, of: term, at: rate)
    sums.lines += 1
    sums.start = min(sums.start ?? term.lowerBound, term.lowerBound)
    sums.isCredited = sums.isCredited || line.isCredited
    customers[customer ?? 0] = sums
  }

  func result(_ database: Database) throws -> InvoicedMonth {
    var result = result
    var levels: [Int64: Int64] = [:]
    let select = try RawStatement(
      database,
      """
      select customer_id, mrr from customer_mrr_interval
      where first_month <= \(month.number) and last_month >= \(month.number)
      """)
    while try select.step() { levels[select.integer(0)] = select.integer(1) }
    result.mrr = levels.values.reduce(Int128(0)) { $0 + Int128($1) }
    let differing = Set(levels.keys).union(customers.keys).filter { customer in
      Int128(levels[customer] ?? 0) != customers[customer]?.invoiced ?? 0
    }
    let changes = try changes(database)
    let known =
      differing.contains { customers[$0]?.lines ?? 0 == 0 } ? try Self.everInvoiced(database) : []
    for customer in differing.sorted() {
      let level = levels[customer] ?? 0
      let sums = customers[customer] ?? Sums()
      let (reason, discounted) = reason(customer, level, sums, known, changes[customer])
      if discounted != 0 { result.add(.discounted, discounted) }
      let rest = Int128(level) - sums.invoiced - discounted
      if rest != 0 { result.add(reason, rest) }
      let told: InvoicedMonth.Reason =
        rest == 0 || reason == .rounding && discounted != 0 ? .discounted : reason
      guard told != .rounding else { continue }
      result.largest.append(
        .init(customer: customer, mrr: level, invoiced: Int64(clamping: sums.invoiced), reason: told))
    }
    result.largest.sort { $0.difference.magnitude > $1.difference.magnitude }
    if result.largest.count > InvoicedMonth.customerLimit {
      let least = result.largest[InvoicedMonth.customerLimit - 1].difference.magnitude
      result.largest = Array(result.largest.prefix { $0.difference.magnitude >= least })
    }
    let keys = try CustomerKeys(database).keys(of: result.largest.map(\.customer))
    result.largest = keys.inOrder(result.largest, \.customer) { $0.difference.magnitude }
    result.largest = Array(result.largest.prefix(InvoicedMonth.customerLimit))
    return result
  }

  /// Why a customer differs, and how much of it are discounts that MRR does not take off.
  private func reason(
    _ customer: Int64, _ level: Int64, _ sums: Sums, _ known: Set<Int64>, _ change: Day?
  ) -> (reason: InvoicedMonth.Reason, discounted: Int128) {
    if sums.lines == 0 {
      if sums.isProrated { return (.changed, 0) }
      if sums.isMetered { return (.usage, 0) }
      return (known.contains(customer) ? .notYetInvoiced : .neverInvoiced, 0)
    }
    let difference = Int128(level) - sums.invoiced
    if level == 0 { return (sums.isCredited ? .credited : .withoutMRR, 0) }
    if sums.isCredited, difference < 0 { return (.credited, 0) }
    let discounted = difference > 0 ? min(difference, max(0, sums.discount)) : 0
    var minor: Int128 = 1
    for _ in 0..<max(0, 6 - reporting.exponent) { minor *= 10 }
    if (difference - discounted).magnitude <= (minor * Int128(sums.lines)).magnitude {
      return (.rounding, discounted)
    }
    if sums.isProrated { return (.changed, discounted) }
    if let change, let start = sums.start, start < change { return (.changedSince, discounted) }
    if sums.isMetered, difference > discounted { return (.usage, discounted) }
    return (.other, discounted)
  }

  /// Micro-units of a currency to those of the reporting one; of several rates of a month its mean, else that of the latest day.
  private static func rates(
    _ month: Month, _ reporting: Currency, _ database: Database
  ) throws -> [Currency: ExactRate] {
    var rates = [reporting: ExactRate.one]
    let select = try RawStatement(
      database,
      """
      select from_currency, to_currency, numerator, denominator from applied_rate
      where month = \(month.number) order by "day" is null, "day"
      """)
    while try select.step() {
      guard let from = Currency(ascii: select.bytes(0)), from != reporting,
        Currency(ascii: select.bytes(1)) == reporting
      else { continue }
      rates[from] = ExactRate(select.integer(2), select.integer(3))
    }
    return rates
  }

  /// The last day on which a charge of a customer began or ended, by the month's end.
  private func changes(_ database: Database) throws -> [Int64: Day] {
    let end = month.end.number
    let select = try RawStatement(
      database,
      """
      select customer_id, max(case when end_day < \(end) then end_day else start_day end) from charge_interval
      where start_day < \(end) group by customer_id
      """)
    var changes: [Int64: Day] = [:]
    while try select.step() { changes[select.integer(0)] = Day(number: Int32(select.integer(1))) }
    return changes
  }

  /// Customers of whom any invoice or line is known.
  private static func everInvoiced(_ database: Database) throws -> Set<Int64> {
    let accounts = try PayingAccounts(database)
    let select = try RawStatement(
      database,
      """
      select distinct customer from invoice_version where seen_to is null and customer is not null
      union select distinct customer from invoice_line_version where seen_to is null and customer is not null
      union select customer from subscription_version where seen_to is null and identity in (
        select subscription from invoice_line_version where seen_to is null and subscription is not null
        union select subscription from invoice_version where seen_to is null and subscription is not null)
      """)
    var known: Set<Int64> = []
    while try select.step() { known.insert(accounts.payer(select.integer(0))) }
    return known
  }
}

extension InvoicedMonth {
  fileprivate mutating func add(_ reason: Reason, _ amount: Int128) {
    reasons[reason, default: Part()].amount += amount
    reasons[reason, default: Part()].customers += 1
  }
}

extension InvoicedMonth.Difference {
  fileprivate var difference: Int128 { Int128(mrr) - Int128(invoiced) }
}

/// Who counts as the customer of an account's invoices: whom it is linked to, else a parent that has MRR where itself never has any.
private struct PayingAccounts {
  private var linked: [Int64: Int64] = [:]
  private var parents: [Int64: Int64] = [:]

  init(_ database: Database) throws {
    let links = try RawStatement(
      database, "select identity, customer_id from identity where customer_id <> identity")
    while try links.step() { linked[links.integer(0)] = links.integer(1) }
    let accounts = try RawStatement(
      database,
      """
      select a.customer_id, a.parent_id from customer_account a where a.parent_id is not null
        and not exists (select 1 from customer_mrr_interval x where x.customer_id = a.customer_id)
      """)
    while try accounts.step() { parents[accounts.integer(0)] = accounts.integer(1) }
  }

  func payer(_ identity: Int64) -> Int64 {
    var account = linked[identity] ?? identity
    var steps = 0
    while let parent = parents[account], steps < 100 {
      account = parent
      steps += 1
    }
    return account
  }
}
