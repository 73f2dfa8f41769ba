import Model
import Rollup
import Testing

/// What others fell into: each a test of its own.
@Suite struct TrapTests {
  @Test func aReturningCustomerIsReactivationNotExpansion() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-01")
    book.charge("c", 150, "2024-03-05")
    let bridge = book.rolledUp(through: "2024-03").bridge("2024-03")
    #expect(bridge.reactivation == 150_000_000)
    #expect(bridge.expansion == 0 && bridge.new == 0)
  }

  @Test func aLeavingCustomerIsChurnNotContraction() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-01")
    book.charge("other", 1, "2024-01-01")
    let bridge = book.rolledUp(through: "2024-02").bridge("2024-02")
    #expect(bridge.churn == -100_000_000)
    #expect(bridge.contraction == 0)
  }

  @Test func customersWithOpenEndedChargesOnlyStay() {
    var book = TestBook()
    book.charge("open", 100, "2024-01-15")
    let result = book.rolledUp(through: "2024-06")
    #expect(result.counts("2024-06").ending == 1)
    #expect(result.bridge("2024-06").ending == 100_000_000)
  }

  @Test func twoOverlappingSubscriptionsAreOneCustomer() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.charge("c", 40, "2024-01-10")
    let result = book.rolledUp(through: "2024-01")
    #expect(result.counts("2024-01").ending == 1)
    #expect(result.counts("2024-01").new == 1)
    #expect(result.bridge("2024-01").ending == 140_000_000)
  }

  @Test func cancellingOneOfTwoSubscriptionsIsContraction() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.charge("c", 40, "2024-01-01", "2024-02-15")
    let bridge = book.rolledUp(through: "2024-02").bridge("2024-02")
    #expect(bridge.contraction == -40_000_000)
    #expect(bridge.churn == 0)
  }

  @Test func aRenewalBookedTwoDaysLateChurnsUnlessThePolicyGrantsGrace() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-01")
    book.charge("c", 120, "2024-02-03", "2024-03-01")
    book.charge("c", 120, "2024-03-03")
    let strict = book.rolledUp(through: "2024-03")
    // The gap lies inside the month: a month-end bridge does not see it.
    #expect(strict.bridge("2024-02").expansion == 20_000_000)
    var late = TestBook()
    late.charge("c", 100, "2024-01-01", "2024-01-31")
    late.charge("c", 100, "2024-02-02")
    #expect(late.rolledUp(through: "2024-02").counts("2024-01").ending == 0)
    let graced = late.rolledUp(through: "2024-02") { $0.graceDays = 2 }
    #expect(graced.counts("2024-01").ending == 1)
    #expect(graced.bridge("2024-02").reactivation == 0)
  }

  @Test func signUpAndLeaveInsideOneMonthIsNotSeenByMonthEnds() {
    var book = TestBook()
    book.charge("short", 100, "2024-02-03", "2024-02-20")
    book.charge("steady", 10, "2024-01-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.bridge("2024-02").new == 0)
    #expect(result.bridge("2024-02").churn == 0)
  }

  @Test func aYearlyPriceIsOneTwelfthInEachMonth() {
    var book = TestBook()
    book.charge("c", 1200, "2024-01-01", "2025-01-01", every: 1, "year")
    let result = book.rolledUp(through: "2025-01")
    #expect(result.bridge("2024-01").ending == 100_000_000)
    #expect(result.bridge("2024-12").ending == 100_000_000)
    #expect(result.bridge("2025-01").churn == -100_000_000)
  }

  @Test func aPriceChangeDoesNotReachBackIntoPastMonths() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-03-01")
    book.charge("c", 300, "2024-03-01")
    let result = book.rolledUp(through: "2024-03")
    #expect(
      ["2024-01", "2024-02", "2024-03"].map { result.bridge($0).ending } == [
        100_000_000, 100_000_000, 300_000_000,
      ])
  }

  @Test func aPlanChangeOnTheLastDayCountsInThatMonthAsTransferAndExpansion() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-29", plan: "small")
    book.charge("c", 130, "2024-02-29", plan: "large")
    let result = book.rolledUp(through: "2024-02", dimensions: [Dimension(name: "plan", rule: .plan)])
    let small = result.bridge("2024-02", SegmentKey("plan", "small"))
    let large = result.bridge("2024-02", SegmentKey("plan", "large"))
    #expect(result.bridge("2024-02").expansion == 30_000_000)
    #expect(small.transferOut == -100_000_000 && small.ending == 0)
    #expect(large.transferIn == 100_000_000 && large.expansion == 30_000_000)
  }

  @Test func theTwentyNinthOfFebruaryIsADay() {
    var book = TestBook()
    book.charge("c", 100, "2024-02-29")
    #expect(book.rolledUp(through: "2024-02").bridge("2024-02").new == 100_000_000)
  }

  @Test func aStartAt2330LocalTimeOnThe31stBelongsToThatMonth() {
    // 23:30 in Berlin on 31 January is 22:30 UTC; in Sydney it is already February.
    var book = TestBook()
    book.charge("c", 100, "2024-01-31T22:30:00Z")
    let berlin = ReportingZone(name: "Europe/Berlin", firstOffset: 3600, transitions: [])
    let sydney = ReportingZone(name: "Australia/Sydney", firstOffset: 39_600, transitions: [])
    #expect(book.rolledUp(through: "2024-02", zone: berlin).bridge("2024-01").new == 100_000_000)
    #expect(book.rolledUp(through: "2024-02", zone: sydney).bridge("2024-02").new == 100_000_000)
  }

  @Test func aMonthEndingOnAWeekendTakesFridaysRate() {
    var book = TestBook()
    book.charge("c", 100, "2024-03-01", currency: "EUR")
    book.rate("2024-03-29", "EUR", "1.08")
    let result = book.rolledUp(through: "2024-03")
    #expect(result.bridge("2024-03").ending == 108_000_000)
    #expect(result.result.ratesUsed.map(\.day) == [Day(iso: "2024-03-29")])
  }

  @Test func aMissingRateFailsTheRunNamingPairAndDay() {
    var book = TestBook()
    book.charge("c", 100, "2024-03-01", currency: "EUR")
    book.rate("2024-03-20", "EUR", "1.08")
    let errors = book.rolledUp(through: "2024-03").errors
    #expect(errors.map(\.name) == ["missing-rate"])
    #expect(errors.first?.problem.contains("EUR to USD for 2024-03-31") == true)
  }

  @Test func aCurrencyWithoutAnyRateIsOneFindingWithTheTwoWaysOut() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", currency: "EUR")
    let errors = book.rolledUp(through: "2024-06").errors
    #expect(errors.map(\.name) == ["missing-rate"])
    #expect(
      errors.first?.problem
        == "no rate from EUR to USD for 2024-01-31, 2024-02-29, 2024-03-31 and 3 more days to 2024-06-30, nor in the 7 days before"
    )
    #expect(errors.first?.remedy?.contains("`reporting_currency: EUR`") == true)
  }

  @Test func aChargeEndingOnTheFirstIsStillInForceInTheMonthBefore() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.bridge("2024-01").ending == 100_000_000)
    #expect(result.bridge("2024-02").churn == -100_000_000)
  }

  @Test func subsidiariesAreOneCustomerWhereThePolicySaysParent() {
    var book = TestBook()
    _ = book.customer("daughter", parent: "mother")
    book.charge("mother", 100, "2024-01-01", "2024-02-01")
    book.charge("daughter", 60, "2024-01-01")
    #expect(book.rolledUp(through: "2024-02").bridge("2024-02").churn == -100_000_000)
    let joined = book.rolledUp(through: "2024-02") { $0.customerIs = .parent }
    #expect(joined.bridge("2024-02").contraction == -100_000_000)
    #expect(joined.counts("2024-01").ending == 1)
  }

  @Test func aCustomerMovingCountryIsTransferredWithItsOpening() {
    var book = TestBook()
    let customer = Int(book.customer("c", country: "DE"))
    book.book.customers[customer].states.append(
      Book.CustomerState(from: Moment(iso: "2024-02-10"), country: "FR", employees: nil, attributes: [:]))
    book.charge("c", 100, "2024-01-01", "2024-02-15")
    book.charge("c", 150, "2024-02-15")
    let result = book.rolledUp(
      through: "2024-02", dimensions: [Dimension(name: "country", rule: .attribute("country"))])
    let germany = result.bridge("2024-02", SegmentKey("country", "DE"))
    let france = result.bridge("2024-02", SegmentKey("country", "FR"))
    #expect(germany.starting == 100_000_000 && germany.transferOut == -100_000_000 && germany.ending == 0)
    #expect(
      france.transferIn == 100_000_000 && france.expansion == 50_000_000 && france.ending == 150_000_000)
    #expect(result.counts("2024-02", SegmentKey("country", "FR")).transferIn == 1)
  }

  @Test func aCreditIsNoRevenueAndBreaksNoIdentity() {
    var book = TestBook()
    book.charge("c", 10, "2024-01-01", "2024-03-01")
    book.charge("c", -5, "2024-03-01")
    book.charge("other", 10, "2024-01-01")
    let result = book.rolledUp(through: "2024-03")
    #expect(result.errors.isEmpty)
    #expect(result.bridge("2024-03").churn == -10_000_000)
    #expect(result.bridge("2024-03").ending == 10_000_000)
    #expect(result.result.findings.map(\.name) == ["negative-charge"])
  }
}
