import Model
import Testing

@testable import Rollup

/// Each metric declares the answers of a policy it depends on, which the references print: no other answer may change a figure.
@Suite struct PolicyReachTests {
  @Test(arguments: PolicyKey.allCases)
  func anAnswerChangesOnlyMetricsThatDeclareIt(key: PolicyKey) throws {
    var changed: Set<String> = []
    // A rare answer takes more books to be seen.
    for seed in UInt64(1)...(key == .unpaidDays ? 20 : 2) {
      var chance = Chance(state: seed &* 7919)
      let book = Self.random(&chance)
      for beside in Self.beside(key) {
        let settings = Self.answers(to: key).map { answer in
          Self.settings(Policy.standard.applying(overrides: beside + [(key.rawValue, answer)]).policy)
        }.filter { policyFindings($0.policy).isEmpty }
        let results = settings.map { Self.figures(of: rollUp(book, $0)) }
        // Which months are published is every metric's, and no answer's.
        for other in results.dropFirst() where Self.first(other) == Self.first(results[0]) {
          for (figure, value) in results[0] where other[figure].map({ $0 != value }) == true {
            changed.insert(figure.metric)
          }
        }
      }
    }
    for metric in changed.sorted() {
      let keys = try #require(policyKeys(deciding: metric))
      #expect(keys.contains(key), "`\(metric)` depends on `\(key.rawValue)`")
    }
    #expect(changed.isEmpty == (key == .headlineNDR), "the random books show nothing of `\(key.rawValue)`")
  }

  /// Answers without which some others mean nothing.
  private static func beside(_ key: PolicyKey) -> [[(key: String, value: String)]] {
    switch key {
    case .unpaidDays: [[("unpaid", "after_days")]]
    case .groupingMinutes, .sameMonth: [[("bridge", "event")]]
    default: [[], [("bridge", "event")], [("basis", "invoices")], [("basis", "contracts")]]
    }
  }

  private static func answers(to key: PolicyKey) -> [String] {
    switch key {
    case .statuses: ["active", "active, past_due", "active, past_due, incomplete, canceled"]
    case .weekFactor, .dayFactor: ["4", "30/7"]
    case .reactivationWindow: ["none", "1", "40"]
    default:
      switch key.values {
      case .oneOf(let values), .someOf(let values): values
      case .described: ["0", "3", "90"]
      }
    }
  }

  private struct FigureKey: Hashable {
    var metric, period: String
    var segment: SegmentKey
    var valuation: Valuation
  }

  private static func figures(of result: RollupResult) -> [FigureKey: MetricValue] {
    Dictionary(
      result.figures.map {
        (
          FigureKey(
            metric: $0.metric, period: $0.period.label, segment: $0.segment, valuation: $0.valuation),
          $0.value
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func first(_ figures: [FigureKey: MetricValue]) -> String? {
    figures.keys.filter { $0.metric == "mrr" }.map(\.period).min()
  }

  private static func settings(_ policy: Policy) -> RollupSettings {
    let month = Month(iso: "2023-11")!
    return RollupSettings(
      policy: policy, currency: Currency("USD")!, zone: TestBook.zone, dimensions: [],
      fixedRates: [Currency("EUR")!: ExactRate(5, 4)], lastMonth: month,
      dataThrough: Moment(day: month.lastDay))
  }

  /// A book in which every answer has something to decide on.
  private static func random(_ chance: inout Chance) -> Book {
    var book = RevenueLawTests.random(&chance)
    let first = Day(iso: "2023-01-01")!
    func moment(_ span: Int, _ chance: inout Chance) -> Moment { Moment(day: first + chance.below(span)) }
    for index in book.book.charges.indices {
      // Its subscription says when it ends.
      if book.book.charges[index].subscription >= 0 {
        book.book.charges[index].end = nil
        book.book.charges[index].endIsStated = false
      }
      book.book.charges[index].intervalUnit = UInt8(chance.below(4))
      if chance.below(2) == 0 {
        book.book.charges[index].discountPercent = Int64(chance.below(100)) * 1_000_000
        book.book.charges[index].discountDuration = UInt8(chance.below(3))
        book.book.charges[index].discountEnd = moment(400, &chance)
      }
      if chance.below(8) == 0 { book.book.charges[index].discountPercent = 100_000_000 }
      if chance.below(6) == 0 { book.book.charges[index].trial = true }
      if chance.below(3) == 0 { book.book.charges[index].status = UInt8(chance.below(8)) }
    }
    for index in book.book.subscriptions.indices where !book.book.subscriptions[index].states.isEmpty {
      var state = book.book.subscriptions[index].states[0]
      state.from = moment(200, &chance)
      state.status = [0, 1, 2, 2, 3, 4, 5, 6][chance.below(8)]
      if chance.below(3) == 0 { state.pauseStart = moment(300, &chance) }
      if chance.below(3) == 0 {
        state.cancelRequested = moment(300, &chance)
        state.cancelEffective = state.cancelRequested.map {
          Moment(day: Day(number: Int32($0.seconds / 86_400) + 60))
        }
      }
      book.book.subscriptions[index].states[0] = state
    }
    for index in book.book.customers.indices where index % 3 == 1 { book.book.customers[index].parent = 0 }
    for month in 1...11 {
      let day = "2023-\(month < 10 ? "0" : "")\(month)-15"
      for category in ["sales", "marketing", "cogs", "r_and_d"] {
        book.expense(day, category, Int64(10 + chance.below(90)))
      }
      book.cash(day, Int64(5000 - month * chance.below(90)))
      let customer = "c\(chance.below(6))"
      book.payment(customer, -1, day, 20, ["succeeded", "failed"][chance.below(2)])
    }
    for (index, invoice) in book.book.billing.invoices.enumerated() where chance.below(3) == 0 {
      book.book.billing.refunds.append(Book.Refund(of: Int32(index), invoice, moment(300, &chance)))
    }
    book.book.fed.formUnion([.refund, .payment])
    return book.book
  }
}

extension Book.Refund {
  /// Five units of an invoice.
  fileprivate init(of index: Int32, _ invoice: Book.Invoice, _ created: Moment) {
    self.init()
    customer = invoice.customer
    self.invoice = index
    currency = invoice.currency
    amount = 5_000_000
    status = UInt8(EntityColumn.paymentStatuses.firstIndex(of: "succeeded")!)
    self.created = created
  }
}
