import Model
import Testing

@testable import Rollup

/// Metrics a project defines by arithmetic.
@Suite struct OwnMetricTests {
  private func own(_ expression: String, _ unit: Metric.Unit, id: String = "mine") throws -> OwnMetric {
    OwnMetric(
      metric: Metric(
        id: id, title: id, group: .own, unit: unit, formula: expression, definition: "", needs: [],
        good: .neither),
      source: .expression(try MetricExpression(expression), place: Place(file: "m.yml", line: 3)))
  }

  private func settings(_ own: [OwnMetric]) -> RollupSettings {
    let month = Month(iso: "2023-11")!
    return RollupSettings(
      policy: .standard, currency: Currency("USD")!, zone: TestBook.zone, dimensions: TestBook.dimensions,
      ownMetrics: own, lastMonth: month, dataThrough: Moment(day: month.lastDay))
  }

  private func values(_ result: RollupResult, _ metric: String) -> [String: MetricValue] {
    var values: [String: MetricValue] = [:]
    for figure in result.figures where figure.metric == metric {
      let place = "\(figure.period.label) \(figure.segment) \(figure.valuation) \(figure.currency)"
      values["\(figure.period.grain) \(place)"] = figure.value
    }
    return values
  }

  /// What the catalogue computes, written as an expression: the same in every period, segment and valuation.
  @Test(arguments: 1...8)
  func anExpressionOfACatalogueMetricIsThatMetric(_ seed: UInt64) throws {
    var chance = Chance(state: seed)
    let book = TestBook.random(&chance).book
    let result = rollUp(
      book,
      settings([
        try own("12 * mrr", .money, id: "own_arr"),
        try own(
          "mrr_new + mrr_reactivation + mrr_expansion - mrr_contraction - mrr_churn", .money, id: "own_net"),
        try own(
          "-(mrr_churn) + -mrr_contraction + 2 * (mrr_churn + mrr_contraction)", .money, id: "own_lost"),
      ]))
    #expect(values(result, "own_arr") == values(result, "arr"), "seed \(seed)")
    #expect(values(result, "own_net") == values(result, "mrr_net_new"), "seed \(seed)")
    let churn = values(result, "mrr_churn")
    let contraction = values(result, "mrr_contraction")
    for (place, value) in values(result, "own_lost") {
      guard case .money(let lost) = value, case .money(let left)? = churn[place],
        case .money(let less)? = contraction[place]
      else {
        Issue.record("seed \(seed), \(place): \(value)")
        continue
      }
      #expect(lost == left + less, "seed \(seed), \(place)")
    }
    #expect(!churn.isEmpty)
  }

  /// 100, then 130, then 90 a month: growth against two months before is -10 %.
  @Test func earlierPeriodsAndRatios() throws {
    var book = TestBook()
    book.charge("a", 100, "2023-09-01", "2023-10-01")
    book.charge("a", 130, "2023-10-01", "2023-11-01")
    book.charge("a", 90, "2023-11-01")
    let result = rollUp(
      book.book,
      settings([
        try own("(mrr - mrr[-2]) / mrr[-2]", .ratio), try own("mrr / 3 * 0.5", .money, id: "sixth"),
        try own("customers + 0.5", .count, id: "half"), try own("mrr / mrr_churn", .ratio, id: "nothing"),
        try own("cac + mrr", .money, id: "unknown"),
      ]))
    func of(_ id: String, _ month: String) -> MetricValue? {
      result.figures.first {
        $0.metric == id && $0.segment == .all && $0.valuation == .asReported && $0.period.label == month
      }?.value
    }
    #expect(of("mine", "2023-11") == .ratio(numerator: -1, denominator: 10))
    #expect(of("mine", "2023-10") == .null("the window reaches before the first period"))
    // 130 / 6 = 21.666666 6..., half-even to a micro-unit.
    #expect(of("sixth", "2023-10") == .money(21_666_667))
    #expect(of("half", "2023-10") == .null("it is no whole number"))
    #expect(
      !result.figures.contains { $0.metric == "mine" && $0.valuation == .constant },
      "two periods have no rates in common")
    #expect(of("nothing", "2023-10") == .null("the denominator is zero"))
    guard case .null(let reason)? = of("unknown", "2023-10") else {
      Issue.record("a metric without data has a value")
      return
    }
    #expect(reason.hasPrefix("cac: "))
  }

  @Test func amountsTooLargeAreNullAndNeverWrong() throws {
    var book = TestBook()
    book.charge("a", 9_000_000, "2023-09-01")
    let product = Array(repeating: "mrr", count: 6).joined(separator: " * ")
    let result = rollUp(book.book, settings([try own("\(product) / (\(product)) * mrr", .money)]))
    let figure = result.figures.first { $0.metric == "mine" && $0.segment == .all }
    #expect(figure?.value == .null("it is too large to be computed exactly"))
  }

  @Test(arguments: [
    ("mrr + customers", Metric.Unit.money, "mixed-units"), ("mrr * arr", .money, "mixed-units"),
    ("mrr / customers", .ratio, "mixed-units"), ("mrr / arr", .money, "mixed-units"),
    ("mrr + 1", .money, "mixed-units"), ("mmr", .money, "unknown-metric"),
  ])
  func unitsThatDoNotFitAreTold(_ expression: String, _ unit: Metric.Unit, _ name: String) throws {
    let found = findings(of: [try own(expression, unit)])
    #expect(found.map(\.name) == [name])
    #expect(found.first?.place?.line == 3)
  }

  @Test func aNameOfTheCatalogueIsRefused() throws {
    #expect(findings(of: [try own("arr", .money, id: "mrr")]).map(\.name) == ["metric-exists"])
    #expect(findings(of: [try own("mrr / customers", .money)]).isEmpty)
  }

  @Test(arguments: [
    ("", 0), ("mrr +", 5), ("(mrr", 4), ("mrr arr", 4), ("mrr[2]", 4), ("mrr[-0]", 5), ("1.2.3", 0),
    ("mrr ^ 2", 4),
    ("1.", 0), ("mrr[-1", 6), ("é", 0), (String(repeating: "(", count: 200) + "mrr", 100),
  ])
  func whatIsNoExpressionIsToldWithItsPlace(_ text: String, _ offset: Int) {
    #expect { try MetricExpression(text) } throws: { ($0 as? MetricExpression.Fault)?.offset == offset }
  }

  @Test func timesBindsCloserThanPlusAndFromTheLeft() throws {
    #expect(
      try MetricExpression("1 - mrr - arr * 2")
        == .operation(
          .subtract, .operation(.subtract, .number(1, scale: 0), .metric("mrr", earlier: 0)),
          .operation(.multiply, .metric("arr", earlier: 0), .number(2, scale: 0))))
    #expect(try MetricExpression("mrr").metrics == ["mrr"])
  }

  @Test func aLongSumIsReadAsFastAsItIsLong() throws {
    let sum = Array(repeating: "mrr", count: 300).joined(separator: " + ")
    #expect(try MetricExpression(sum).metrics == ["mrr"])
    #expect(findings(of: [try own(sum, .money)]).isEmpty)
    #expect { try MetricExpression(sum + " + " + sum) } throws: { $0 is MetricExpression.Fault }
  }
}
