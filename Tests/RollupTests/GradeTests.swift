import Model
import Rollup
import Testing

/// How sure a figure is: the worst of the month ends it is made of.
@Suite struct GradeTests {
  /// 100 a month from January on, proven from the middle of March only.
  private let result: TestResult = {
    var book = TestBook()
    book.charge("c", 100, "2024-01-10") { $0.provenFrom = Moment(iso: "2024-03-15")! }
    return book.rolledUp(through: "2024-06")
  }()

  private func grade(_ metric: String, _ label: String) -> Book.Grade? {
    result.result.figures.first {
      $0.metric == metric && $0.period.label == label && $0.segment == .all && $0.valuation == .asReported
    }?.grade
  }

  @Test func anOpeningIsAsSureAsTheEndingItRepeats() {
    #expect(grade("mrr_ending", "2024-02") == .assumed)
    #expect(grade("mrr_starting", "2024-03") == .assumed)
    #expect(grade("mrr_ending", "2024-03") == .exact)
    #expect(grade("mrr_starting", "2024-04") == .exact)
  }

  @Test func aMovementIsNoSurerThanItsOpening() {
    for metric in ["mrr_expansion", "mrr_growth_rate", "customer_churn_rate", "ndr_1m"] {
      #expect(grade(metric, "2024-03") == .assumed, "\(metric)")
      #expect(grade(metric, "2024-04") == .exact, "\(metric)")
    }
  }

  @Test func aWindowIsJudgedByItsTwoEnds() {
    #expect(grade("ndr_3m", "2024-05") == .assumed)
    #expect(grade("ndr_3m", "2024-06") == .exact)
  }

  @Test func aLevelOfAQuarterIsJudgedByItsCloseAlone() {
    #expect(grade("mrr", "2024-Q1") == .exact)
    #expect(grade("mrr_new", "2024-Q1") == .assumed)
  }

  @Test func seasonalityIsNoSurerThanTheYearAroundIt() {
    var book = TestBook()
    for month in 0..<24 {
      book.charge("c\(month)", 10, (Month(iso: "2022-01")! + month).description + "-01") {
        // Assumed at the closes before September 2022.
        if month == 0 { $0.provenFrom = Moment(iso: "2022-09-15")! }
      }
    }
    let figures = book.rolledUp(through: "2023-12").result.figures
    func grade(_ label: String) -> Book.Grade? {
      figures.first { $0.metric == "seasonality_index" && $0.period.label == label }?.grade
    }
    // Net new MRR of September rests on the close of August, seven months before March.
    #expect(grade("2023-03") == .assumed)
    #expect(grade("2023-04") == .exact)
  }

  @Test func dealsRestOnNoCharge() {
    #expect(grade("win_rate", "2024-02") == .exact)
  }
}
