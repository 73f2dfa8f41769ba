import Model
import Testing

@testable import Rollup

/// The units' law: what is recognized so far + deferred - contract asset is what is billed so far.
@Suite struct RevenueLawTests {
  @Test(arguments: 1...40)
  func recognizedAndDeferredLessAssetIsBilled(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = Self.random(&chance).book
    let month = Month(iso: "2023-11")!
    let settings = RollupSettings(
      policy: .standard, currency: Currency("USD")!, zone: TestBook.zone, lastMonth: month,
      dataThrough: Moment(day: month.lastDay))
    let calendar = ReportingCalendar(from: Month(iso: "2023-03")!, settings)
    let billed = BilledBook(book, settings)!
    let contracts = billed.units.contracts
    var whole = RevenueBalances(calendar)
    whole.add(billed.lines, contracts.steps)
    let units = Set(billed.lines.map(\.unit)).sorted()
    // Those of the quarter and the year that begin before the first one, and the close before them.
    let months = whole.billed.months
    #expect(months == -3..<9)
    var sums: [Currency: [Int: Int128]] = [:]
    for unit in units {
      let lines = billed.lines.filter { $0.unit == unit }
      let steps = contracts.steps.filter { unit == .contract($0.root) }
      for currency in Set(lines.map(\.currency)).union(steps.map(\.currency)) {
        for number in months {
          let end = (calendar.first + number).end
          // From the rows themselves, without any table.
          let billedSoFar = lines.filter { $0.currency == currency && $0.issued < end }.reduce(0) {
            $0 + $1.net
          }
          let recognized =
            lines.filter { $0.currency == currency }.reduce(0) { $0 + $1.recognized(before: end) }
            + steps.filter { $0.currency == currency }.reduce(0) { $0 + $1.recognized(before: end) }
          sums[currency, default: [:]][number, default: 0] += Int128(max(0, billedSoFar - recognized))
        }
      }
    }
    let unbilled = contracts.steps.filter { step in !units.contains(.contract(step.root)) }
    for currency in book.currencies {
      var (billedSoFar, recognizedSoFar): (Int128, Int128) = (0, 0)
      for number in months {
        billedSoFar += whole.billed.amount(currency, number)
        recognizedSoFar += whole.recognized.amount(currency, number)
        let (deferred, asset) = (
          whole.deferred.amount(currency, number), whole.asset.amount(currency, number)
        )
        #expect(recognizedSoFar + deferred - asset == billedSoFar, "seed \(seed), \(currency) \(number)")
        #expect(deferred >= 0 && asset >= 0, "seed \(seed)")
        #expect(deferred == sums[currency]?[number] ?? 0, "seed \(seed), \(currency) \(number)")
        let owed = whole.obligation.amount(currency, number)
        #expect(
          whole.currentObligation.amount(currency, number) <= owed, "seed \(seed), \(currency) \(number)")
      }
    }
    #expect(unbilled.allSatisfy { $0.amount >= 0 })
  }

  @Test(arguments: 1...20)
  func theWaterfallAddsUpInEveryPeriod(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let result = Self.random(&chance).rolledUp(through: "2023-11", zone: TestBook.zone)
    func amount(_ metric: String, _ label: String) -> Int64 {
      if case .money(let amount) = result.value(metric, label) { return amount }
      return 0
    }
    for row in result.result.bridge where row.segment == .all && row.valuation == .asReported {
      let label = row.period.label
      #expect(
        amount("deferred_revenue_opening", label) + amount("billings", label)
          - amount("recognized_revenue", label)
          + amount("contract_asset_change", label) + amount("deferred_revenue_fx", label)
          == amount("deferred_revenue", label), "seed \(seed), \(label)")
    }
  }

  /// Where nothing depends on the invoice, a line bills the same without what only its invoice or MRR asks for.
  @Test(arguments: 1...20)
  func plainLinesBillWhatWholeOnesDo(_ seed: UInt64) {
    var chance = Chance(state: seed)
    var book = Self.random(&chance).book
    book.billing.creditNotes = []
    book.fed.subtract([.invoice, .creditNote])
    book.billing.invoices = book.billing.invoices.map { _ in Book.Invoice() }
    for index in book.billing.lines.indices {
      if chance.below(6) > 0 {
        book.billing.lines[index].issued = Moment(day: Day(iso: "2022-11-01")! + chance.below(380))
      }
      book.billing.lines[index].status = UInt8([0, 1, 2, 3, 255][chance.below(5)])
      book.billing.lines[index].discount = [0, 1_000_000, .max][chance.below(3)]
      if chance.below(5) == 0 { book.billing.lines[index].amount = -5_000_000_000_000_000_000 }
      if index == 0 {
        // One at least does not fit.
        (book.billing.lines[0].amount, book.billing.lines[0].discount) = (-2, .max)
        book.billing.lines[0].status = 255
      }
    }
    var plain = book
    let lines = book.billing.lines.map { Book.PlainLine($0, in: TestBook.zone) }
    plain.billing.plainLines = Book.PlainLines(lines)
    plain.billing.lines = []
    let settings = RollupSettings(
      policy: .standard, currency: Currency("USD")!, zone: TestBook.zone, lastMonth: Month(iso: "2023-11")!,
      dataThrough: Moment(day: Month(iso: "2023-11")!.lastDay))
    let (left, right) = (BilledBook(book, settings)!, BilledBook(plain, settings)!)
    let held = PlainBilling(right.plain.held, right.units)
    func told(_ lines: [RevenueLine]) -> [String] { lines.map { "\($0)" }.sorted() }
    #expect(told(left.lines) == told(held.lines) && right.lines.isEmpty, "seed \(seed)")
    #expect(left.undatedLines == held.undated && left.tooLarge == held.tooLarge, "seed \(seed)")
    #expect(left.tooLarge > 0, "seed \(seed)")
    // Put aside in shares, each subscription's lines in one, they make the same balances.
    guard book.billing.contracts.isEmpty || seed % 2 == 0 else { return }
    plain.billing.contracts = []
    for index in plain.billing.plainLines.held.indices { plain.billing.plainLines.held[index].contract = -1 }
    var shared = plain
    let all = plain.billing.plainLines.held
    shared.billing.plainLines = Book.PlainLines(all.filter { $0.subscription < 0 }, shares: 3) {
      number, lines in
      lines += all.filter { $0.subscription >= 0 && Int($0.subscription) % 3 == number }
    }
    let calendar = ReportingCalendar(from: Month(iso: "2022-12")!, settings)
    let (whole, parts) = (
      BilledBalances(BilledBook(plain, settings), calendar)!,
      BilledBalances(BilledBook(shared, settings), calendar)!
    )
    func balances(_ billed: BilledBalances) -> [String] {
      billed.balances.tables.map { amount, table in
        let amounts = book.currencies.map { currency in
          table.months.map { "\(table.amount(currency, $0))" }.joined(separator: " ")
        }
        return "\(amount) \(amounts)"
      }
    }
    #expect(balances(whole) == balances(parts), "seed \(seed)")
    #expect(
      whole.undatedLines == parts.undatedLines && whole.tooLarge == parts.tooLarge && parts.finding == nil)
  }

  @Test func linesThatCannotBeReadBackAreAnErrorAndNotMissing() {
    var chance = Chance(state: 1)
    var book = Self.random(&chance).book
    struct Unreadable: Error {}
    book.billing.plainLines = Book.PlainLines([], shares: 1) { _, _ in throw Unreadable() }
    let settings = RollupSettings(
      policy: .standard, currency: Currency("USD")!, zone: TestBook.zone, lastMonth: Month(iso: "2023-11")!,
      dataThrough: Moment(day: Month(iso: "2023-11")!.lastDay))
    let result = rollUp(book, settings)
    #expect(result.findings.contains { $0.name == "lines-not-read-back" && $0.severity == .error })
    #expect(result.figures.isEmpty)
  }

  /// A random book with invoices, notes and contracts in two currencies.
  static func random(_ chance: inout Chance) -> TestBook {
    var book = TestBook.random(&chance)
    let first = Day(iso: "2022-11-01")!
    func day(_ span: Int, _ chance: inout Chance) -> String { (first + chance.below(span)).description }
    func pair(_ chance: inout Chance) -> (String, String) {
      let start = first + chance.below(380)
      return (start.description, (start + [1, 30, 31, 90, 365, 500][chance.below(6)]).description)
    }
    for number in 0..<3 {
      let (start, end) = pair(&chance)
      let contract = book.contract("c\(number)", day(380, &chance), start, end, Double(chance.below(5000))) {
        $0.currency = Int32(chance.below(2))
        $0.isCancellable = [true, false, nil][chance.below(3)]
        if chance.below(3) == 0 { $0.canceled = Moment(day: first + chance.below(500)) }
        $0.status = UInt8(chance.below(4))
      }
      for _ in 0..<chance.below(3) {
        let (start, end) = pair(&chance)
        book.contract("c\(number)", nil, start, end, Double(chance.below(900))) { $0.rampOf = contract }
      }
    }
    for _ in 0..<25 {
      let invoice = book.invoice(
        "c\(chance.below(6))", day(380, &chance), total: Double(chance.below(300)),
        status: EntityColumn.invoiceStatuses[chance.below(5)], currency: ["USD", "EUR"][chance.below(2)]
      ) {
        if chance.below(3) == 0 { $0.discount = Int64(chance.below(200)) * 1_000_000 }
        if chance.below(4) == 0 { $0.contract = Int32(chance.below(3)) }
      }
      for _ in 0..<chance.below(4) {
        let (start, end) = pair(&chance)
        let hasService = chance.below(4) > 0
        book.line(
          invoice, Double(chance.below(9000)) / 7 - 200, hasService ? start : nil, hasService ? end : nil,
          kind: EntityColumn.chargeKinds[chance.below(5)])
      }
      if chance.below(3) == 0 { book.note(invoice, day(420, &chance), Double(chance.below(400)) / 3) }
    }
    return book
  }
}
