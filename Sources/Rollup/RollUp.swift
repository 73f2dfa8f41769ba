import Model

/// Rolls the facts up into everything that is published: a pure function of the book and the settings.
///
/// - Returns: the figures, or findings of severity error when nothing may be published: a missing rate, an amount that
///   does not fit, an identity that does not hold.
///
/// A book that is given away needs no memory for its charges once they are counted.
public func rollUp(_ book: consuming Book, _ settings: RollupSettings) -> RollupResult {
  var book = book
  book = book.withContracts(in: settings.currency)
  var result = RollupResult()
  let billed = BilledBook(book, settings)
  book.billing.plainLines = Book.PlainLines()
  if !settings.policy.countsInvoiceLines { book.billing.lines = [] }
  let counted = CountedBook(book, settings)
  book.charges = []
  book.billing.lines = []
  let faults = counted.faults
  result.findings = policyFindings(settings.policy, fed: book.fed) + counted.findings + faults.findings
  result.charges = counted.intervals
  // Closed months stand, whatever is left of the facts.
  guard let first = counted.firstMonth ?? settings.closed.map({ ($0.first, 0) }) else {
    result.findings.append(
      Finding(
        .warning, "nothing-in-force",
        "no charge is in force at the end of any month up to \(settings.lastMonth)",
        consequence: "there are no figures and no reports",
        remedy: "check the export, the mapping's dates and `--as-of`"))
    return result
  }
  let calendar = ReportingCalendar(from: settings.firstMonth(first.month), settings)
  let promised = Promised { [billed] in BilledBalances(billed, calendar) }
  let rates = MonthRates(book, settings, calendar)
  let departures = Departures(counted, of: book, settings)
  let firstUse = book.firstUse(settings)
  var swept = SweptBook(
    consume counted, calendar, rates, others: settings.closedSegments, firstUse: firstUse)
  let balances = promised.take()
  if let finding = balances?.finding { result.findings.append(finding) }
  result.findings += swept.findings
  guard !result.findings.contains(where: { $0.severity == .error }) else { return result }
  result.take(swept.sweep)
  let revenue = RevenueSums(
    balances, book, settings, calendar, departures, churn: result.movements, levels: result.customerMRR)
  let sums = RollupSums(
    &swept, revenue, first, faults, rates, book.currencies, settings, firstUse: firstUse)
  result.publish(swept.sweep, book, rates, sums)
  return result
}

extension RollupResult {
  /// Takes over the rows of single customers.
  mutating func take(_ sweep: Sweep) {
    movements = sweep.movements
    customerMRR = sweep.customerMRR
    memberships = sweep.memberships
    churnParts = sweep.churnParts
  }

  /// Makes everything that is published of the whole from its sums.
  mutating func publish(_ sweep: Sweep, _ book: Book, _ rates: MonthRates, _ sums: RollupSums) {
    let revenue = RevenueTable(sums.revenue, book, sweep.settings, sweep.calendar)
    let expenses = ExpenseTable(book, sweep.settings, sweep.calendar)
    let totals = Totals(sweep, book, rates, expenses: expenses, revenue: revenue)
    findings += expenses.findings + totals.deals.findings + totals.cash.findings + totals.plans.findings
    findings += revenue.findings
    budgets = totals.plans.budgets
    adjustments = totals.plans.adjustments
    forecasts = Rollup.forecasts(totals)
    cohorts = sweep.cohorts.rows(sweep.segments.keys)
    ratesUsed = RateUsed.first(
      ofEach: sums.ratesUsed(book.currencies, rates) + revenue.ratesUsed + expenses.ratesUsed
        + totals.cash.ratesUsed + totals.plans.ratesUsed)
    bridge = bridgeRows(totals)
    let catalogue = Rollup.figures(totals)
    (figures, findings) = (catalogue.figures, findings + catalogue.findings)
    let closed = sweep.settings.closed
    if let closed { restate(totals.restated(from: closed), after: closed.through) }
    figures += OwnFigures(sweep.settings.ownMetrics, figures).figures(figures)
    findings += IdentityCheck(totals, brokenCustomers: sweep.broken).findings(bridge)
    if let closed { keep(closed, sweep.settings) }
    self.sums = sums.bytes
  }
}

extension RollupSettings {
  /// The first month to publish: that of the first charge, or the first closed one.
  func firstMonth(_ first: Month) -> Month { closed.map { min($0.first, first) } ?? first }

  /// The segments the closed months have, which the open ones start from.
  var closedSegments: Set<SegmentKey> { Set(closed?.bridge.map(\.segment) ?? []) }
}

extension ReportingCalendar {
  init(from first: Month, _ settings: RollupSettings) {
    self.init(
      first: first, count: settings.lastMonth - first + 1, fiscalYearStart: settings.fiscalYearStart)
  }
}

extension MonthRates {
  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    self.init(
      book, settings, first: calendar.first, monthCount: calendar.count,
      lastRateDay: settings.completeThrough - 1)
  }
}
