import Model
import Rollup
import Testing

/// Retention annualized, and by the segment at the window's end: worked by hand.
@Suite struct RetentionTests {
  private func isNear(_ value: MetricValue?, _ expected: Double) -> Bool {
    guard case .real(let number)? = value else { return false }
    return (number - expected).magnitude < 1e-9
  }

  @Test func aMonthAnnualizedIsItsTwelfthPowerAndAQuarterItsFourth() {
    var book = TestBook()
    book.charge("grows", 100, "2024-01-01", "2024-02-01")
    book.charge("grows", 120, "2024-02-01")
    book.charge("stays", 100, "2024-01-01", "2024-03-01")
    book.charge("stays", 90, "2024-03-01")
    let result = book.rolledUp(through: "2024-04")
    // 220 of 200; 200 of 200.
    #expect(isNear(result.value("ndr_1m_annualized", "2024-02"), 3.138428376721))
    #expect(isNear(result.value("gdr_1m_annualized", "2024-02"), 1))
    // 210 of 200; 190 of 200.
    #expect(isNear(result.value("ndr_3m_annualized", "2024-04"), 1.21550625))
    #expect(isNear(result.value("gdr_3m_annualized", "2024-04"), 0.81450625))
  }

  @Test func withoutAWindowThereIsNothingToAnnualize() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01", "2024-02-01")
    book.charge("d", 100, "2024-03-01")
    let result = book.rolledUp(through: "2024-03")
    for metric in ["ndr_1m_annualized", "gdr_1m_annualized"] {
      #expect(result.value(metric, "2024-01") == .null("the window reaches before the first month"))
      #expect(result.value(metric, "2024-03") == .null("no MRR at the window's start"))
    }
    for metric in ["ndr_3m_annualized", "gdr_3m_annualized", "ndr_t12m_end_segment", "gdr_t12m_end_segment"] {
      #expect(result.value(metric, "2024-03") == .null("the window reaches before the first month"))
    }
  }

  /// A band at the end holds who grew into it: that is why the headline takes the one at the start.
  @Test func theBandAtTheEndIsNotTheBandAtTheStart() {
    var book = TestBook()
    book.charge("grows", 100, "2023-01-01", "2023-06-01")
    book.charge("grows", 300, "2023-06-01")
    book.charge("stays", 100, "2023-01-01")
    book.charge("leaves", 200, "2023-01-01", "2023-09-01")
    book.charge("late", 700, "2023-05-01")
    let bands = Dimension(name: "band", rule: .arr([2000]))
    let plans = Dimension(name: "plan", rule: .plan)
    let result = book.rolledUp(through: "2024-01", dimensions: [bands, plans])
    func ratio(_ metric: String, _ band: String) -> MetricValue? {
      result.value(metric, "2024-01", SegmentKey("band", band), .constant)
    }
    #expect(ratio("ndr_t12m", "<2000") == .ratio(numerator: 400_000_000, denominator: 200_000_000))
    #expect(ratio("ndr_t12m", ">=2000") == .ratio(numerator: 0, denominator: 200_000_000))
    // Who left has no revenue left, and is in the lowest band.
    #expect(
      ratio("ndr_t12m_end_segment", "<2000") == .ratio(numerator: 100_000_000, denominator: 300_000_000))
    #expect(
      ratio("ndr_t12m_end_segment", ">=2000") == .ratio(numerator: 300_000_000, denominator: 100_000_000))
    #expect(
      ratio("gdr_t12m_end_segment", ">=2000") == .ratio(numerator: 100_000_000, denominator: 100_000_000))
    #expect(result.value("ndr_t12m_end_segment", "2024-01") == result.value("ndr_t12m", "2024-01"))
    #expect(result.value("gdr_t12m_end_segment", "2024-01") == result.value("gdr_t12m", "2024-01"))
    #expect(result.value("ndr_t12m_end_segment", "2024-01", SegmentKey("plan", SegmentKey.none)) == nil)
  }

  @Test func whoLeftMovesOnWithItsAttributes() {
    var book = TestBook()
    book.charge("leaves", 100, "2023-01-01", "2023-03-01")
    book.charge("stays", 50, "2023-01-01")
    book.book.customers[0].states = [(nil, "FR"), ("2024-02-10", "DE")].map {
      Book.CustomerState(
        from: $0.0.map { Moment(iso: $0)! }, country: $0.1, employees: nil, attributes: [:])
    }
    let result = book.rolledUp(
      through: "2024-02", dimensions: [Dimension(name: "country", rule: .attribute("country"))])
    for (month, country) in [("2024-01", "FR"), ("2024-02", "DE")] {
      #expect(
        result.value("ndr_t12m_end_segment", month, SegmentKey("country", country))
          == .ratio(numerator: 0, denominator: 100_000_000), "\(month)")
    }
  }

  /// At constant rates both ends are at those of the window's opening; the band is that of the money reported at its end.
  @Test func theBandAtTheEndIsAtConstantRatesToo() {
    var book = TestBook()
    for (month, rate) in [("2023-01-31", "1"), ("2024-01-31", "3")] { book.rate(month, "EUR", rate) }
    for month in 2...12 {
      let last = (Month(iso: "2023-01")! + (month - 1)).lastDay
      book.rate(last.description, "EUR", "1")
    }
    book.charge("c", 100, "2023-01-01", currency: "EUR")
    let bands = Dimension(name: "band", rule: .arr([2000]))
    let result = book.rolledUp(through: "2024-01", dimensions: [bands])
    let upper = SegmentKey("band", ">=2000")
    #expect(
      result.value("ndr_t12m_end_segment", "2024-01", upper, .constant)
        == .ratio(numerator: 100_000_000, denominator: 100_000_000))
    #expect(
      result.value("ndr_t12m_end_segment", "2024-01", upper)
        == .ratio(numerator: 300_000_000, denominator: 100_000_000))
  }
}
