import Model
import Rollup
import Testing

/// Cash, usage, trials, budgets, adjustments and forecasts: worked by hand.
@Suite struct OperatingMetricTests {
  /// Each in money that nothing else is in, in a month of its own.
  @Test func whatExpensesCashAndBudgetsAreValuedAtIsToldAsARateUsed() {
    var book = TestBook()
    book.book.currencies.append(Currency("GBP")!)
    book.charge("c", 100, "2024-01-01")
    for day in ["2024-01-31", "2024-02-29", "2024-03-29"] {
      for currency in ["EUR", "GBP"] { book.rate(day, currency, "1.1") }
    }
    book.expense("2024-01-15", "sales", 10)
    book.book.expenses[0].currency = Currency("EUR")!
    book.cash("2024-02-20", 10, currency: "GBP")
    book.budget("2024-03-01", "mrr", amount: 10)
    book.book.budgets[0].currency = Currency("EUR")!
    book.book.fed.formUnion([.expense, .cashBalance, .budget])
    let used = book.rolledUp(through: "2024-03").result.ratesUsed
    #expect(used.map { "\($0.from) \($0.month)" } == ["EUR 2024-01", "EUR 2024-03", "GBP 2024-02"])
  }

  @Test func cashIsTheLatestBalanceOfEachAccountAndBurnItsFallOverThreeMonths() {
    var book = TestBook()
    book.charge("c", 100, "2024-02-01", "2024-05-01")
    book.charge("c", 150, "2024-05-01")
    book.rate("2024-05-31", "EUR", "2")
    book.cash("2024-02-10", 900)
    book.cash("2024-02-29", 1000)
    book.cash("2024-02-29", 50, "savings")
    book.cash("2024-05-31", 500)
    book.cash("2024-05-31", 40, "savings", currency: "EUR")
    let result = book.rolledUp(through: "2024-05")
    #expect(result.number("cash", "2024-02") == 1050)
    #expect(result.value("cash", "2024-03") == .null("no cash balance for 2024-03"))
    #expect(result.number("cash", "2024-05") == 580)
    // (1050 - 580) / 3 = 156.666667; 580 / 156.666667.
    #expect(
      result.value("burn_rate", "2024-05")
        == .moneyRatio(156_666_667, numerator: 470_000_000, denominator: 3))
    #expect(
      result.value("runway_months", "2024-05") == .ratio(numerator: 580_000_000, denominator: 156_666_667))
    // 470 burned for 12 x 50 of ARR.
    #expect(
      result.value("burn_multiple", "2024-05") == .ratio(numerator: 470_000_000, denominator: 600_000_000))
    #expect(result.value("burn_multiple", "2024-04") == .null("the window reaches before the first month"))
  }

  @Test func withoutCashOrWhereItGrowsThereIsNoRunway() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    #expect(book.rolledUp(through: "2024-04").value("runway_months", "2024-04") == .null("no cash data"))
    book.cash("2023-12-31", 100)
    book.cash("2024-03-31", 700)
    let result = book.rolledUp(through: "2024-03")
    #expect(result.number("burn_rate", "2024-03") == -200)
    #expect(result.value("runway_months", "2024-03") == .null("no cash is burned"))
    #expect(result.value("burn_rate", "2024-02") == .null("no cash balance for 2024-02"))
  }

  @Test func usersAreCountedOncePerMonthAndOncePerDay() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    for (user, day) in [
      ("ann", "2024-02-01"), ("ann", "2024-02-01T18:00:00Z"), ("ann", "2024-02-02"), ("bob", "2024-02-02"),
      ("bob", "2024-01-31"),
    ] { book.use("c", user, day) }
    book.use("guest", nil, "2024-02-10")
    book.use("guest", nil, "2023-12-31")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.value("active_users", "2024-02") == .count(3))
    #expect(result.value("active_users", "2024-01") == .count(1))
    // ann on 2 days, bob and the guest on 1 each.
    #expect(result.value("stickiness", "2024-02") == .ratio(numerator: 4, denominator: 29 * 3))
    #expect(result.value("usage_frequency", "2024-02") == .ratio(numerator: 4, denominator: 3))
    // 1.3 days; as a ratio reports would show 133 %.
    #expect(metricCatalogue.first { $0.id == "usage_frequency" }?.unit == .days)
  }

  @Test func whatWasUsedNoTimesMakesNoActiveUser() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.use("c", "ann", "2024-01-05", times: 0)
    book.use("c", "bob", "2024-01-05", times: 3)
    book.use("c", "bob", "2024-01-06", times: 0)
    let result = book.rolledUp(through: "2024-01")
    #expect(result.value("active_users", "2024-01") == .count(1))
    #expect(result.value("usage_frequency", "2024-01") == .ratio(numerator: 1, denominator: 1))
  }

  @Test func whoPaysNothingIsInTheSegmentOfItsFirstValueToo() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    let guest = book.customer("guest")
    book.book.customers[Int(guest)].states = [(nil, nil), ("2023-12-01", "FR"), ("2024-01-10", "DE")].map {
      Book.CustomerState(
        from: $0.0.map { Moment(iso: $0)! }, country: $0.1, employees: nil, attributes: [:])
    }
    book.use("guest", nil, "2024-01-20")
    let result = book.rolledUp(
      through: "2024-01",
      dimensions: [
        Dimension(name: "first", rule: .attribute("country"), touch: .first),
        Dimension(name: "now", rule: .attribute("country")),
      ])
    #expect(result.value("active_users", "2024-01", SegmentKey("first", "FR")) == .count(1))
    #expect(result.value("active_users", "2024-01", SegmentKey("now", "DE")) == .count(1))
  }

  @Test func aRateThatNoPublishedFigureNeedsIsNotAskedFor() {
    var book = TestBook()
    book.charge("c", 100, "2024-06-01")
    // No burn looks back further than three months before the first MRR.
    book.cash("2024-02-29", 5, currency: "EUR")
    book.expense("2023-12-01", "sales", 7)
    book.book.expenses[0].currency = Currency("EUR")!
    // No figure contains what is invested.
    book.expense("2024-06-01", "capex", 7)
    book.book.expenses[1].currency = Currency("EUR")!
    book.budget("2024-01-31", "mrr_new", amount: 9)
    book.book.budgets[0].currency = Currency("EUR")!
    #expect(book.rolledUp(through: "2024-12").errors.isEmpty)
    book.cash("2024-03-31", 5, currency: "EUR")
    #expect(book.rolledUp(through: "2024-12").errors.count == 1)
  }

  @Test func usersOfJoinedAccountsStayThoseOfTheirAccounts() {
    var book = TestBook()
    let account = book.customer("child", parent: "top")
    book.charge("child", 100, "2024-01-01")
    for customer in ["child", "top"] {
      book.use(customer, "ann", "2024-01-05")
      book.use(customer, nil, "2024-01-05")
    }
    #expect(book.book.customers[Int(account)].parent != nil)
    let result = book.rolledUp(through: "2024-01") { $0.customerIs = .parent }
    #expect(result.value("active_users", "2024-01") == .count(4))
  }

  @Test func usersAreInTheirCustomersSegmentAndAddUp() {
    var book = TestBook()
    _ = book.customer("free", country: "FR")
    _ = book.customer("c", country: "DE")
    book.charge("c", 100, "2024-01-01")
    book.use("c", "ann", "2024-01-05")
    book.use("c", "bob", "2024-01-05")
    book.use("free", nil, "2024-01-06")
    let result = book.rolledUp(
      through: "2024-01",
      dimensions: [
        Dimension(name: "country", rule: .attribute("country")), Dimension(name: "arr", rule: .arr([1000])),
        Dimension(name: "plan", rule: .plan),
      ])
    #expect(result.value("active_users", "2024-01", SegmentKey("country", "DE")) == .count(2))
    #expect(result.value("active_users", "2024-01", SegmentKey("country", "FR")) == .count(1))
    #expect(result.value("active_users", "2024-01", SegmentKey("arr", "<1000")) == .count(1))
    #expect(result.value("active_users", "2024-01", SegmentKey("plan", SegmentKey.none)) == nil)
  }

  @Test func withoutUsageTheWholeIsNullAndSegmentsHaveNoFigure() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    let result = book.rolledUp(
      through: "2024-01", dimensions: [Dimension(name: "country", rule: .attribute("country"))])
    #expect(result.value("stickiness", "2024-01") == .null("no usage data"))
    #expect(result.value("active_users", "2024-01", SegmentKey("country", SegmentKey.none)) == nil)
  }

  @Test func trialsConvertWhereAChargeCountsWhenTheyEnd() {
    var book = TestBook()
    func trial(_ customer: String, _ started: String?, _ end: String) -> Int32 {
      book.subscription(customer) {
        $0.started = started.map { Moment(iso: $0)! }
        $0.trialEnd = Moment(iso: end)
      }
    }
    let stays = trial("stays", "2024-01-20", "2024-02-03")
    let leaves = trial("leaves", "2024-01-20", "2024-02-03")
    _ = trial("unknown", nil, "2024-02-20")
    let later = trial("later", "2024-02-25", "2024-03-10")
    book.charge("stays", 10, "2024-01-20", subscription: stays)
    book.charge("leaves", 10, "2024-01-20", "2024-02-03", subscription: leaves)
    book.charge("later", 10, "2024-02-25", subscription: later)
    book.charge("c", 10, "2024-01-01")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.value("trials_started", "2024-01") == .count(2))
    #expect(result.value("trials_started", "2024-02") == .count(1))
    #expect(result.value("trials_ended", "2024-02") == .count(3))
    #expect(result.value("trials_converted", "2024-02") == .count(1))
    #expect(result.value("trial_conversion_rate", "2024-02") == .ratio(numerator: 1, denominator: 3))
    #expect(result.value("trial_conversion_rate", "2024-01") == .null("no trial ended"))
    #expect(result.result.findings.contains { $0.name == "trial-without-start" })
    var without = TestBook()
    without.charge("c", 10, "2024-01-01")
    #expect(
      without.rolledUp(through: "2024-01").value("trials_started", "2024-01") == .null("no subscription data")
    )
  }

  @Test func aYearCountsTheTrialsOfItsMonthsBeforeTheFirstCharge() {
    var book = TestBook()
    let trial = book.subscription("c") {
      $0.started = Moment(iso: "2024-02-20")
      $0.trialEnd = Moment(iso: "2024-03-05")
    }
    book.charge("c", 10, "2024-03-05", subscription: trial)
    let result = book.rolledUp(through: "2024-12")
    #expect(result.value("trials_started", "2024-Q1") == .count(1))
    #expect(result.value("trials_started", "FY2024") == .count(1))
    #expect(result.value("trials_started", "2024-03") == .count(0))
    #expect(result.value("trials_converted", "2024-03") == .count(1))
  }

  @Test func thePipelineCoversTheNewRevenuePlannedForTheNextThreeMonths() {
    var book = TestBook()
    book.charge("c", 10, "2024-01-01")
    var deal = Book.Opportunity(id: 1, customer: nil, status: 0)
    deal.amount = 900_000_000
    deal.created = Moment(iso: "2024-01-05")
    book.book.opportunities = [deal]
    book.book.fed.insert(.opportunity)
    #expect(
      book.rolledUp(through: "2024-01").value("pipeline_coverage", "2024-01") == .null("no budget data"))
    for month in ["2024-02-01", "2024-03-31"] { book.budget(month, "mrr_new", amount: 100) }
    #expect(
      book.rolledUp(through: "2024-01").value("pipeline_coverage", "2024-01")
        == .null("no budget of mrr_new for 2024-04"))
    book.budget("2024-04-15", "mrr_new", amount: 90)
    book.budget("2024-04-16", "mrr_new", amount: 100)
    let result = book.rolledUp(through: "2024-01")
    #expect(
      result.value("pipeline_coverage", "2024-01") == .ratio(numerator: 900_000_000, denominator: 300_000_000)
    )
    #expect(result.result.findings.map(\.name).contains("budget-stated-twice"))
  }

  @Test func aBudgetOfNoMetricOrAnotherUnitIsSaidAndShownNowhere() {
    var book = TestBook()
    book.charge("c", 10, "2024-01-01")
    book.budget("2024-01-31", "mrr_neu", amount: 5)
    book.budget("2024-01-31", "mrr_new", value: 5_000_000)
    book.budget("2024-01-31", "customers", value: 5_500_000)
    book.budget("2024-01-31", "customers_new", value: 7_000_000)
    book.budget("2024-01-31", "gross_margin", value: 800_000)
    let result = book.rolledUp(through: "2024-01").result
    #expect(
      result.budgets.map(\.planned) == [.count(7), .ratio(numerator: 800_000, denominator: 1_000_000)])
    let unknown = result.findings.first { $0.name == "row-of-unknown-metric" }
    #expect(unknown?.remedy == "did you mean `mrr_new`?")
    #expect(result.findings.count { $0.name == "budget-of-another-unit" } == 2)
  }

  @Test func anAdjustmentIsALineOfItsOwnAndPartOfNoFigure() {
    var book = TestBook()
    book.charge("c", 10, "2024-01-01")
    book.rate("2024-01-31", "EUR", "1.5")
    let without = book.rolledUp(through: "2024-01").result
    book.book.adjustments = [
      Book.Adjustment(
        day: Moment(iso: "2024-01-15")!, customer: 1, metric: "mrr_new", amount: -3_000_001,
        currency: Currency("EUR")!, author: "ann", reason: "late"),
      Book.Adjustment(
        day: Moment(iso: "2024-01-15")!, customer: nil, metric: "customers", amount: 1,
        currency: Currency("EUR")!, author: "ann", reason: "late"),
    ]
    let result = book.rolledUp(through: "2024-01").result
    // 3.000001 x 1.5 = 4.5000015, half-even.
    #expect(result.adjustments.map(\.amount) == [-4_500_002])
    #expect(result.findings.map(\.name).contains("adjustment-of-another-unit"))
    #expect(result.figures.map(String.init(describing:)) == without.figures.map(String.init(describing:)))
  }

  @Test func aForecastGoesOnLikeTheLastSixMonths() throws {
    var book = TestBook()
    // 100 for ever; each month from February on 10 new that leaves the month after.
    book.charge("kept", 100, "2024-01-01")
    let months = (2...8).map { "2024-0\($0)-01" }
    for (number, pair) in zip(months, months.dropFirst()).enumerated() {
      book.charge("visitor \(number)", 10, pair.0, pair.1)
    }
    let result = book.rolledUp(through: "2024-07")
    // Growth without new: 0 in February (100), then -10 of 110 in each of the five months after.
    let growth = [0, -90_909_090_909, -90_909_090_909, -90_909_090_909, -90_909_090_909, -90_909_090_909]
    #expect(growth.reduce(0, +) / 6 == -75_757_575_757)
    let lines = result.result.forecasts.filter { $0.made.description == "2024-07" }
    #expect(lines.count == 12)
    // 110 x (1 - 0.075757575758) + 10
    #expect(lines[0].expected == 111_666_667)
    #expect(lines[0].low == 110_000_000)
    #expect(lines[0].high == 120_000_000)
    #expect(result.value("mrr_forecast", "2024-07") == .money(lines[11].expected))
    #expect(result.value("mrr_forecast", "2024-06") == .null("fewer than six months with an opening"))
    for line in lines { #expect(line.low <= line.expected && line.expected <= line.high) }
  }

  @Test func aForecastThatLeavesWhatCanBeCountedIsNotGiven() {
    var book = TestBook()
    // Grows fourfold every month, from 1,000,000 on: a year on that is beyond 64 bits.
    var amount = 1_000_000.0
    for number in 1...8 {
      book.charge("c", amount, "2024-0\(number)-01", number == 8 ? nil : "2024-0\(number + 1)-01")
      amount *= 4
    }
    let result = book.rolledUp(through: "2024-08")
    #expect(!result.result.figures.isEmpty)
    #expect(result.result.forecasts.isEmpty)
    #expect(
      result.value("mrr_forecast", "2024-08")
        == .null("at the rates of the last six months a year leads beyond what can be counted"))
  }

  @Test func seasonalityComparesAMonthWithTheYearAroundIt() {
    var book = TestBook()
    for month in 0..<24 {
      let name = (Month(iso: "2022-01")! + month).description
      book.charge("c\(month)", month == 12 ? 30 : 10, name + "-01")
    }
    let result = book.rolledUp(through: "2023-12")
    // Ten months of 10 and one of 30 around it, half of 10 at either end; all doubled.
    #expect(
      result.value("seasonality_index", "2023-01") == .ratio(numerator: 720_000_000, denominator: 280_000_000)
    )
    #expect(result.value("seasonality_index", "2023-07") == .null("the year around it is not over"))
    #expect(
      result.value("seasonality_index", "2022-06")
        == .null("the year around it reaches before the first month"))
    #expect(
      book.rolledUp(through: "2023-11").value("seasonality_index", "2022-09") == .null("fewer than 24 months")
    )
  }
}
