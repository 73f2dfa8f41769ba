import Model
import Rollup
import Testing

/// MRR of invoice lines, each case worked out by hand.
@Suite struct InvoiceBasisTests {
  // MARK: Terms

  @Test func aLineIsSpreadOverTheMonthsOfItsPeriod() {
    var book = TestBook()
    book.line("c", 1200, "2024-01-01", "2025-01-01", on: "1")
    book.line("d", 300, "2024-01-31", "2024-04-30", on: "2")
    #expect(book.mrr("2024-01", "2024-04", "2024-12", "2025-01") == [200, 100, 100, 0])
  }

  @Test func weeklyLinesTakeThePolicysFactor() {
    var book = TestBook()
    book.line("c", 140, "2024-01-29", "2024-02-05", on: "1")
    #expect(book.mrr("2024-01") == [606.666667])
    #expect(book.mrr("2024-01") { $0.weekFactor = ExactRate(30, 7) } == [600])
  }

  @Test func aHundredMonthlyAndFiftyYearlySubscriptionsAreTwelveAndAHalfThousand() {
    var book = TestBook()
    for number in 0..<100 { book.line("m\(number)", 100, "2024-01-01", "2024-02-01", on: "m") }
    for number in 0..<50 { book.line("y\(number)", 600, "2024-01-01", "2025-01-01", on: "y") }
    #expect(book.mrr("2024-01") == [12_500])
  }

  @Test func onlyRecurringLinesWithAPeriodCount() {
    var book = TestBook()
    book.line("c", 10, "2024-01-01", "2024-02-01", on: "1")
    for kind in ["one_time", "tax", "fee", "metered"] {
      book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", kind: kind)
    }
    book.line("c", 100, "2024-01-05", "2024-01-05", on: "1")
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1") { $0.periodEnd = nil }
    let result = book.rolledUp(through: "2024-01") { $0.basis = .invoices }
    #expect(result.number("mrr", "2024-01") == 10)
    #expect(result.result.findings.map(\.name) == ["line-without-period", "undated-document"])
  }

  @Test func linesOfDraftsAndVoidInvoicesCountNowhere() {
    var book = TestBook()
    book.line("c", 10, "2024-01-01", "2024-02-01", on: "1")
    for (name, status) in [("2", "draft"), ("3", "void")] {
      book.line("d", 100, "2024-01-01", "2024-02-01", on: name)
      book.invoice(name) { $0.status = UInt8(EntityColumn.invoiceStatuses.firstIndex(of: status)!) }
    }
    // The line's own word is the nearer one.
    book.line("e", 5, "2024-01-01", "2024-02-01", on: "3") { $0.status = 2 }
    #expect(book.mrr("2024-01") == [15])
  }

  // MARK: Proration

  @Test func anUpgradeInTheMiddleOfAMonthCountsAtItsFullPrice() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", subscription: -1)
    book.line("c", -51.61, "2024-01-16", "2024-02-01", on: "2", prorated: true)
    book.line("c", 103.23, "2024-01-16", "2024-02-01", on: "2", prorated: true)
    book.line("c", 200, "2024-02-01", "2024-03-01", on: "3")
    // 103.23 x 31 / 16; of the first hundred 51.61 x 31 / 16 = 99.994375 is given back, and the last half cent with it.
    #expect(book.mrr("2024-01", "2024-02") == [200.008125, 200])
  }

  @Test func anUpgradeBilledOnTheNextInvoiceIsTheSame() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    book.line("c", -51.61, "2024-01-16", "2024-02-01", on: "2", prorated: true) {
      $0.issued = day("2024-02-01")
    }
    book.line("c", 103.23, "2024-01-16", "2024-02-01", on: "2", prorated: true) {
      $0.issued = day("2024-02-01")
    }
    book.line("c", 200, "2024-02-01", "2024-03-01", on: "2")
    #expect(book.mrr("2024-01", "2024-02") == [200.008125, 200])
  }

  @Test func aSeatMoreIsAddedToWhatIsBilled() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    book.line("c", 16, "2024-01-16", "2024-02-01", on: "2", prorated: true)
    #expect(book.mrr("2024-01") == [131])
  }

  @Test func aCreditIsTakenOffLinesOfItsPlanAlone() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", subscription: 0, plan: "seats")
    book.line("c", 40, "2024-01-01", "2024-02-01", on: "1", subscription: 0, plan: "support")
    book.line("c", -16, "2024-01-16", "2024-02-01", on: "2", subscription: 0, plan: "support", prorated: true)
    book.book.subscriptions = [Book.Subscription(id: 1, customer: 0, states: [])]
    #expect(book.mrr("2024-01") == [109])
  }

  @Test func whatIsLeftOfACreditIsDroppedAndTold() {
    var book = TestBook()
    book.line("c", 20, "2024-01-01", "2024-02-01", on: "1")
    book.line("c", -16, "2024-01-16", "2024-02-01", on: "2", prorated: true)
    book.line("d", 1, "2024-01-01", "2024-02-01", on: "3")
    let result = book.rolledUp(through: "2024-01") { $0.basis = .invoices }
    #expect(result.number("mrr", "2024-01") == 1)
    #expect(result.counts("2024-01").ending == 1)
    #expect(result.result.findings.map(\.name) == ["credit-exceeds-invoice", "undated-document"])
  }

  @Test func theFullPeriodIsThatOfThePlanElseOfTheLineBeforeElseAMonth() {
    var book = TestBook()
    // 30 of the 366 days to 2025-01-01.
    book.line("a", 100, "2024-12-02", "2025-01-01", on: "1", plan: "yearly", prorated: true)
    book.book.plans[0].intervalUnit = 3
    #expect(book.mrr("2024-12") == [101.666667])
    book.line("b", 300, "2024-07-01", "2024-10-01", on: "2")
    book.line("b", 46, "2024-11-16", "2025-01-01", on: "3", prorated: true)
    // The quarter before 2025-01-01 has 92 days: 46 x 92 / 46 / 3.
    #expect(book.mrr("2024-12") == [132.333334])
    book.line("e", 15, "2024-12-17", "2025-01-01", on: "4", prorated: true)
    // A month of 31 days: 15 x 31 / 15.
    let result = book.rolledUp(through: "2024-12") { $0.basis = .invoices }
    #expect(result.number("mrr", "2024-12") == 163.333334)
    let grades = result.result.charges.filter { $0.end == Day(iso: "2025-01-01") }.map(\.grade)
    #expect(grades.filter { $0 == .assumed }.count == 1)
    #expect(
      result.result.figures.first { $0.metric == "mrr" && $0.period.label == "2024-12" }?.grade == .assumed)
    #expect(
      result.result.figures.first { $0.metric == "mrr" && $0.period.label == "2024-08" }?.grade
        == .reconstructed)
  }

  @Test func instantsAreProratedBySecondsOfUTC() {
    var book = TestBook()
    // 14.5 of February's 29 days, whatever days they are in New York.
    book.line("c", 50, "2024-02-15T12:00:00Z", "2024-03-01T00:00:00Z", on: "1", prorated: true)
    let zone = ReportingZone(name: "America/New_York", firstOffset: -18_000, transitions: [])
    let result = book.rolledUp(through: "2024-02", policy: { $0.basis = .invoices }, zone: zone)
    #expect(result.number("mrr", "2024-02") == nil)
    let inUTC = book.rolledUp(through: "2024-02") { $0.basis = .invoices }
    #expect(inUTC.number("mrr", "2024-02") == 100)
    #expect(result.result.charges.map(\.mrr) == [100_000_000])
  }

  // MARK: Overlapping invoices

  @Test func aLaterInvoiceTakesThePlaceOfAnAnnualOne() {
    var book = TestBook()
    book.line("c", 1200, "2024-01-01", "2025-01-01", on: "1")
    book.line("c", -600, "2024-07-01", "2025-01-01", on: "2", prorated: true)
    book.line("c", 2400, "2024-07-01", "2025-07-01", on: "2")
    // The credit on the later invoice gave back what is superseded anyway.
    #expect(book.mrr("2024-06", "2024-07", "2025-01") == [100, 200, 200])
  }

  @Test func ofTwoInvoicesOfOneDayTheOneWithTheGreaterIdIsLater() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    book.line("c", 70, "2024-01-01", "2024-02-01", on: "2")
    #expect(book.mrr("2024-01") == [70])
    book.invoice("1", issued: "2024-01-02")
    #expect(book.mrr("2024-01") == [100])
  }

  @Test func linesOfTwoSubscriptionsStandSideBySide() {
    var book = TestBook()
    book.book.subscriptions = [
      Book.Subscription(id: 1, customer: 0, states: []), Book.Subscription(id: 2, customer: 0, states: []),
    ]
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", subscription: 0)
    book.line("c", 70, "2024-01-01", "2024-02-01", on: "2", subscription: 1)
    #expect(book.mrr("2024-01") == [170])
  }

  // MARK: Discounts, credit notes, refunds

  @Test func discountsAreTakenOffUnlessThePolicyIgnoresThem() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1") { $0.discount = 10_000_000 }
    book.line("c", 10, "2024-01-01", "2024-02-01", on: "1", kind: "one_time")
    book.invoice("1") { $0.discount = 20_000_000 }
    // 20 over 90 and 10: 18 and 2.
    #expect(book.mrr("2024-01") == [72])
    #expect(book.mrr("2024-01") { $0.discountForever = .ignore } == [100])
    #expect(book.mrr("2024-01") { $0.discountForever = .spread } == [72])
  }

  @Test func aFullyDiscountedLineIsACustomerOnlyWhereThePolicyKeepsIt() {
    var book = TestBook()
    book.line("paying", 10, "2024-01-01", "2024-02-01", on: "1")
    book.line("free", 100, "2024-01-01", "2024-02-01", on: "2") { $0.discount = 100_000_000 }
    func customers(_ answer: Policy.FullyDiscounted) -> Int64 {
      book.rolledUp(through: "2024-01") {
        $0.basis = .invoices
        $0.fullyDiscounted = answer
      }.counts("2024-01").ending
    }
    #expect(customers(.notCustomer) == 1)
    #expect(customers(.keepAtZero) == 2)
  }

  @Test func aCreditNoteOfTheWholeInvoiceTakesItAway() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    book.line("c", 100, "2024-02-01", "2024-03-01", on: "2")
    book.creditNote(100, of: "2")
    book.creditNote(100, of: "1", isVoid: true)
    for kept in [Policy.FullyDiscounted.notCustomer, .keepAtZero] {
      let result = book.rolledUp(through: "2024-02") {
        $0.basis = .invoices
        $0.fullyDiscounted = kept
      }
      #expect(result.bridge("2024-02").churn == -100_000_000)
      #expect(result.counts("2024-02").ending == 0)
    }
  }

  @Test func aCreditNoteOfAPartIsSharedOverTheLines() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", plan: "a")
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", plan: "b")
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", plan: "c", kind: "one_time")
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", plan: "d", kind: "tax")
    book.creditNote(100, of: "1")
    let result = book.rolledUp(through: "2024-01") { $0.basis = .invoices }
    // Thirds of 100, the odd micro-unit off the line with the smallest id.
    #expect(result.result.charges.map(\.mrr).sorted() == [66_666_666, 66_666_667])
  }

  @Test func creditNotesThatGiveBackTooMuchOrOfNothingAreTold() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    book.line("d", 5, "2024-01-01", "2024-02-01", on: "2")
    book.creditNote(60, of: "1")
    book.creditNote(60, of: "1")
    book.creditNote(60, of: nil)
    let result = book.rolledUp(through: "2024-01") { $0.basis = .invoices }
    #expect(result.number("mrr", "2024-01") == 5)
    #expect(
      result.result.findings.map { "\($0.name) \($0.problem.prefix(1))" } == [
        "credit-exceeds-invoice 1", "credit-of-unknown-invoice 1", "undated-document 2", "undated-document 3",
      ])
  }

  @Test func refundsAreTakenOffWhereThePolicySaysSo() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    book.refund(40, of: "1")
    book.refund(30, of: "1", status: "failed")
    #expect(book.mrr("2024-01") == [100])
    #expect(book.mrr("2024-01") { $0.refunds = .subtract } == [60])
  }

  @Test func refundsOfPricesAreRefused() {
    var policy = Policy.standard
    policy.refunds = .subtract
    #expect(policyFindings(policy).map(\.name) == ["policy-not-fed"])
    policy.basis = .invoices
    #expect(policyFindings(policy).isEmpty)
  }

  @Test func answersThatContradictEachOtherAreRefused() {
    var policy = Policy.standard
    policy.statuses = [.active, .trialing, .unpaid, .paused]
    let findings = policyFindings(policy)
    #expect(findings.map(\.name) == Array(repeating: "policy-contradiction", count: 3))
    #expect(
      findings.last?.problem == "the policy answers `paused: zero`, and `statuses` has paused"
        && findings.last?.remedy == "answer `paused: keep`, or take paused out of `statuses`")
    (policy.trials, policy.unpaid, policy.paused) = (.includePriced, .keep, .keep)
    #expect(policyFindings(policy).isEmpty)
  }

  @Test func anUnpaidInvoiceCountsAsThePolicySays() {
    var book = TestBook()
    book.line("c", 1200, "2024-01-01", "2025-01-01", on: "1")
    book.line("d", 1, "2024-01-01", "2025-01-01", on: "2")
    book.invoice("1", issued: "2024-01-01") {
      $0.status = UInt8(EntityColumn.invoiceStatuses.firstIndex(of: "uncollectible")!)
      $0.due = day("2024-02-10")
    }
    func mrr(_ answer: Policy.Unpaid) -> [Double] {
      book.mrr("2024-02", "2024-03") { $0.unpaid = answer }.map { ($0 * 1000).rounded() / 1000 }
    }
    #expect(mrr(.churnWhenUnpaid) == [0.083, 0.083])
    #expect(mrr(.afterDays) == [100.083, 0.083])
    #expect(mrr(.keep) == [100.083, 100.083])
  }

  // MARK: Subscriptions

  @Test func whatTheSubscriptionSaysLimitsItsLines() {
    func mrr(
      _ state: (inout Book.SubscriptionState) -> Void, policy: (inout Policy) -> Void = { _ in }
    ) -> [Double] {
      var book = TestBook()
      let subscription = book.subscription("c", state)
      book.line("c", 1200, "2024-01-01", "2025-01-01", on: "1", subscription: subscription)
      return book.mrr("2024-01", "2024-02", "2024-03", "2024-04", policy: policy)
    }
    #expect(mrr { $0.ended = day("2024-03-10") } == [100, 100, 0, 0])
    #expect(mrr { $0.cancelEffective = day("2024-03-10") } == [100, 100, 0, 0])
    let asked: (inout Book.SubscriptionState) -> Void = {
      $0.cancelRequested = day("2024-02-10")
      $0.cancelEffective = day("2024-04-10")
    }
    #expect(mrr(asked) == [100, 100, 100, 0])
    #expect(mrr(asked) { $0.churnAt = .cancelRequested } == [100, 0, 0, 0])
    let paused: (inout Book.SubscriptionState) -> Void = {
      $0.pauseStart = day("2024-02-10")
      $0.pauseEnd = day("2024-03-10")
    }
    #expect(mrr(paused) == [100, 0, 100, 100])
    #expect(mrr(paused) { $0.paused = .keep } == [100, 100, 100, 100])
    // Neither its status nor a trial is asked.
    #expect(
      mrr {
        $0.status = 5
        $0.trialEnd = day("2024-12-31")
      } == [100, 100, 100, 100])
    // Gone from the snapshots since then.
    #expect(mrr { $0.to = day("2024-04-02") } == [100, 100, 100, 0])
  }

  @Test func aCancellationThatIsAskedForIsScheduled() {
    var book = TestBook()
    let subscription = book.subscription("c") {
      $0.cancelRequested = day("2024-02-10")
      $0.cancelEffective = day("2024-04-01")
    }
    book.line("c", 1200, "2024-01-01", "2025-01-01", on: "1", subscription: subscription)
    let result = book.rolledUp(through: "2024-03") { $0.basis = .invoices }
    #expect(result.number("cmrr", "2024-01") == 100)
    #expect(result.number("cmrr", "2024-02") == 0)
  }

  // MARK: Usage

  @Test func usageCountsWhereItIsInvoicedAndThePolicySaysSo() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1", plan: "p")
    book.line("c", 30, "2024-01-01", "2024-02-01", on: "2", plan: "p", kind: "metered") {
      $0.issued = day("2024-02-01")
    }
    book.line("c", 100, "2024-02-01", "2024-03-01", on: "2", plan: "p")
    #expect(book.mrr("2024-01", "2024-02") == [100, 100])
    // Usage stands on the next invoice, and takes the place of nothing.
    #expect(book.mrr("2024-01", "2024-02") { $0.metered = .includeInvoiced } == [130, 100])
  }

  @Test func invoicedUsageIsAddedToPricesAndToContracts() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.line("c", 30, "2024-01-01", "2024-02-01", on: "1", kind: "metered")
    book.line("c", 70, "2024-01-01", "2024-02-01", on: "1")
    func grade(_ policy: (inout Policy) -> Void) -> Book.Grade? {
      book.rolledUp(through: "2024-01", policy: policy).result.figures
        .first { $0.metric == "mrr" && $0.period.label == "2024-01" }?.grade
    }
    #expect(book.mrr("2024-01") { $0.basis = .subscriptions } == [100])
    #expect(grade { $0.basis = .subscriptions } == .exact)
    let withUsage: (inout Policy) -> Void = {
      $0.basis = .subscriptions
      $0.metered = .includeInvoiced
    }
    #expect(book.mrr("2024-01", policy: withUsage) == [130])
    #expect(grade(withUsage) == .reconstructed)
    book.contract("c", 240, "2024-01-01", "2025-01-01")
    #expect(book.mrr("2024-01") { $0.metered = .includeInvoiced } == [50])
  }

  // MARK: What rows say of themselves

  @Test func anIntervalTellsOfWhichRowItIs() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01", "2024-02-01", on: "1")
    let charges = book.rolledUp(through: "2024-01") { $0.basis = .invoices }.result.charges
    #expect(charges.map(\.entity) == [.invoiceLine])
    #expect(charges.map(\.row) == [1])
    #expect(charges.map(\.start.description) == ["2024-01-01"])
    #expect(charges.map { $0.end?.description } == ["2024-02-01"])
  }

  @Test func theEventBridgeSeesAnUpgradeAtItsInstant() {
    var book = TestBook()
    book.line("c", 100, "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", on: "1")
    book.line("c", -50, "2024-01-16T12:00:00Z", "2024-02-01T00:00:00Z", on: "2", prorated: true)
    book.line("c", 100, "2024-01-16T12:00:00Z", "2024-02-01T00:00:00Z", on: "2", prorated: true)
    book.line("c", 200, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", on: "3")
    let result = book.rolledUp(through: "2024-02") {
      $0.basis = .invoices
      $0.bridge = .event
    }
    #expect(result.bridge("2024-01").new == 100_000_000)
    #expect(result.bridge("2024-01").expansion == 100_000_000)
    var unmoved = BridgeAmounts()
    (unmoved.starting, unmoved.ending) = (200_000_000, 200_000_000)
    #expect(result.bridge("2024-02") == unmoved)
  }
}

func day(_ text: String) -> Moment { Moment(iso: text)! }
