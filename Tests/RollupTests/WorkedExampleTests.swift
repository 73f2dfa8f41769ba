import Model
import Rollup
import Testing

/// The worked examples of the model: textbook numbers every build must reproduce.
@Suite struct WorkedExampleTests {
  @Test func expansionContractionAndChurnGiveNDR110AndGDR85() {
    var book = TestBook()
    book.charge("steady", 60_000, "2024-01-01")
    book.charge("grows", 25_000, "2024-01-01", "2024-02-01")
    book.charge("grows", 50_000, "2024-02-01")
    book.charge("shrinks", 10_000, "2024-01-01", "2024-02-01")
    book.charge("shrinks", 0.000001, "2024-02-01")
    book.charge("leaves", 5_000, "2024-01-01", "2024-02-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(abs(result.number("ndr_1m", "2024-02")! - 1.10) < 1e-9)
    #expect(abs(result.number("gdr_1m", "2024-02")! - 0.85) < 1e-9)
  }

  @Test func of107CustomersWith21NewAmong120Retention9252() {
    var book = TestBook()
    for number in 0..<107 { book.charge("old \(number)", 1, "2024-01-01", number < 8 ? "2024-02-01" : nil) }
    for number in 0..<21 { book.charge("new \(number)", 1, "2024-02-10") }
    let result = book.rolledUp(through: "2024-02")
    #expect(result.counts("2024-02").ending == 120)
    #expect(result.value("customer_retention_rate", "2024-02") == .ratio(numerator: 99, denominator: 107))
    #expect((result.number("customer_retention_rate", "2024-02")! * 10_000).rounded() == 9252)
  }

  @Test func oneOfAHundredLeavesTwoDoubleNDR101() {
    var book = TestBook()
    for number in 0..<100 {
      let end: String? = number < 3 ? "2024-02-01" : nil
      book.charge("c\(number)", 1000, "2024-01-01", end)
      if number == 1 || number == 2 { book.charge("c\(number)", 2000, "2024-02-01") }
    }
    #expect(book.rolledUp(through: "2024-02").number("ndr_1m", "2024-02") == 1.01)
  }

  @Test func aYearOf500ThousandARRGivesNDR112AndGDR92() {
    var book = TestBook()
    book.charge("steady", 330_000, "2023-01-01", every: 1, "year")
    book.charge("up", 130_000, "2023-01-01", "2024-01-01", every: 1, "year")
    book.charge("up", 230_000, "2024-01-01", every: 1, "year")
    book.charge("down", 30_000, "2023-01-01", "2024-01-01", every: 1, "year")
    book.charge("down", 0.000012, "2024-01-01", every: 1, "year")
    book.charge("gone", 10_000, "2023-01-01", "2023-06-01", every: 1, "year")
    let result = book.rolledUp(through: "2024-01")
    #expect(abs(result.number("ndr_t12m", "2024-01")! - 1.12) < 1e-8)
    #expect(abs(result.number("gdr_t12m", "2024-01")! - 0.92) < 1e-8)
  }

  @Test func aQuarterOfCustomersMayLeaveWhileNDRIs150() {
    var book = TestBook()
    for name in ["a", "b", "c"] {
      book.charge(name, 750, "2024-01-01", "2024-02-01")
      book.charge(name, 1500, "2024-02-01")
    }
    book.charge("d", 750, "2024-01-01", "2024-02-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("customer_churn_rate", "2024-02") == 0.25)
    #expect(result.number("ndr_1m", "2024-02") == 1.5)
  }

  @Test(arguments: [(50_000.0, 250_000.0, 600_000.0, 0.8), (450_000, 50_000, 0, 1.4)])
  func sameEndDifferentRetention(_ expansion: Double, _ churn: Double, _ new: Double, _ ndr: Double) {
    var book = TestBook()
    book.charge("kept", 1_000_000 - churn, "2023-01-01")
    book.charge("kept", expansion, "2023-05-01")
    book.charge("left", churn, "2023-01-01", "2023-08-01")
    if new > 0 { book.charge("joined", new, "2023-09-01") }
    let result = book.rolledUp(through: "2024-01")
    #expect(result.number("mrr", "2024-01") == 1_400_000)
    #expect(result.number("ndr_t12m", "2024-01") == ndr)
    #expect(
      result.result.movements.filter { $0.movement == .new && $0.month > Month(iso: "2023-01")! }.map(
        \.amount
      ).reduce(0, +) == Int64(new) * 1_000_000)
  }

  @Test func seatsBilledYearlyThenMonthlyThenBack() {
    var book = TestBook()
    book.charge("seats", 2000, "2024-01-01", "2024-04-01", every: 1, "year")
    book.charge("seats", 60, "2024-02-01", "2024-03-01")
    book.charge("seats", 50, "2024-05-01", quantity: 3)
    let result = book.rolledUp(through: "2024-05")
    #expect(result.bridge("2024-01").new == 166_666_667)
    #expect(result.bridge("2024-02").expansion == 60_000_000)
    #expect(result.bridge("2024-03").contraction == -60_000_000)
    #expect(result.bridge("2024-04").churn == -166_666_667)
    #expect(result.bridge("2024-05").reactivation == 150_000_000)
  }

  @Test func grossChurn20NetChurn10() {
    var book = TestBook()
    book.charge("leaves", 10, "2024-01-01", "2024-02-01")
    book.charge("shrinks", 20, "2024-01-01", "2024-02-01")
    book.charge("shrinks", 10, "2024-02-01")
    book.charge("grows", 70, "2024-01-01", "2024-02-01")
    book.charge("grows", 80, "2024-02-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("gross_mrr_churn_rate", "2024-02") == 0.2)
    #expect(result.number("net_mrr_churn_rate", "2024-02") == 0.1)
  }

  @Test func monthlyAndYearlySubscriptionsAddUpTo12500() {
    var book = TestBook()
    for number in 0..<100 { book.charge("m\(number)", 100, "2024-01-01") }
    for number in 0..<50 { book.charge("y\(number)", 600, "2024-01-01", every: 1, "year") }
    #expect(book.rolledUp(through: "2024-01").number("mrr", "2024-01") == 12_500)
  }

  @Test func aWeeklyPriceFollowsTheFactorOfThePolicy() {
    var book = TestBook()
    book.charge("weekly", 140, "2024-01-01", every: 1, "week")
    #expect(book.rolledUp(through: "2024-01").value("mrr", "2024-01") == .money(606_666_667))
    let other = book.rolledUp(through: "2024-01") { $0.weekFactor = ExactRate(30, 7) }
    #expect(other.value("mrr", "2024-01") == .money(600_000_000))
  }

  @Test func quickRatioOfGainsOverLosses() {
    var book = TestBook()
    book.charge("grows", 10_000, "2024-01-01", "2024-02-01")
    book.charge("grows", 18_000, "2024-02-01")
    book.charge("leaves", 5_000, "2024-01-01", "2024-02-01")
    book.charge("shrinks", 9_000, "2024-01-01", "2024-02-01")
    book.charge("shrinks", 6_000, "2024-02-01")
    book.charge("joins", 20_000, "2024-02-01")
    #expect(book.rolledUp(through: "2024-02").number("quick_ratio", "2024-02") == 3.5)
  }

  @Test func aRequestedCancellationLeavesCMRRWhenAskedForAndMRRWhenItTakesEffect() {
    var book = TestBook()
    let subscription = book.subscription("c") {
      $0.cancelRequested = Moment(iso: "2024-03-10")
      $0.cancelEffective = Moment(iso: "2024-06-01")
    }
    book.charge("c", 500, "2024-01-01", subscription: subscription)
    let result = book.rolledUp(through: "2024-06")
    let months = ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]
    #expect(months.map { result.number("mrr", $0)! } == [500, 500, 500, 500, 500, 0])
    #expect(months.prefix(4).map { result.number("cmrr", $0)! } == [500, 500, 0, 0])
  }

  @Test func withoutExpensesMarginIsNullNotZero() {
    var book = TestBook()
    book.charge("c", 166_100, "2023-01-01")
    let result = book.rolledUp(through: "2024-01")
    #expect(result.value("gross_margin", "2024-01") == .null("no expense data"))
    #expect(result.value("rule_of_40", "2024-01") == .null("no expense data"))
  }

  @Test func anAmountIsRoundedOnceAndFXIsTheDifferenceOfTwoRoundedValues() {
    var book = TestBook()
    book.charge("c", 1.000001, "2024-01-01", currency: "EUR")
    book.rate("2024-01-31", "EUR", "0.5")
    book.rate("2024-02-29", "EUR", "1.0")
    let bridge = book.rolledUp(through: "2024-02").bridge("2024-02")
    #expect([bridge.starting, bridge.fx, bridge.ending] == [500_000, 500_001, 1_000_001])
  }
}
