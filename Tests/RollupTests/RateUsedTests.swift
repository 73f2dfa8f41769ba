import Model
import Testing

@testable import Rollup

@Test func meansAndRatesOfDaysStandSideBySideAndEachOnce() throws {
  let (month, usd, eur) = (
    Month(year: 2024, month: 2), try #require(Currency("USD")), try #require(Currency("EUR"))
  )
  func used(_ rate: Int64, _ day: Day?) -> RateUsed {
    RateUsed(month: month, from: eur, to: usd, rate: ExactRate(rate, 100), day: day)
  }
  let (mean, end) = (used(108, nil), used(110, month.lastDay))
  // What is told first counts; the order of telling changes nothing else.
  #expect(RateUsed.first(ofEach: [end, mean, used(999, nil), end]) == [mean, end])
  #expect(RateUsed.first(ofEach: [mean, end]) == [mean, end])
}
