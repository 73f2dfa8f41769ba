import Model
import Rollup
import Testing

/// The law of nights: taking changed customers out of the sums and putting them in again is rolling up the whole anew.
@Suite struct DifferenceTests {
  @Test(arguments: 1...24)
  func carryingOnIsRollingUpAnew(_ seed: UInt64) {
    var chance = Chance(state: seed)
    var policy = Policy.random(&chance)
    policy.bridge = chance.below(3) == 0 ? .event : .endPoint
    policy.churnWindow = chance.below(3) == 0 ? .thirtyDays : .month
    let settings = settings(policy)
    var book = usedLater(TestBook.random(&chance).book, &chance)
    var whole = rollUp(book, settings)
    #expect(!whole.sums.isEmpty, "seed \(seed)")
    // Several nights, each on the sums the one before left.
    for night in 1...4 {
      let customers = Set((0..<6).filter { _ in chance.below(3) == 0 }.map(Int32.init))
      let next = changed(
        book, customers, usedLater(TestBook.random(&chance).book, &chance), &chance)
      let anew = rollUp(next, settings)
      let carried = rollUp(
        replacing: part(of: book, customers), with: part(of: next, customers), in: whole.sums, settings)
      if let carried {
        #expect(carried.bridge == anew.bridge, "seed \(seed), night \(night)")
        #expect(
          carried.figures.map(String.init(describing:)) == anew.figures.map(String.init(describing:)),
          "seed \(seed), night \(night)")
        #expect(carried.cohorts == anew.cohorts, "seed \(seed), night \(night)")
        #expect(carried.ratesUsed == anew.ratesUsed, "seed \(seed), night \(night)")
        #expect(carried.sums == anew.sums, "seed \(seed), night \(night)")
        #expect(
          carried.findings.map(\.problem) == anew.findings.map(\.problem), "seed \(seed), night \(night)")
        expectRows(of: anew, toBe: whole, with: carried, "seed \(seed), night \(night)")
      } else {
        // Only where the first month moves, or that of use may, is there nothing to carry on from.
        #expect(
          anew.bridge.first?.period != whole.bridge.first?.period || firstUse(book) != firstUse(next)
            || firstUse(part(of: book, customers)) == firstUse(book),
          "seed \(seed), night \(night): not carried")
      }
      book = next
      whole = anew
    }
  }

  @Test func anotherFirstMonthOfUseIsRolledUpAnew() {
    var book = TestBook()
    for name in ["c", "d"] { book.charge(name, 100, "2023-01-01") }
    book.use("d", nil, "2023-03-05")
    let before = book.book
    let settings = settings(.standard)
    let sums = rollUp(before, settings).sums
    func carried(_ customer: Int32, _ change: (inout TestBook) -> Void) -> Bool {
      var next = book
      change(&next)
      let result = rollUp(
        replacing: part(of: before, [customer]), with: part(of: next.book, [customer]), in: sums, settings)
      if let result { #expect(result.sums == rollUp(next.book, settings).sums) }
      return result != nil
    }
    #expect(carried(0) { $0.use("c", nil, "2023-03-01") })
    #expect(carried(0) { $0.use("c", nil, "2023-04-01") })
    #expect(!carried(0) { $0.use("c", nil, "2023-02-28") })
    #expect(carried(1) { $0.use("d", nil, "2023-05-01") })
    #expect(!carried(1) { $0.book.usage = [] })
    #expect(!carried(1) { $0.use("d", nil, "2023-01-01") })
  }

  @Test func whatTheSumsRestOnHasToBeTheSame() throws {
    var chance = Chance(state: 7)
    let book = TestBook.random(&chance).book
    let settings = settings(.standard)
    let sums = rollUp(book, settings).sums
    let nobody = part(of: book, [])
    #expect(rollUp(replacing: nobody, with: nobody, in: sums, settings) != nil)
    var other = settings
    other.policy.graceDays = 9
    #expect(rollUp(replacing: nobody, with: nobody, in: sums, other) == nil)
    other = settings
    other.dimensions.removeLast()
    #expect(rollUp(replacing: nobody, with: nobody, in: sums, other) == nil)
    other = settings
    other.lastMonth = settings.lastMonth + 1
    #expect(rollUp(replacing: nobody, with: nobody, in: sums, other) == nil)
    var rates = nobody
    let day = (settings.lastMonth - 2).lastDay
    let place = try #require(rates.rates.firstIndex { $0.day == day })
    rates.rates[place].rate = ExactRate(3, 2)
    #expect(rollUp(replacing: nobody, with: rates, in: sums, settings) == nil)
  }

  @Test func damagedSumsAreRefused() {
    var chance = Chance(state: 3)
    let book = TestBook.random(&chance).book
    let settings = settings(.standard)
    let sums = rollUp(book, settings).sums
    let nobody = part(of: book, [])
    for length in stride(from: 0, to: sums.count, by: max(1, sums.count / 97)) {
      #expect(rollUp(replacing: nobody, with: nobody, in: Array(sums.prefix(length)), settings) == nil)
    }
    #expect(rollUp(replacing: nobody, with: nobody, in: sums + [0], settings) == nil)
  }

  @Test func sumsOfDocumentsComeBackAsTheyWentAndDamagedOnesAreRefused() {
    var chance = Chance(state: 5)
    let book = TestBook.billed(&chance).book
    var policy = Policy.standard
    policy.basis = .invoices
    let settings = settings(policy)
    let sums = rollUp(book, settings).sums
    var nobody = part(of: book, [])
    nobody.billing = Book.Billing()
    #expect(rollUp(replacing: nobody, with: nobody, in: sums, settings)?.sums == sums)
    for length in stride(from: 0, to: sums.count, by: max(1, sums.count / 97)) {
      #expect(rollUp(replacing: nobody, with: nobody, in: Array(sums.prefix(length)), settings) == nil)
    }
    var unfed = nobody
    unfed.fed.subtract(revenueEntities.subtracting([.invoiceLine]))
    unfed.fed.remove(.invoiceLine)
    #expect(rollUp(replacing: unfed, with: unfed, in: sums, settings) == nil)
  }

  private func settings(_ policy: Policy) -> RollupSettings {
    let month = Month(iso: "2023-11")!
    return RollupSettings(
      policy: policy, currency: Currency("USD")!, zone: TestBook.zone,
      dimensions: TestBook.dimensions + [Dimension(name: "use", rule: .usage([2]))],
      lastMonth: month, dataThrough: Moment(day: month.lastDay))
  }

  /// The book as it is where use is told of from some day on alone.
  private func usedLater(_ book: Book, _ chance: inout Chance) -> Book {
    var book = book
    let day = Month(iso: "2023-01")!.firstDay + [0, 0, 40, 100, 400][chance.below(5)]
    book.usage.removeAll { TestBook.zone.day(of: $0.at) < day }
    return book
  }

  private func firstUse(_ book: Book) -> Month? {
    book.usage.map { TestBook.zone.day(of: $0.at) }.min()?.month
  }

  /// The book with some customers' charges, and sometimes their country, as another book has them.
  private func changed(
    _ book: Book, _ customers: Set<Int32>, _ other: Book, _ chance: inout Chance
  ) -> Book {
    var next = book
    next.charges.removeAll { customers.contains($0.customer) }
    next.usage.removeAll { customers.contains($0.customer) }
    next.usage += other.usage.filter { customers.contains($0.customer) }
    let last = book.charges.map(\.row).max() ?? 0
    let subscriptions = Int32(book.subscriptions.count)
    next.subscriptions += other.subscriptions
    for charge in other.charges where customers.contains(charge.customer) {
      var charge = charge
      charge.row += last
      if charge.subscription >= 0 { charge.subscription += subscriptions }
      if charge.plan >= 0 {
        let name = other.plans[Int(charge.plan)].name
        charge.plan = Int32(next.plans.firstIndex { $0.name == name } ?? next.plans.count)
        if Int(charge.plan) == next.plans.count { next.plans.append(Book.Plan(id: charge.row, name: name)) }
      }
      if chance.below(4) > 0 { next.charges.append(charge) }
    }
    for customer in customers where chance.below(2) == 0 {
      next.customers[Int(customer)].states = other.customers[Int(customer)].states
    }
    return next
  }

  /// A book of some customers alone.
  private func part(of book: Book, _ customers: Set<Int32>) -> Book {
    var part = book
    let kept = customers.sorted()
    part.customers = kept.map { book.customers[Int($0)] }
    part.charges = book.charges.filter { customers.contains($0.customer) }.map {
      var charge = $0
      charge.customer = Int32(kept.firstIndex(of: charge.customer) ?? 0)
      return charge
    }
    part.usage = book.usage.filter { customers.contains($0.customer) }.map {
      Book.Usage(
        customer: Int32(kept.firstIndex(of: $0.customer) ?? 0), user: $0.user, at: $0.at,
        count: $0.count)
    }
    part.currencies = Set(part.charges.map { book.currencies[Int($0.currency)] }).sorted()
    for index in part.charges.indices {
      let currency = book.currencies[Int(part.charges[index].currency)]
      part.charges[index].currency = Int32(part.currencies.firstIndex(of: currency) ?? 0)
    }
    return part
  }

  /// The rows of single customers, once those that were replaced are taken out and the new ones put in.
  private func expectRows(
    of anew: RollupResult, toBe before: RollupResult, with carried: RollupResult, _ comment: Comment
  ) {
    func expect<Row: Hashable>(
      _ rows: (RollupResult) -> [Row], _ replaced: (RollupResult.CustomerRows) -> [Row]
    ) {
      guard let gone = carried.replaced else { return #expect(Bool(false), comment) }
      let now = Set(rows(before)).subtracting(replaced(gone)).union(rows(carried))
      #expect(now == Set(rows(anew)), comment)
    }
    expect(\.movements, \.movements)
    expect(\.customerMRR, \.customerMRR)
    expect(\.memberships, \.memberships)
    expect(\.charges, \.charges)
    expect(\.churnParts, \.churnParts)
  }
}
