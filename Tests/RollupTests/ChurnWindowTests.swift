import Model
import Rollup
import Testing

/// Churn over the 30 days before a month's end.
@Suite struct ChurnWindowTests {
  private func window(_ bridge: Policy.Bridge) -> (inout Policy) -> Void {
    {
      $0.bridge = bridge
      $0.churnWindow = .thirtyDays
    }
  }

  @Test(arguments: [Policy.Bridge.endPoint, .event])
  func februaryReachesBackToThe31stOfJanuaryInALeapYear(_ bridge: Policy.Bridge) {
    var book = TestBook()
    for number in 0..<10 { book.charge("c\(number)", 10, "2023-12-01", number == 0 ? "2024-01-31" : nil) }
    book.charge("earlier", 10, "2023-12-01", "2024-01-30")
    let result = book.rolledUp(through: "2024-02", policy: window(bridge))
    // 31 January to 29 February: who left on the 31st is in it, who left on the 30th no longer at the opening.
    #expect(result.value("customer_churn_rate", "2024-02") == .ratio(numerator: 1, denominator: 10))
    #expect(result.value("customer_retention_rate", "2024-02") == .ratio(numerator: 9, denominator: 10))
    #expect(
      result.value("gross_mrr_churn_rate", "2024-02")
        == .ratio(numerator: 10_000_000, denominator: 100_000_000))
    #expect(result.value("customers_churned", "2024-02") == .count(0))
  }

  @Test(arguments: [Policy.Bridge.endPoint, .event])
  func aMonthOf31DaysLeavesItsFirstDayOut(_ bridge: Policy.Bridge) {
    var book = TestBook()
    for number in 0..<10 {
      let end: String? = number == 0 ? "2024-03-01" : number == 1 ? "2024-03-02" : nil
      book.charge("c\(number)", 10, "2023-12-01", end)
    }
    let result = book.rolledUp(through: "2024-03", policy: window(bridge))
    #expect(result.value("customer_churn_rate", "2024-03") == .ratio(numerator: 1, denominator: 9))
    #expect(result.value("customers_churned", "2024-03") == .count(2))
  }

  @Test func aVisitorThereWhenTheWindowOpensIsSeenByMonthEndsToo() {
    var book = TestBook()
    book.charge("steady", 10, "2023-12-01")
    book.charge("visitor", 10, "2024-03-01", "2024-03-20")
    let result = book.rolledUp(through: "2024-03", policy: window(.endPoint))
    #expect(result.bridge("2024-03").churn == 0)
    #expect(result.value("customer_churn_rate", "2024-03") == .ratio(numerator: 1, denominator: 2))
  }

  @Test(arguments: [Policy.Bridge.endPoint, .event])
  func aWindowOf30DaysInAMonthOf30DaysIsTheMonth(_ bridge: Policy.Bridge) {
    var book = TestBook()
    book.charge("a", 10, "2024-01-01", "2024-04-01")
    book.charge("b", 20, "2024-01-01", "2024-04-12", currency: "EUR")
    book.charge("b", 30, "2024-04-20", currency: "EUR")
    book.charge("c", 40, "2024-01-01")
    book.charge("d", 7, "2024-04-03", "2024-04-09")
    for day in ["2024-01-31", "2024-02-29", "2024-03-29", "2024-04-30"] {
      book.rate(day, "EUR", "1.\(day.suffix(2))")
    }
    let month = book.rolledUp(through: "2024-04") { $0.bridge = bridge }
    let days = book.rolledUp(through: "2024-04", policy: window(bridge))
    #expect(days.errors.isEmpty)
    for metric in [
      "customer_churn_rate", "customer_retention_rate", "gross_mrr_churn_rate", "net_mrr_churn_rate",
    ] {
      for valuation in [Valuation.asReported, .constant] {
        #expect(
          days.value(metric, "2024-04", .all, valuation) == month.value(metric, "2024-04", .all, valuation),
          "\(metric)")
      }
    }
  }

  @Test func aWindowBeforeTheFirstPublishedMonthIsNull() {
    var book = TestBook()
    book.charge("c", 10, "2023-02-05")
    let result = book.rolledUp(through: "2023-03", policy: window(.event))
    #expect(
      result.value("gross_mrr_churn_rate", "2023-02") == .null("the window reaches before the first month"))
    #expect(
      result.value("gross_mrr_churn_rate", "2023-03") == .ratio(numerator: 0, denominator: 10_000_000))
  }

  @Test func aQuarterHasItsLastMonthsRate() {
    var book = TestBook()
    for number in 0..<4 { book.charge("c\(number)", 10, "2023-12-01", number == 0 ? "2024-01-10" : nil) }
    let result = book.rolledUp(through: "2024-03", policy: window(.event))
    #expect(
      result.value("customer_churn_rate", "2024-Q1") == result.value("customer_churn_rate", "2024-03"))
    #expect(result.value("customer_churn_rate", "2024-Q1") == .ratio(numerator: 0, denominator: 3))
  }

  @Test func aGroupUnderWayWhenTheWindowOpensIsCut() {
    var book = TestBook()
    book.charge("c", 10, "2024-01-01", "2024-03-01T23:40:00Z")
    book.charge("c", 20, "2024-03-01T23:40:00Z", "2024-03-02T00:10:00Z")
    book.charge("c", 15, "2024-03-02T00:10:00Z")
    let result = book.rolledUp(through: "2024-03") {
      $0.bridge = .event
      $0.groupingMinutes = 60
      $0.churnWindow = .thirtyDays
    }
    #expect(result.bridge("2024-03").expansion == 5_000_000)
    #expect(
      result.value("gross_mrr_churn_rate", "2024-03") == .ratio(numerator: 5_000_000, denominator: 20_000_000)
    )
  }

  @Test func aCustomerOfTheWindowThatMonthEndsNeverSawHasItsRate() {
    var book = TestBook()
    book.charge("steady", 10, "2023-12-01")
    book.charge("left", 10, "2023-12-01", "2024-01-31", currency: "EUR")
    for day in ["2023-12-31", "2024-01-31", "2024-02-29"] { book.rate(day, "EUR", "1.0") }
    let result = book.rolledUp(through: "2024-02", policy: window(.event))
    #expect(
      result.value("gross_mrr_churn_rate", "2024-02")
        == .ratio(numerator: 10_000_000, denominator: 20_000_000))
  }
}
