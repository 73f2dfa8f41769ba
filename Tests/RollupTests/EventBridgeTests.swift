import Model
import Rollup
import Testing

/// Berlin with the change to summer time of 31 March 2024, 02:00 local time.
private let berlin = ReportingZone(
  name: "Europe/Berlin", firstOffset: 3600, transitions: [(at: 1_711_846_800, offset: 7200)])

/// What the event bridge sees inside a month, and month ends do not.
@Suite struct EventBridgeTests {
  private func event(_ minutes: Int = 0) -> (inout Policy) -> Void {
    {
      $0.bridge = .event
      $0.groupingMinutes = minutes
    }
  }

  /// The movements of a month in the order in which they happened, fx left out.
  private func moved(_ result: TestResult, _ month: String) -> [String] {
    result.result.movements.filter { $0.month == Month(iso: month)! && $0.movement != .fx }
      .sorted { ($0.customer, $0.sequence) < ($1.customer, $1.sequence) }
      .map { "\($0.movement.rawValue) \($0.amount / 1_000_000)" }
  }

  @Test func signUpAndLeaveInsideOneMonthIsNewAndChurn() {
    var book = TestBook()
    book.charge("short", 100, "2024-02-03", "2024-02-20")
    book.charge("steady", 10, "2024-01-01")
    let result = book.rolledUp(through: "2024-02", policy: event())
    #expect(moved(result, "2024-02") == ["new 100", "churn -100"])
    #expect(result.counts("2024-02").new == 1 && result.counts("2024-02").churned == 1)
    #expect(result.bridge("2024-02").starting == result.bridge("2024-02").ending)
    #expect(result.errors.isEmpty)
  }

  @Test func anUpgradeAndADowngradeInOneMonthAreExpansionAndContraction() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05")
    book.charge("c", 150, "2024-02-05", "2024-02-20")
    book.charge("c", 110, "2024-02-20")
    let result = book.rolledUp(through: "2024-02", policy: event())
    #expect(moved(result, "2024-02") == ["expansion 50", "contraction -40"])
    #expect(result.bridge("2024-02").ending == 110_000_000)
  }

  @Test func leavingAndReturningWithinAMonthIsChurnAndReactivation() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05")
    book.charge("c", 120, "2024-02-20")
    let result = book.rolledUp(through: "2024-02", policy: event())
    #expect(moved(result, "2024-02") == ["churn -100", "reactivation 120"])
    let later = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.reactivationWindow = 14
    }
    #expect(moved(later, "2024-02") == ["churn -100", "new 120"])
    let within = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.reactivationWindow = 15
    }
    #expect(moved(within, "2024-02") == ["churn -100", "reactivation 120"])
  }

  @Test func cancellingAndSubscribingAtOneInstantIsOneMovement() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05T10:00:00Z")
    book.charge("c", 150, "2024-02-05T10:00:00Z")
    #expect(moved(book.rolledUp(through: "2024-02", policy: event()), "2024-02") == ["expansion 50"])
  }

  @Test func changesWithinTheGroupingMinutesOfTheFirstAreOneMovement() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05T10:00:00Z")
    book.charge("c", 150, "2024-02-05T10:40:00Z", "2024-02-05T11:00:00Z")
    book.charge("c", 130, "2024-02-05T11:00:01Z")
    #expect(
      moved(book.rolledUp(through: "2024-02", policy: event()), "2024-02") == [
        "churn -100", "reactivation 150", "churn -150", "reactivation 130",
      ])
    // The group begins at 10:00, not anew with every change: 11:00 still belongs to it, a second later not.
    #expect(
      moved(book.rolledUp(through: "2024-02", policy: event(60)), "2024-02") == [
        "churn -100", "reactivation 130",
      ])
    #expect(moved(book.rolledUp(through: "2024-02", policy: event(61)), "2024-02") == ["expansion 30"])
  }

  @Test func aVisitInsideOneGroupNeverWas() {
    var book = TestBook()
    book.charge("c", 100, "2024-02-05T10:00:00Z", "2024-02-05T10:30:00Z")
    book.charge("c", 100, "2024-02-20T10:00:00Z")
    book.charge("steady", 10, "2024-01-01")
    #expect(moved(book.rolledUp(through: "2024-02", policy: event(60)), "2024-02") == ["new 100"])
    #expect(
      moved(book.rolledUp(through: "2024-02", policy: event()), "2024-02") == [
        "new 100", "churn -100", "reactivation 100",
      ])
  }

  @Test func aPlainDateMakesAllChangesOfItsDayOne() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05T10:00:00Z")
    book.charge("c", 150, "2024-02-05T15:00:00Z")
    book.charge("c", 10, "2024-02-05")
    #expect(moved(book.rolledUp(through: "2024-02", policy: event()), "2024-02") == ["expansion 60"])
  }

  @Test func whatIsSeenAnewWithoutAChangeIsNoChange() {
    var book = TestBook()
    let subscription = book.subscription("c") { $0.status = 0 }
    var second = book.book.subscriptions[0].states[0]
    second.from = Moment(iso: "2024-02-05")
    book.book.subscriptions[0].states[0].to = second.from
    book.book.subscriptions[0].states.append(second)
    book.charge("c", 50, "2024-01-01", subscription: subscription)
    book.charge("c", 100, "2024-01-01", "2024-02-05T10:00:00Z")
    book.charge("c", 150, "2024-02-05T15:00:00Z")
    #expect(
      moved(book.rolledUp(through: "2024-02", policy: event()), "2024-02") == [
        "contraction -100", "expansion 150",
      ])
  }

  @Test func aGroupNeverCrossesAMonthsEnd() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-01-31T23:50:00Z")
    book.charge("steady", 10, "2023-12-01")
    book.charge("c", 150, "2024-02-01T00:10:00Z")
    let result = book.rolledUp(through: "2024-02", policy: event(60))
    #expect(moved(result, "2024-01") == ["new 100", "churn -100"])
    #expect(moved(result, "2024-02") == ["reactivation 150"])
  }

  @Test func theLastDayBelongsToItsMonthAndTheFirstToTheNext() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-29")
    book.charge("d", 70, "2024-01-01", "2024-03-01")
    let result = book.rolledUp(through: "2024-03", policy: event())
    #expect(moved(result, "2024-02") == ["churn -100"])
    #expect(moved(result, "2024-03") == ["churn -70"])
  }

  @Test func aDayOfTwentyThreeHoursGroupsByRealMinutes() {
    var book = TestBook()
    // 01:30 and 03:20 in Berlin, fifty minutes apart; local clocks say 110.
    book.charge("c", 100, "2024-01-01", "2024-03-31T00:30:00Z")
    book.charge("c", 130, "2024-03-31T01:20:00Z")
    let apart = book.rolledUp(through: "2024-03", policy: event(49), zone: berlin)
    #expect(moved(apart, "2024-03") == ["churn -100", "reactivation 130"])
    let together = book.rolledUp(through: "2024-03", policy: event(50), zone: berlin)
    #expect(moved(together, "2024-03") == ["expansion 30"])
    // A plain date stands at the day's first instant: 23:00 in UTC.
    var dated = TestBook()
    dated.charge("c", 100, "2024-01-01", "2024-03-30T22:30:00Z")
    dated.charge("c", 130, "2024-03-31")
    #expect(moved(dated.rolledUp(through: "2024-03", policy: event(29), zone: berlin), "2024-03").count == 2)
    #expect(moved(dated.rolledUp(through: "2024-03", policy: event(30), zone: berlin), "2024-03").count == 1)
  }

  @Test func lifetimeValueIsNullWhereTheChurnedWereNotThereAtTheOpening() {
    var book = TestBook()
    book.charge("steady", 10, "2024-01-10")
    book.charge("visitor", 100, "2024-01-05", "2024-01-20")
    let result = book.rolledUp(through: "2024-01") {
      $0.bridge = .event
      $0.ltvMargin = .ignore
    }
    #expect(result.value("ltv", "2024-01") == .null("no customers at the opening"))
  }

  @Test func aStretchInsideOneDayCountsWithTwoInstantsOnly() {
    for (start, end, expected) in [
      ("2024-02-05T08:00:00Z", "2024-02-05T18:00:00Z", ["new 100", "churn -100"]),
      ("2024-02-05", "2024-02-05T18:00:00Z", []),
    ] {
      var book = TestBook()
      book.charge("steady", 10, "2024-01-01")
      book.charge("c", 100, start, end)
      let result = book.rolledUp(through: "2024-02", policy: event())
      #expect(moved(result, "2024-02") == expected)
      #expect(result.result.charges.count == 1)
    }
  }

  @Test func sameMonthIgnoreLeavesVisitsOutAndForgetsThem() {
    var book = TestBook()
    book.charge("visitor", 100, "2024-01-05", "2024-01-20")
    book.charge("visitor", 90, "2024-02-10")
    book.charge("back", 50, "2024-01-01", "2024-02-05")
    book.charge("back", 50, "2024-02-10")
    let result = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.sameMonth = .ignore
    }
    #expect(moved(result, "2024-01") == ["new 50"])
    #expect(moved(result, "2024-02") == ["new 90", "churn -50", "reactivation 50"])
    let both = book.rolledUp(through: "2024-02", policy: event())
    #expect(moved(both, "2024-02") == ["reactivation 90", "churn -50", "reactivation 50"])
  }

  @Test func whoJoinedAndLeftCanBeLeftOutOfTheChurned() {
    var book = TestBook()
    for number in 0..<10 { book.charge("c\(number)", 10, "2024-01-01", number < 2 ? "2024-02-10" : nil) }
    book.charge("visitor", 10, "2024-02-05", "2024-02-20")
    let all = book.rolledUp(through: "2024-02", policy: event())
    #expect(all.value("customer_churn_rate", "2024-02") == .ratio(numerator: 3, denominator: 10))
    let without = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.churnBase = .withoutJoinedAndLeft
    }
    #expect(without.value("customer_churn_rate", "2024-02") == .ratio(numerator: 2, denominator: 10))
    #expect(without.value("customer_retention_rate", "2024-02") == .ratio(numerator: 8, denominator: 10))
    #expect(without.value("customers_churned", "2024-02") == .count(3))
    #expect(
      without.value("gross_mrr_churn_rate", "2024-02")
        == .ratio(numerator: 30_000_000, denominator: 100_000_000))
  }

  @Test func whoLeftAndCameBackElsewhereLeavesTheOpeningSegmentAndJoinsTheClosingOne() {
    var book = TestBook()
    let customer = Int(book.customer("c", country: "DE"))
    book.book.customers[customer].states.append(
      Book.CustomerState(from: Moment(iso: "2024-02-10"), country: "FR", employees: nil, attributes: [:]))
    book.charge("c", 100, "2024-01-01", "2024-02-03")
    book.charge("c", 120, "2024-02-03", "2024-02-05")
    book.charge("c", 150, "2024-02-15")
    let country = Dimension(name: "country", rule: .attribute("country"))
    let result = book.rolledUp(through: "2024-02", dimensions: [country], policy: event())
    let germany = result.bridge("2024-02", SegmentKey("country", "DE"))
    let france = result.bridge("2024-02", SegmentKey("country", "FR"))
    #expect(germany.starting == 100_000_000 && germany.expansion == 20_000_000)
    #expect(germany.churn == -120_000_000 && germany.ending == 0 && germany.transferOut == 0)
    #expect(france.reactivation == 150_000_000 && france.ending == 150_000_000)
    #expect(result.errors.isEmpty)
  }

  @Test func whoMovesAndStaysIsTransferredAndMovesInTheClosingSegment() {
    var book = TestBook()
    let customer = Int(book.customer("c", country: "DE"))
    book.book.customers[customer].states.append(
      Book.CustomerState(from: Moment(iso: "2024-02-10"), country: "FR", employees: nil, attributes: [:]))
    book.charge("c", 100, "2024-01-01", "2024-02-03")
    book.charge("c", 120, "2024-02-03", "2024-02-15")
    book.charge("c", 110, "2024-02-15")
    let country = Dimension(name: "country", rule: .attribute("country"))
    let result = book.rolledUp(through: "2024-02", dimensions: [country], policy: event())
    let france = result.bridge("2024-02", SegmentKey("country", "FR"))
    #expect(result.bridge("2024-02", SegmentKey("country", "DE")).transferOut == -100_000_000)
    #expect(france.transferIn == 100_000_000 && france.expansion == 20_000_000)
    #expect(france.contraction == -10_000_000 && france.ending == 110_000_000)
  }

  @Test func eachChangeOfPlansIsSharedOutByItself() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05", plan: "small")
    book.charge("c", 130, "2024-02-05", "2024-02-20", plan: "large")
    book.charge("c", 90, "2024-02-20", plan: "small")
    let plan = Dimension(name: "plan", rule: .plan)
    let result = book.rolledUp(through: "2024-02", dimensions: [plan], policy: event())
    let small = result.bridge("2024-02", SegmentKey("plan", "small"))
    let large = result.bridge("2024-02", SegmentKey("plan", "large"))
    #expect(small.transferOut == -100_000_000 && small.transferIn == 90_000_000)
    #expect(large.transferIn == 100_000_000 && large.transferOut == -90_000_000)
    #expect(large.expansion == 30_000_000 && large.contraction == -40_000_000)
    #expect(small.ending == 90_000_000 && large.ending == 0)
  }

  @Test func movementsAreValuedAtTheMonthsRateAndFxOnceAtTheOpening() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05", currency: "EUR")
    book.charge("c", 150, "2024-02-05", "2024-02-20", currency: "EUR")
    book.charge("c", 120, "2024-02-20", currency: "EUR")
    book.rate("2024-01-31", "EUR", "1.0")
    book.rate("2024-02-29", "EUR", "1.1")
    let currency = Dimension(name: "currency", rule: .currency)
    let result = book.rolledUp(through: "2024-02", dimensions: [currency], policy: event())
    let bridge = result.bridge("2024-02")
    #expect([bridge.starting, bridge.fx, bridge.ending] == [100_000_000, 10_000_000, 132_000_000])
    #expect([bridge.expansion, bridge.contraction] == [55_000_000, -33_000_000])
    let constant = result.bridge("2024-02", .all, .constant)
    #expect([constant.fx, constant.expansion, constant.contraction] == [0, 50_000_000, -30_000_000])
    let native = result.bridge("2024-02", SegmentKey("currency", "EUR"), .native)
    #expect([native.fx, native.expansion, native.contraction] == [0, 50_000_000, -30_000_000])
  }

  @Test func aVisitInAForeignCurrencyNeedsItsMonthsRate() {
    var book = TestBook()
    book.charge("steady", 10, "2024-01-01")
    book.charge("visitor", 100, "2024-02-05", "2024-02-20", currency: "EUR")
    #expect(book.rolledUp(through: "2024-02").errors.isEmpty)
    #expect(book.rolledUp(through: "2024-02", policy: event()).errors.map(\.name) == ["missing-rate"])
  }

  @Test func aVisitBeforeTheFirstPublishedMonthMakesALaterJoiningAReactivation() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-05", "2024-01-20")
    book.charge("c", 100, "2024-02-10")
    let result = book.rolledUp(through: "2024-02", policy: event())
    #expect(moved(result, "2024-01").isEmpty)
    #expect(moved(result, "2024-02") == ["reactivation 100"])
    #expect(result.bridge("2024-02").starting == 0)
  }

  @Test func graceFillsAGapInsideAMonthToo() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-10T08:00:00Z")
    book.charge("c", 120, "2024-02-12T09:00:00Z", "2024-02-20T08:00:00Z")
    book.charge("c", 120, "2024-02-20T17:00:00Z")
    let strict = book.rolledUp(through: "2024-02", policy: event())
    #expect(
      moved(strict, "2024-02") == ["churn -100", "reactivation 120", "churn -120", "reactivation 120"])
    let graced = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.graceDays = 2
    }
    #expect(moved(graced, "2024-02") == ["expansion 20"])
  }

  @Test func onADayThatGraceFillsNothingHappens() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-05T10:00:00Z")
    book.charge("c", 90, "2024-02-05T10:00:00Z", "2024-02-05T18:00:00Z")
    book.charge("c", 7, "2024-02-06T10:00:00Z", "2024-02-06T18:00:00Z")
    book.charge("c", 120, "2024-02-07T12:00:00Z")
    let result = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.graceDays = 2
    }
    #expect(moved(result, "2024-02") == ["expansion 20"])
  }

  @Test func aDiscountSpreadOverATermInsideOneDayHoldsForAllOfIt() {
    var book = TestBook()
    book.charge("c", 100, "2024-02-05T10:00:00Z", "2024-02-05T18:00:00Z") {
      $0.discountPercent = 10_000_000
      $0.discountDuration = UInt8(EntityColumn.discountDurations.firstIndex(of: "once")!)
    }
    book.charge("steady", 1, "2024-01-01")
    let result = book.rolledUp(through: "2024-02") {
      $0.bridge = .event
      $0.discountOnce = .spread
    }
    #expect(moved(result, "2024-02") == ["new 90", "churn -90"])
  }

  @Test func seatsThatComeAndGoMoveAsInTheWorkedExample() {
    var book = TestBook()
    book.charge("seats", 2000, "2024-01-01", "2024-04-01", every: 1, "year")
    book.charge("seats", 60, "2024-02-01", "2024-03-01")
    book.charge("seats", 50, "2024-05-01", quantity: 3)
    let result = book.rolledUp(through: "2024-05", policy: event())
    #expect(result.bridge("2024-01").new == 166_666_667)
    #expect(result.bridge("2024-02").expansion == 60_000_000)
    #expect(result.bridge("2024-03").contraction == -60_000_000)
    #expect(result.bridge("2024-04").churn == -166_666_667)
    #expect(result.bridge("2024-05").reactivation == 150_000_000)
  }
}
