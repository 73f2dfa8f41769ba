import Model
import Testing

@testable import Rollup

@Suite struct BillingIntervalTests {
  private func interval(_ start: String, _ end: String) -> String {
    let interval = BillingInterval(from: Day(iso: start)!, to: Day(iso: end)!)
    return "\(interval.count) \(interval.unit)"
  }

  @Test(arguments: [
    ("2024-01-15", "2024-02-15"), ("2024-01-31", "2024-02-29"), ("2023-01-30", "2023-02-28"),
    ("2024-02-29", "2024-03-31"), ("2024-02-29", "2024-03-29"), ("2024-04-30", "2024-05-31"),
  ])
  func aDayOfAMonthToThatDayOfTheNextOrToItsLastIsAMonth(_ term: (String, String)) {
    #expect(interval(term.0, term.1) == "1 month")
  }

  @Test func aLeapDayIsAYearAfterTheLastDayOfFebruary() {
    #expect(interval("2024-02-29", "2025-02-28") == "12 month")
    #expect(interval("2023-02-28", "2024-02-29") == "12 month")
    #expect(interval("2024-02-29", "2028-02-29") == "48 month")
  }

  @Test func otherTermsAreWeeksWhereTheyCanBeElseDays() {
    #expect(interval("2024-01-01", "2024-01-15") == "2 week")
    #expect(interval("2024-01-15", "2024-02-14") == "30 day")
    #expect(interval("2024-01-30", "2024-02-28") == "29 day")
    #expect(interval("2024-01-31", "2024-03-01") == "30 day")
  }

  @Test func aMonthBackFromAThirtyFirstIsTheLastDayOfAShorterMonth() {
    #expect(BillingInterval.month.days(endingOn: Day(iso: "2024-03-31")!) == 31)
    #expect(BillingInterval.month.days(endingOn: Day(iso: "2024-03-30")!) == 30)
    #expect(BillingInterval.month.days(endingOn: Day(iso: "2024-03-01")!) == 29)
  }

  @Test func anAmountIsScaledExactly() {
    let policy = Policy.standard
    let weeks = BillingInterval(from: Day(iso: "2024-01-01")!, to: Day(iso: "2024-01-15")!)
    #expect(weeks.monthly(280_000_000, policy)?.value(at: .one) == 606_666_667)
    let days = BillingInterval(from: Day(iso: "2024-01-01")!, to: Day(iso: "2024-01-11")!)
    #expect(days.monthly(100_000_000, policy)?.value(at: .one) == 304_166_667)
    #expect(BillingInterval.month.monthly(-1, times: 1, over: 2, policy)?.value(at: .one) == 0)
    #expect(BillingInterval.month.monthly(-3, times: 1, over: 2, policy)?.value(at: .one) == -2)
  }
}
