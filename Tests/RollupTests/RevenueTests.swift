import Model
import Testing

@testable import Rollup

/// Billings, revenue, contracts: worked by hand.
@Suite struct RevenueTests {
  /// One customer at 100 a month from January 2024 on, so that there are months to publish.
  private var book: TestBook {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    return book
  }

  /// Also of money that no charge is in.
  @Test func whatInvoicesAreValuedAtIsToldAsARateUsed() throws {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.rate("2024-02-28", "EUR", "1.08")
    book.rate("2024-03-29", "EUR", "1.09")
    let invoice = book.invoice("d", "2024-02-05", total: 90, currency: "EUR")
    book.line(invoice, 90, kind: "one_time")
    let result = book.rolledUp(through: "2024-03")
    // What it is billed at, and what it is still owed at.
    #expect(result.result.ratesUsed.map(\.day) == [Day(iso: "2024-02-28"), Day(iso: "2024-03-29")])
  }

  @Test func feesBearWhatNothingElseCanOfADiscount() throws {
    for (fee, discount, billed) in [(180.0, 50.0, 150.0), (180, 10, 190), (0, 30, 0), (10, 40, 0)] {
      var book = TestBook()
      book.charge("c", 100, "2024-01-01")
      let invoice = book.invoice("c", "2024-02-05") { $0.discount = Int64(discount * 1_000_000) }
      book.line(invoice, 20, "2024-02-05", "2024-03-05")
      if fee > 0 { book.line(invoice, fee, kind: "fee") }
      let result = book.rolledUp(through: "2024-03")
      #expect(result.number("billings", "2024-02") == billed, "\(fee) \(discount)")
    }
  }

  @Test func aYearBilledAheadIsEarnedDayByDay() {
    var book = book
    let invoice = book.invoice("c", "2024-01-01", total: 1428)
    book.line(invoice, 1200, "2024-01-01", "2025-01-01")
    book.line(invoice, 228, kind: "tax")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("billings", "2024-01") == 1200)
    #expect(result.number("billings", "2024-02") == 0)
    // 31 of 366 days, then 60 of 366.
    #expect(result.number("recognized_revenue", "2024-01") == 101.639344)
    #expect(result.number("recognized_revenue", "2024-02") == 95.081967)
    #expect(result.number("deferred_revenue", "2024-02") == 1003.278689)
    #expect(result.number("contract_asset", "2024-02") == 0)
    #expect(result.number("deferred_revenue_opening", "2024-02") == 1098.360656)
    #expect(result.number("rpo", "2024-02") == 1003.278689)
    #expect(result.number("crpo", "2024-02") == 1003.278689)
  }

  @Test func aDiscountOfTheInvoiceIsSharedAndDraftsCountNowhere() {
    var book = book
    let invoice = book.invoice("c", "2024-01-10") { $0.discount = 30_000_000 }
    book.line(invoice, 100, "2024-01-10", "2024-02-10") { $0.discount = 10_000_000 }
    book.line(invoice, 60)
    book.line(invoice, 5, kind: "fee")
    let draft = book.invoice("c", "2024-01-10", status: "draft")
    book.line(draft, 1000)
    let void = book.invoice("c", "2024-01-10", total: 50, status: "void")
    book.note(void, "2024-01-11", 50)
    book.invoice("c", "2024-01-20", total: 24) { $0.tax = 4_000_000 }
    let result = book.rolledUp(through: "2024-01")
    // 90 - 18 + 60 - 12 + 5, and an invoice without lines.
    #expect(result.value("billings", "2024-01") == .money(145_000_000))
    // 72 over 31 days of which 22 have passed; the rest on the day of issue.
    #expect(result.value("recognized_revenue", "2024-01") == .money(124_096_774))
  }

  @Test func aCreditNoteTakesBackWhatIsLeftOfTheService() {
    var book = book
    let invoice = book.invoice("c", "2024-01-01")
    book.line(invoice, 310, "2024-01-01", "2024-02-01")
    book.line(invoice, 290, "2024-02-01", "2024-03-01")
    book.note(invoice, "2024-02-11", 60)
    book.note(invoice, "2024-02-11", 99) { $0.isVoid = true }
    book.note(-1, "2024-02-20", 7) { $0.customer = 0 }
    let result = book.rolledUp(through: "2024-03")
    #expect(result.number("billings", "2024-02") == -67)
    // 31 of the note are of January's service, over by now; 29 of February's, over 19 days to its end.
    #expect(result.number("recognized_revenue", "2024-01") == 310)
    #expect(result.number("recognized_revenue", "2024-02") == 223)
    #expect(result.number("deferred_revenue", "2024-02") == 0)
  }

  @Test func aContractIsEarnedOverItsTermWhateverWasBilled() {
    var book = book
    let contract = book.contract("c", "2024-01-15", "2024-02-01", "2027-02-01", 300_000)
    let invoice = book.invoice("c", "2024-01-20") { $0.contract = contract }
    book.line(invoice, 100_000, "2024-02-01", "2025-02-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("bookings", "2024-01") == 300_000)
    #expect(result.number("tcv", "2024-01") == 0)
    #expect(result.number("tcv", "2024-02") == 300_000)
    #expect(result.number("acv", "2024-02") == 100_000)
    #expect(result.number("rpo", "2024-01") == 300_000)
    // 366 of 1096 days lie within a year.
    #expect(result.number("crpo", "2024-01") == 100_182.481752)
    #expect(result.number("deferred_revenue", "2024-01") == 100_000)
    // 29 of 1096 days.
    #expect(result.number("recognized_revenue", "2024-02") == 7_937.956204)
    #expect(result.number("rpo", "2024-02") == 292_062.043796)
  }

  @Test func aRampIsOneUnitAndCountsByItsSteps() {
    var book = book
    let ramp = book.contract("c", "2023-12-20", nil, nil, nil)
    for (start, end, amount) in [("2024-01-01", "2025-01-01", 1200.0), ("2025-01-01", "2026-01-01", 2400)] {
      book.contract("c", nil, start, end, amount) { $0.rampOf = ramp }
    }
    // Billed without a word of the contract: it is the customer's only one.
    let invoice = book.invoice("c", "2024-01-05")
    book.line(invoice, 50, "2024-01-01", "2024-02-01")
    let result = book.rolledUp(through: "2024-01")
    #expect(result.number("tcv", "2024-01") == 1200)
    #expect(result.number("recognized_revenue", "2024-01") == 101.639344)
    #expect(result.number("contract_asset", "2024-01") == 51.639344)
    #expect(result.number("deferred_revenue", "2024-01") == 0)
    #expect(result.value("rpo", "2024-01") == .money(3_498_360_656))
    #expect(result.result.findings.allSatisfy { $0.name != "incomplete-contract" })
  }

  @Test func whatMayBeCancelledOwesNoMoreThanIsDeferred() {
    var book = book
    book.contract("c", "2024-01-01", "2024-01-01", "2025-01-01", 1200) { $0.isCancellable = true }
    let invoice = book.invoice("c", "2024-01-01")
    book.line(invoice, 300, "2024-01-01", "2024-04-01")
    let result = book.rolledUp(through: "2024-01")
    #expect(result.value("rpo", "2024-01") == .money(198_360_656))
    #expect(result.value("crpo", "2024-01") == .money(198_360_656))
  }

  @Test func aContractThatWasCanceledEarnsNothingMore() {
    var book = book
    book.contract("c", "2024-01-01", "2024-01-01", "2025-01-01", 366) {
      $0.canceled = Moment(iso: "2024-01-11")
    }
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("recognized_revenue", "2024-01") == 10)
    #expect(result.number("recognized_revenue", "2024-02") == 0)
    #expect(result.number("rpo", "2024-01") == 0)
    #expect(result.number("tcv", "2024-01") == 0)
  }

  @Test func foreignBalancesAreValuedAtTheMonthsEndAndTheRestIsExchange() {
    var book = book
    book.rate("2024-01-31", "EUR", "1")
    book.rate("2024-02-29", "EUR", "2")
    let invoice = book.invoice("c", "2024-01-01", currency: "EUR")
    book.line(invoice, 600, "2024-01-01", "2024-03-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("deferred_revenue", "2024-01") == 290)
    // Earned 290 at 2; what was deferred at 1 became 580 first.
    #expect(result.number("recognized_revenue", "2024-02") == 580)
    #expect(result.number("deferred_revenue", "2024-02") == 0)
    #expect(result.number("deferred_revenue_fx", "2024-02") == 290)
  }

  @Test func growthAtConstantRatesKnowsNoExchange() {
    var book = book
    for (month, rate) in [
      ("01-31", "1"), ("02-29", "2"), ("03-31", "3"), ("04-30", "9"), ("05-31", "9"), ("06-30", "9"),
    ] {
      book.rate("2024-" + month, "EUR", rate)
    }
    for month in 1...6 {
      let invoice = book.invoice("c", "2024-0\(month)-15", currency: "EUR")
      book.line(invoice, month <= 3 ? 100 : 110)
    }
    let result = book.rolledUp(through: "2024-06")
    // 330 at the mean of 1, 2 and 3; before: 100 + 200 + 300.
    #expect(
      result.value("revenue_growth_constant", "2024-Q2")
        == .ratio(numerator: 60_000_000, denominator: 600_000_000))
    #expect(
      result.value("revenue_growth_constant", "2024-Q1")
        == .null("the period compared with reaches before the first month"))
  }

  @Test func aQuarterCountsItsMonthsBeforeTheFirstMRR() {
    var book = TestBook()
    book.charge("c", 100, "2024-03-01")
    book.contract("c", "2024-01-20", "2024-02-01", "2025-02-01", 366)
    let invoice = book.invoice("c", "2023-12-15")
    book.line(invoice, 310, "2024-01-01", "2024-02-01")
    book.line(book.invoice("c", "2024-01-20"), 40)
    book.payment("c", invoice, "2024-02-03", 350, "failed")
    book.payment("c", invoice, "2024-02-04", 350)
    book.expense("2024-01-01", "cogs", 50)
    book.expense("2024-02-01", "cogs", 50)
    book.expense("2024-03-01", "cogs", 100)
    let result = book.rolledUp(through: "2024-03")
    #expect(result.number("bookings", "2024-Q1") == 366)
    #expect(result.number("bookings", "2024-03") == 0)
    #expect(result.number("billings", "2024-Q1") == 40)
    #expect(result.number("collections", "2024-Q1") == 350)
    #expect(result.number("failed_payments", "2024-Q1") == 1)
    #expect(result.number("recovered_payments", "2024-Q1") == 1)
    // 310 and 40 in January, then 60 days of the contract.
    #expect(result.number("recognized_revenue", "2024-Q1") == 410)
    #expect(result.number("deferred_revenue_opening", "2024-Q1") == 310)
    #expect(result.number("deferred_revenue_opening", "2024-03") == 0)
    #expect(result.number("contract_asset_change", "2024-Q1") == 60)
    #expect(result.number("deferred_revenue", "2024-Q1") == 0)
    #expect(result.number("deferred_revenue_fx", "2024-Q1") == 0)
    // (410 - 200) / 410
    #expect(
      result.value("gross_margin", "2024-Q1") == .ratio(numerator: 210_000_000, denominator: 410_000_000))
  }

  @Test func ratesAreAskedForOfPublishedPeriodsAlone() {
    var book = TestBook()
    book.charge("c", 100, "2024-03-01")
    book.line(book.invoice("c", "2024-01-20", currency: "EUR"), 40)
    #expect(book.rolledUp(through: "2024-03").errors.map(\.name) == ["missing-rate"])
    // Neither its quarter nor its year is published, and nothing of it is deferred.
    var early = TestBook()
    early.charge("c", 100, "2024-05-01")
    early.line(early.invoice("c", "2024-01-20", currency: "EUR"), 40)
    #expect(early.rolledUp(through: "2024-06").errors.isEmpty)
  }

  @Test func nothingIsTakenBackOfAnInvoiceWhoseLinesCountNowhere() {
    var book = book
    // Known by its lines alone.
    let unissued = book.invoice("c", nil) { $0.row = 0 }
    book.line(unissued, 100)
    let draft = book.invoice("c", nil) { $0.row = 0 }
    book.line(draft, 100) {
      $0.status = 0
      $0.issued = Moment(iso: "2024-01-05")
    }
    for invoice in [unissued, draft] { book.note(invoice, "2024-01-10", 60) }
    // Known by nothing but a payment.
    let unknown = book.invoice("c", nil) { $0.row = 0 }
    book.note(unknown, "2024-01-10", 7)
    #expect(book.rolledUp(through: "2024-01").number("billings", "2024-01") == -7)
  }

  @Test func onlyWhatRecursIsUnderAContractThatItDoesNotName() {
    var book = book
    let contract = book.contract("c", "2024-01-01", "2024-01-01", "2025-01-01", 366)
    let invoice = book.invoice("c", "2024-01-05")
    book.line(invoice, 1000, "2024-01-01", "2025-01-01")
    for kind in ["metered", "one_time", "fee"] { book.line(invoice, 10, kind: kind) }
    book.line(invoice, 5, kind: "one_time") { $0.contract = contract }
    let result = book.rolledUp(through: "2024-01")
    // 31 days of the contract, and three lines earned when they were issued.
    #expect(result.number("recognized_revenue", "2024-01") == 61)
    #expect(result.number("deferred_revenue", "2024-01") == 974)
  }

  @Test func aStepEndsWithItsRampUnlessItSaysOtherwise() {
    var book = book
    let ramp = book.contract("c", nil, nil, nil, nil) { $0.canceled = Moment(iso: "2024-01-11") }
    book.contract("c", nil, "2024-01-01", "2025-01-01", 366) { $0.rampOf = ramp }
    #expect(book.rolledUp(through: "2024-02").number("recognized_revenue", "2024-01") == 10)
    book.book.billing.contracts[1].canceled = Moment(iso: "2024-01-21")
    #expect(book.rolledUp(through: "2024-02").number("recognized_revenue", "2024-01") == 20)
  }

  @Test func marginsTakeRecognizedRevenueWhereItIsKnown() {
    var book = book
    book.expense("2024-01-01", "cogs", 50)
    book.expense("2024-02-01", "cogs", 50)
    #expect(book.rolledUp(through: "2024-02").number("gross_margin", "2024-02") == 0.5)
    let invoice = book.invoice("c", "2024-01-01")
    book.line(invoice, 200, "2024-01-01", "2024-02-01")
    book.line(invoice, 400, "2024-02-01", "2024-03-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("gross_margin", "2024-01") == 0.75)
    #expect(result.number("gross_margin", "2024-02") == 0.875)
  }

  @Test func withoutDocumentsFiguresAreNullWithTheReason() {
    let result = book.rolledUp(through: "2024-01")
    for (metric, reason) in [
      ("bookings", "no contract data"), ("billings", "no invoice data"), ("collections", "no payment data"),
      ("recognized_revenue", "no invoice or contract data"),
      ("deferred_revenue", "no invoice or contract data"),
      ("deferred_revenue_fx", "no invoice or contract data"), ("rpo", "no invoice or contract data"),
      ("failed_payments", "no payment data"), ("delinquent_mrr", "no invoice data"),
      ("receivables_over_90", "no invoice data"), ("involuntary_churn_share", "no payment data"),
      ("revenue_growth_constant", "no invoice or contract data"),
    ] { #expect(result.value(metric, "2024-01") == .null(reason), "\(metric)") }
  }

  @Test func rowsWithoutTheDateTheyNeedAreCountedInAWarning() {
    var book = book
    book.line(book.invoice("c", nil), 5)
    book.note(-1, nil, 5)
    book.payment("c", -1, nil, 5)
    book.contract("c", nil, "2024-01-01", nil, 5)
    book.contract("c", nil, "2024-01-01", "2025-01-01", 5)
    let result = book.rolledUp(through: "2024-01")
    #expect(result.number("billings", "2024-01") == 0)
    let names = result.result.findings.map(\.name)
    #expect(names.count { $0 == "undated-document" } == 3)
    #expect(names.contains("incomplete-contract") && names.contains("unsigned-contract"))
  }
}
