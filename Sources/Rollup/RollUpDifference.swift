import Model

/// Carries a roll-up on: takes some customers' facts out of the sums it left, and puts what they are now in their place.
///
/// `before` and `after` hold the facts of the same customers, closed over links, parents, subscriptions and charges, and
/// all deals, expenses and rates. The result is what ``rollUp(_:_:)`` makes of the whole book, but for the rows of single
/// customers, which are those of these customers, with the rows they take the place of.
/// - Returns: nil where the sums cannot be carried on, so that the whole book has to be rolled up: they are of another policy or
///   other months, a rate they rest on is another, or something is not in order.
public func rollUp(
  replacing before: Book, with after: Book, in sums: [UInt8], _ settings: RollupSettings
) -> RollupResult? {
  guard var sums = RollupSums(bytes: sums), sums.terms == RollupSums.terms(settings),
    sums.last == settings.lastMonth
  else { return nil }
  // What was billed is told by all documents together.
  guard after.fed.isDisjoint(with: RevenueTable.entities) else { return nil }
  let currencies = Set(sums.rates.keys).union(before.currencies).union(after.currencies).sorted()
  let rateTable = after.rates
  let (before, after) = (before.over(currencies, rateTable), after.over(currencies, rateTable))
  let calendar = ReportingCalendar(from: sums.first, settings)
  let rates = MonthRates(after, settings, calendar)
  guard sums.rest(on: rates, currencies, settings) else { return nil }

  let (countedBefore, countedAfter) = (CountedBook(before, settings), CountedBook(after, settings))
  guard countedAfter.findings.isEmpty,
    sums.replaceCounts(of: countedBefore, by: countedAfter)
  else { return nil }
  var result = RollupResult()
  result.findings = sums.faults.findings
  result.charges = countedAfter.intervals
  let chargesBefore = countedBefore.intervals
  var sweptBefore = SweptBook(countedBefore, calendar, rates)
  let out = sweptBefore.sweep.sumsBySegment()
  var swept = SweptBook(
    countedAfter, calendar, rates, others: Array(sums.segments.keys) + Array(out.keys))
  guard sweptBefore.findings.isEmpty, swept.findings.isEmpty else { return nil }
  guard let bound = Int64(exactly: Int128(sums.bound) - sweptBefore.bound + swept.bound), fits(Int128(bound)),
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
  result.publish(swept.sweep, after, rates, sums, RevenueTable.none(calendar, after, settings))
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
    return startingFirst > 0
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
    return book
  }
}
