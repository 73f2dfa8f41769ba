import Model

/// Carries a roll-up on: takes some customers' facts out of the sums it left, and puts what they are now in their place.
///
/// `before` and `after` hold the facts of the same customers, closed over links, parents, subscriptions, charges, invoices,
/// payments and contracts, and all deals, expenses and rates. The result is what ``rollUp(_:_:)`` makes of the whole book, but for the rows of single
/// customers, which are those of these customers, with the rows they take the place of.
/// - Returns: nil where the sums cannot be carried on, so that the whole book has to be rolled up: they are of another policy or
///   other months, a rate they rest on is another, or something is not in order.
public func rollUp(
  replacing before: Book, with after: Book, in sums: [UInt8], _ settings: RollupSettings
) -> RollupResult? {
  guard var sums = RollupSums(bytes: sums), sums.terms == RollupSums.terms(settings),
    sums.last == settings.lastMonth
  else { return nil }
  let (before, after) = (
    before.withContracts(in: settings.currency), after.withContracts(in: settings.currency)
  )
  let currencies = Set(sums.rates.keys).union(before.currencies).union(after.currencies).sorted()
  let rateTable = after.rates
  let (bookBefore, bookAfter) = (before.over(currencies, rateTable), after.over(currencies, rateTable))
  let calendar = ReportingCalendar(from: settings.firstMonth(sums.first), settings)
  let rates = MonthRates(bookAfter, settings, calendar)
  guard sums.rest(on: rates, currencies, settings) else { return nil }

  let (countedBefore, countedAfter) = (
    CountedBook(bookBefore, settings), CountedBook(bookAfter, settings)
  )
  guard countedAfter.findings.isEmpty, policyFindings(settings.policy, fed: bookAfter.fed).isEmpty,
    sums.replaceCounts(of: countedBefore, by: countedAfter),
    sums.keepsFirstUse(without: bookBefore.firstUse(settings), with: bookAfter.firstUse(settings))
  else { return nil }
  let firstUse = sums.firstUse
  var result = RollupResult()
  result.findings = sums.faults.findings
  result.charges = countedAfter.intervals
  let chargesBefore = countedBefore.intervals
  let departures = (
    Departures(countedBefore, of: bookBefore, settings), Departures(countedAfter, of: bookAfter, settings)
  )
  var sweptBefore = SweptBook(countedBefore, calendar, rates, firstUse: firstUse)
  let out = sweptBefore.sweep.sumsBySegment()
  var swept = SweptBook(
    countedAfter, calendar, rates,
    others: Array(sums.segments.keys) + Array(out.keys) + Array(settings.closedSegments), firstUse: firstUse)
  guard sweptBefore.findings.isEmpty, swept.findings.isEmpty else { return nil }
  // A book that is only safe month by month is rolled up whole: what is in force together is not known of a part.
  guard fits(Int128(sums.bound)),
    let bound = Int64(exactly: Int128(sums.bound) - sweptBefore.bound + swept.bound), fits(Int128(bound)),
    swept.sweep.add(sums.segments, times: 1), swept.sweep.add(out, times: -1)
  else { return nil }
  result.take(swept.sweep)
  result.replaced = RollupResult.CustomerRows(
    movements: sweptBefore.sweep.movements, customerMRR: sweptBefore.sweep.customerMRR,
    memberships: sweptBefore.sweep.memberships, charges: chargesBefore,
    churnParts: sweptBefore.sweep.churnParts)
  sums.bound = bound
  sums.rates = rates.byCurrency(currencies)
  sums.publishedRates = RollupSums.publishedRates(rates, currencies, settings)
  sums.replaceNeeds(of: sweptBefore.demand, by: swept.demand)
  sums.segments = swept.sweep.sumsBySegment()
  guard
    sums.replaceRevenue(
      of: RevenueSums(
        BilledBalances(BilledBook(bookBefore, settings), calendar), bookBefore, settings, calendar,
        departures.0,
        churn: sweptBefore.sweep.movements,
        levels: sweptBefore.sweep.customerMRR),
      by: RevenueSums(
        BilledBalances(BilledBook(bookAfter, settings), calendar), bookAfter, settings, calendar,
        departures.1, churn: result.movements,
        levels: result.customerMRR))
  else { return nil }
  result.publish(swept.sweep, bookAfter, rates, sums)
  return result.findings.contains { $0.severity == .error } ? nil : result
}

extension RollupSums {
  /// False where the first month is another now.
  fileprivate mutating func replaceCounts(of before: CountedBook, by after: CountedBook) -> Bool {
    func starting(_ counted: CountedBook) -> Int64? {
      guard let known = counted.firstMonth else { return 0 }
      return known.month < first ? nil : known.month == first ? known.charges : 0
    }
    guard let gone = starting(before), let new = starting(after) else { return false }
    startingFirst += new - gone
    faults.negativeCharges += after.faults.negativeCharges - before.faults.negativeCharges
    faults.excessDiscounts += after.faults.excessDiscounts - before.faults.excessDiscounts
    faults.trialsWithoutStart += after.faults.trialsWithoutStart - before.faults.trialsWithoutStart
    faults.discounts += after.faults.discounts
    faults.discounts -= before.faults.discounts
    faults.billing += after.faults.billing
    faults.billing -= before.faults.billing
    return startingFirst > 0
  }

  /// Whether the first month of use stays the same: before another one everybody was in another segment.
  ///
  /// That others used the product in the month from which the last use was taken is not known here.
  fileprivate func keepsFirstUse(without gone: Month?, with new: Month?) -> Bool {
    if let gone, gone == firstUse { return new == firstUse }
    guard let new else { return true }
    return firstUse.map { new >= $0 } ?? false
  }

  /// False where one of them is there and the other is not.
  fileprivate mutating func replaceRevenue(of before: RevenueSums?, by after: RevenueSums?) -> Bool {
    guard let before, let after, before.months == after.months, revenue?.months == after.months else {
      return before == nil && after == nil && revenue == nil
    }
    revenue?.add(before, times: -1)
    revenue?.add(after, times: 1)
    return true
  }

  fileprivate mutating func replaceNeeds(of before: RateDemand, by after: RateDemand) {
    let (gone, new) = (before.needed, after.needed)
    for (currency, counts) in new {
      var sum = needed[currency] ?? counts.map { _ in 0 }
      for month in sum.indices { sum[month] += counts[month] - (gone[currency]?[month] ?? 0) }
      needed[currency] = sum
    }
  }
}

extension Book {
  /// The same facts with another list of currencies, and rates.
  fileprivate func over(_ currencies: [Currency], _ rates: [Rate]) -> Book {
    var book = self
    let index = self.currencies.map { Int32(currencies.firstIndex(of: $0) ?? 0) }
    book.currencies = currencies
    book.rates = rates
    for position in book.charges.indices {
      book.charges[position].currency = index[Int(book.charges[position].currency)]
    }
    book.billing.replaceCurrencies { $0 < 0 ? -1 : index[Int($0)] }
    return book
  }
}

extension Book.Billing {
  fileprivate mutating func replaceCurrencies(_ replace: (Int32) -> Int32) {
    for place in invoices.indices { invoices[place].currency = replace(invoices[place].currency) }
    for place in lines.indices { lines[place].currency = replace(lines[place].currency) }
    for place in creditNotes.indices { creditNotes[place].currency = replace(creditNotes[place].currency) }
    for place in payments.indices { payments[place].currency = replace(payments[place].currency) }
    for place in refunds.indices { refunds[place].currency = replace(refunds[place].currency) }
    for place in contracts.indices { contracts[place].currency = replace(contracts[place].currency) }
  }
}
