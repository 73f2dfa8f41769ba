import Model
import Rollup
import Testing

/// MRR of contracts, each case worked out by hand.
@Suite struct ContractBasisTests {
  @Test func aContractIsSpreadOverTheMonthsOfItsTerm() {
    var book = TestBook()
    book.contract("c", 300_000, "2024-01-01", "2027-01-01")
    book.contract("d", 1200, "2024-02-29", "2025-02-28")
    #expect(
      book.mrr("2024-01", "2024-02", "2025-01", "2025-02") == [
        8333.333333, 8433.333333, 8433.333333, 8333.333333,
      ])
  }

  @Test func aTermToTheLastDayOfTheYearIsInForceInDecemberAndChurnsInJanuary() {
    var book = TestBook()
    // An inclusive 31 December is the day after, exclusive.
    book.contract("c", 1200, "2024-01-01", "2025-01-01")
    book.contract("d", 12, "2024-01-01", "2026-01-01")
    let result = book.rolledUp(through: "2025-01") { $0.basis = .contracts }
    #expect(result.bridge("2024-12").churn == 0)
    #expect(result.bridge("2025-01").churn == -100_000_000)
    #expect(result.counts("2025-01").churned == 1)
  }

  @Test func termsOfWeeksAndDaysTakeThePolicysFactors() {
    var book = TestBook()
    book.contract("c", 280, "2024-01-25", "2024-02-08")
    book.contract("d", 100, "2024-01-25", "2024-02-04")
    #expect(book.mrr("2024-01") == [910.833334])
  }

  @Test func aContractCanceledEarlyCountsUntilThenAtThePriceOfItsWholeTerm() {
    var book = TestBook()
    book.contract("c", 1200, "2024-01-01", "2025-01-01", canceled: "2024-03-15")
    book.contract("d", 12, "2024-01-01", "2025-01-01", canceled: "2025-06-01")
    book.contract("e", 12, "2024-02-01", "2025-02-01", canceled: "2024-01-20")
    #expect(book.mrr("2024-02", "2024-03", "2025-01") == [101, 1, 0])
  }

  @Test func theStepsOfARampCountAndNotTheRamp() {
    var book = TestBook()
    let ramp = book.contract("c", 3600, "2024-01-01", "2026-01-01")
    book.contract("c", 1200, "2024-01-01", "2025-01-01", rampOf: ramp)
    book.contract("c", 2400, "2025-01-01", "2026-01-01", rampOf: ramp)
    #expect(book.mrr("2024-12", "2025-01") == [100, 200])
    // Steps that are drafts leave the ramp what it was.
    book.book.billing.contracts[1].status = 0
    book.book.billing.contracts[2].status = 0
    #expect(book.mrr("2024-12", "2025-01") == [150, 150])
  }

  @Test func aStepWithoutACancellationEndsWithItsRamp() {
    var book = TestBook()
    let ramp = book.contract("c", nil, nil, nil, canceled: "2024-03-15")
    book.contract("c", 1200, "2024-01-01", "2025-01-01", rampOf: ramp)
    book.contract("c", 2400, "2024-01-01", "2025-01-01", canceled: "2024-05-01", rampOf: ramp)
    #expect(book.mrr("2024-02", "2024-03", "2024-05") == [300, 200, 0])
  }

  @Test func draftsDoNotCountAndWhatIsIncompleteIsTold() {
    var book = TestBook()
    book.contract("c", 1200, "2024-01-01", "2025-01-01")
    book.contract("d", 1200, "2024-01-01", "2025-01-01") { $0.status = 0 }
    book.contract("e", nil, "2024-01-01", "2025-01-01")
    book.contract("f", 1200, "2024-01-01", nil)
    book.contract("g", 1200, "2024-01-01", "2024-01-01")
    book.contract("h", 1200, "2024-01-01", "2025-01-01") { $0.customer = -1 }
    // What expired was in force until its end.
    book.contract("i", 12, "2024-01-01", "2024-02-01") { $0.status = 2 }
    // Only its steps know it.
    book.contract("j", nil, nil, nil) { $0.row = 0 }
    let result = book.rolledUp(through: "2024-01") { $0.basis = .contracts }
    #expect(result.number("mrr", "2024-01") == 112)
    #expect(result.result.findings.map(\.name) == ["contract-without-terms", "unsigned-contract"])
    #expect(result.result.findings[0].problem.hasPrefix("4 "))
  }

  @Test func aRampWhoseStepsHaveAllItLacksIsNoFinding() {
    var book = TestBook()
    let ramp = book.contract("c", nil, "2024-01-01", "2026-01-01")
    let middle = book.contract("c", nil, nil, nil, rampOf: ramp)
    book.contract("c", 1200, "2024-01-01", "2025-01-01", rampOf: middle)
    func problems() -> [String] {
      let result = book.rolledUp(through: "2024-01") { $0.basis = .contracts }
      return result.result.findings.filter { $0.name == "contract-without-terms" }.map(\.problem)
    }
    #expect(problems() == [])
    // A ramp of which no step counts lacks its own amount.
    let empty = book.contract("d", nil, "2024-01-01", "2025-01-01")
    #expect(problems() == ["1 contract has no customer, amount, start or end"])
    book.contract("d", nil, "2024-01-01", "2025-01-01", rampOf: empty)
    #expect(problems() == ["2 contracts have no customer, amount, start or end"])
  }

  @Test func aContractWithoutACurrencyIsInTheReportingOne() {
    var book = TestBook()
    book.book.currencies = []
    book.contract("c", 1200, "2024-01-01", "2025-01-01") { $0.currency = -1 }
    #expect(book.mrr("2024-01") == [100])
  }

  @Test func aNegativeContractCountsAsNothing() {
    var book = TestBook()
    book.contract("c", 1200, "2024-01-01", "2025-01-01")
    book.contract("d", -1200, "2024-01-01", "2025-01-01")
    let result = book.rolledUp(through: "2024-01") { $0.basis = .contracts }
    #expect(result.number("mrr", "2024-01") == 100)
    #expect(result.counts("2024-01").ending == 1)
    #expect(result.result.findings.map(\.name) == ["negative-charge", "unsigned-contract"])
  }

  // MARK: Committed MRR

  private func cmrr(_ book: TestBook, _ months: String..., horizon: Int = 12) -> [Double?] {
    let result = book.rolledUp(through: months[months.count - 1]) {
      $0.basis = .contracts
      $0.cmrrHorizon = horizon
    }
    return months.map { result.number("cmrr", $0) }
  }

  @Test func whatIsSignedIsCommittedBeforeItStarts() {
    var book = TestBook()
    book.contract("old", 12, "2023-12-01", "2030-12-01")
    book.book.billing.contracts[0].amount = 84_000_000
    book.contract("new", 1200, "2024-04-01", "2025-04-01", signed: "2024-02-15")
    // Nobody knows of it in January; from April on it is in force.
    #expect(cmrr(book, "2024-01", "2024-02", "2024-03", "2024-04") == [1, 101, 101, 101])
    // Within two months of February's end it starts, within one it does not.
    #expect(cmrr(book, "2024-02", "2024-03", horizon: 1) == [1, 101])
    #expect(cmrr(book, "2024-02", horizon: 2) == [101])
  }

  @Test func theNextStepOfARampIsCommittedAYearBefore() {
    var book = TestBook()
    let ramp = book.contract("c", 3600, "2024-01-01", "2026-01-01", signed: "2023-12-10")
    book.contract("c", 1200, "2024-01-01", "2025-01-01", rampOf: ramp)
    book.contract("c", 2400, "2025-01-01", "2026-01-01", rampOf: ramp)
    book.contract("d", 12, "2023-11-01", "2024-11-01")
    // In December 2023 the first step is what holds a year later, in January 2024 the second one. The end of both is no churn.
    #expect(
      cmrr(book, "2023-11", "2023-12", "2024-01", "2025-01", "2025-12") == [1, 101, 201, 200, 200])
  }

  @Test func anEndWithoutASuccessorIsNoScheduledChurnNorIsACancellationBeforeItsDay() {
    var book = TestBook()
    book.contract("c", 1200, "2024-01-01", "2025-01-01")
    book.contract("d", 120, "2024-01-01", "2025-01-01", canceled: "2024-06-15")
    #expect(cmrr(book, "2024-05", "2024-06", "2024-12") == [110, 100, 100])
  }

  @Test func whatIsSignedCountsInTheSegmentOfItsCustomerAlsoBeforeItHasAny() {
    var book = TestBook()
    _ = book.customer("old", country: "DE")
    _ = book.customer("new", country: "FR")
    book.contract("old", 1200, "2024-01-01", "2025-01-01")
    book.contract("new", 600, "2024-03-01", "2025-03-01", signed: "2024-01-10")
    let result = book.rolledUp(
      through: "2024-01", dimensions: [Dimension(name: "country", rule: .attribute("country"))]
    ) { $0.basis = .contracts }
    #expect(result.value("cmrr", "2024-01", SegmentKey("country", "FR")) == .money(50_000_000))
    #expect(result.value("cmrr", "2024-01", SegmentKey("country", "DE")) == .money(100_000_000))
    #expect(result.value("mrr", "2024-01", SegmentKey("country", "FR")) == .money(0))
  }

  @Test func whatIsSignedIsValuedAtTheRateOfTheMonth() {
    var book = TestBook()
    book.rate("2024-01-31", "EUR", "2")
    book.contract("old", 12, "2024-01-01", "2025-01-01")
    book.contract("new", 1200, "2024-03-01", "2025-03-01", signed: "2024-01-10") { $0.currency = 1 }
    #expect(cmrr(book, "2024-01") == [201])
    book.book.rates = []
    let result = book.rolledUp(through: "2024-01") { $0.basis = .contracts }
    #expect(result.errors.map(\.name) == ["missing-rate"])
  }
}
