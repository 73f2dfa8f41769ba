import Model
import Rollup
import Testing

/// What discounts of a subscription say that cannot be meant, and what snapshots prove of them.
@Suite struct DiscountFaultTests {
  private func rolledUp(
    _ states: [(from: String?, discount: Book.Discount?)], currency: String = "USD"
  ) -> TestResult {
    var book = TestBook()
    let subscription = book.subscription("c") { $0.started = Moment(iso: "2024-01-01") }
    book.book.subscriptions[Int(subscription)].discounts = states.indices.map { position in
      Book.DiscountState(
        from: states[position].from.flatMap { Moment(iso: $0) },
        to: position + 1 < states.count ? states[position + 1].from.flatMap { Moment(iso: $0) } : nil,
        before: position > 0 ? states[position - 1].from.flatMap { Moment(iso: $0) } : nil,
        discount: states[position].discount)
    }
    book.charge("c", 100, "2024-01-01", currency: currency, subscription: subscription)
    return book.rolledUp(through: "2024-10")
  }

  private func discount(_ change: (inout Book.Discount) -> Void) -> Book.Discount {
    var discount = Book.Discount()
    change(&discount)
    return discount
  }

  private func warnings(_ result: TestResult) -> [String] {
    result.result.findings.filter { $0.severity == .warning }.map { "\($0.name): \($0.problem.prefix(2))" }
  }

  @Test func anAmountInAnotherCurrencyIsTold() {
    let foreign = discount {
      $0.amount = 10_000_000
      $0.currency = Currency("EUR")
    }
    #expect(warnings(rolledUp([(nil, foreign)])) == ["discount-in-another-currency: 1 "])
    var own = foreign
    own.currency = Currency("USD")
    #expect(warnings(rolledUp([(nil, own)])) == [])
    own.currency = nil
    #expect(warnings(rolledUp([(nil, own)])) == [])
  }

  @Test func anEndThatIsIgnoredIsTold() {
    var half = discount {
      $0.percent = 50_000_000
      $0.start = Moment(iso: "2024-02-01")
      $0.end = Moment(iso: "2024-05-01")
    }
    #expect(warnings(rolledUp([(nil, half)])) == ["discount-end-ignored: 1 "])
    half.duration = UInt8(EntityColumn.discountDurations.firstIndex(of: "repeating")!)
    #expect(warnings(rolledUp([(nil, half)])) == [])
    half.end = Moment(iso: "2024-01-15")
    #expect(warnings(rolledUp([(nil, half)])) == ["discount-end-before-start: 1 "])
  }

  @Test func aChargesOwnEndThatIsIgnoredIsTold() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01") {
      $0.discountPercent = 10_000_000
      $0.discountEnd = Moment(iso: "2024-02-01")
    }
    book.charge("d", 100, "2024-01-01") { $0.discountEnd = Moment(iso: "2024-02-01") }
    #expect(warnings(book.rolledUp(through: "2024-03")) == ["discount-end-ignored: 1 "])
  }

  @Test func beforeTheFirstSnapshotADiscountIsAssumed() {
    let fifth = discount { $0.percent = 20_000_000 }
    func grades(_ states: [(from: String?, discount: Book.Discount?)]) -> [Book.Grade] {
      rolledUp(states).result.figures.filter {
        $0.metric == "mrr" && $0.period.label.count == 7 && !$0.period.label.contains("Q")
          && $0.segment == .all && $0.valuation == .asReported
      }.map(\.grade)
    }
    let assumedAtFirst =
      [Book.Grade](repeating: .assumed, count: 3) + [Book.Grade](repeating: .exact, count: 7)
    #expect(grades([("2024-04-30", fifth)]) == assumedAtFirst)
    #expect(grades([("2024-04-30", nil), ("2024-07-31", fifth), ("2024-10-31", nil)]) == assumedAtFirst)
    #expect(grades([(nil, fifth)]) == [Book.Grade](repeating: .exact, count: 10))
  }
}
