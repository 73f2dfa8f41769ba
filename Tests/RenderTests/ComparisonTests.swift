import Model
import Project
import Testing

@testable import Render

private let index = FigureIndex(SampleCompany.firstMonth.reportData(dimensions: []))

private func compare(_ metric: String, _ now: MetricValue, _ then: MetricValue) -> Comparison {
  var footnotes = Footnotes()
  return Comparison(metric, now: now, then: then, index, &footnotes)
}

@Test func aRiseIsBetterOnlyWhereUpIsGood() {
  let mrr = compare("mrr", .money(112_000_000), .money(100_000_000))
  #expect(mrr.change.text == "+12.00" && mrr.change.detail == "▲ +12.0 % better" && mrr.change.tone == .good)
  let churn = compare(
    "customer_churn_rate", .ratio(numerator: 3, denominator: 100), .ratio(numerator: 2, denominator: 100))
  #expect(
    churn.change.text == "+1.00 pp" && churn.change.detail == "▲ worse" && churn.change.tone == .bad)
  #expect(churn.brief == "▲ +1.00 pp worse")
}

@Test func noChangeIsNeitherGoodNorBad() {
  let same = compare("mrr", .money(5), .money(5))
  #expect(same.change.tone == .neutral && same.brief == "unchanged")
}

@Test func aChangeFromNothingHasNoPercentage() {
  let fresh = compare("mrr_net_new", .money(5_000_000), .money(0))
  #expect(fresh.change.text == "+5.00" && fresh.change.detail == "▲ better" && fresh.change.notes.isEmpty)
  #expect(fresh.brief == "▲ +USD 5 better")
  let (gain, loss) = (MetricValue.money(5_000_000), MetricValue.money(-5_000_000))
  #expect(compare("mrr_net_new", gain, loss).change.detail == "▲ better")
  #expect(compare("mrr_net_new", loss, gain).change.detail == "▼ worse")
}

@Test(
  arguments: [
    (
      "ndr_t12m", .ratio(numerator: 99_960, denominator: 100_000), .ratio(numerator: 1, denominator: 1),
      "0.0 pp"
    ),
    (
      "customer_churn_rate", .ratio(numerator: 20_004, denominator: 1_000_000),
      .ratio(numerator: 2, denominator: 100), "0.00 pp"
    ),
    ("quick_ratio", .ratio(numerator: 3004, denominator: 1000), .ratio(numerator: 3, denominator: 1), "0.00"),
    ("mrr", .money(100_004_999), .money(100_000_000), "0.00"),
    // Three times as much, and the same as printed.
    ("arpa", .money(3000), .money(1000), "0.00"),
    ("mrr", .money(-4000), .money(0), "0.00"),
  ] as [(String, MetricValue, MetricValue, String)])
func aChangeThatIsZeroAsPrintedIsUnchanged(
  _ metric: String, _ now: MetricValue, _ then: MetricValue, _ shown: String
) {
  for (now, then) in [(now, then), (then, now)] {
    let same = compare(metric, now, then)
    #expect(same.change.text == shown && same.change.tone == .neutral)
    #expect(same.change.detail == "■ 0.0 %" || same.change.detail == "■")
    #expect(same.brief == "unchanged")
  }
}

/// Beside `+3.4 pp` a percentage of the percentage reads as the same figure told twice, and differently.
@Test func aPercentageChangesByPointsAlone() {
  let net = compare(
    "ndr_t12m", .ratio(numerator: 105, denominator: 100), .ratio(numerator: 2, denominator: 100))
  #expect(net.change.text == "+103.0 pp" && net.change.detail == "▲ better")
  let factor = compare(
    "quick_ratio", .ratio(numerator: 3, denominator: 1), .ratio(numerator: 2, denominator: 1))
  #expect(factor.change.text == "+1.00" && factor.change.detail == "▲ +50.0 % better")
}

@Test func aChangeTooSmallForAPercentageIsToldAsItsAmount() {
  let mrr = compare("mrr", .money(2_710_791_000_000), .money(2_710_391_000_000))
  #expect(mrr.change.text == "+400.00" && mrr.change.detail == "▲ better" && mrr.change.tone == .good)
  #expect(mrr.brief == "▲ +USD 400 better")
  let customers = compare("customers", .count(10_000), .count(10_001))
  #expect(customers.change.detail == "▼ worse" && customers.brief == "▼ -1 worse")
  // Less than a unit has no abbreviation.
  #expect(compare("mrr", .money(900_000_000_000), .money(900_000_300_000)).brief == "▼ -USD 0.30 worse")
  #expect(compare("mrr_net_new", .money(300_000), .money(0)).brief == "▲ +USD 0.30 better")
}

/// `▼ 0.0 pp worse`, `+0.0 %`: a direction beside a number without one.
@Test func noFormatGivesADirectionToWhatIsZeroAsPrinted() throws {
  var data = SampleCompany.firstMonth.reportData(dimensions: [])
  data.metrics = SampleMetrics.all
  let values: [(String, MetricValue, MetricValue)] = [
    ("ndr_t12m", .ratio(numerator: 99_960, denominator: 100_000), .ratio(numerator: 1, denominator: 1)),
    ("mrr", .money(100_004_000), .money(100_000_000)),
    ("customers", .count(100_000), .count(100_001)),
  ]
  data.figures = values.flatMap { metric, now, then in
    [(data.month, now), (data.month - 1, then), (data.month - 12, then)].map { month, value in
      Figure(
        period: Period(grain: .month, first: month, last: month, label: "\(month)"), metric: metric,
        segment: .all, currency: data.currency, valuation: .asReported, value: value, grade: .exact,
        state: .open)
    }
  }
  var section = SectionDefinition(.figures, place: Place(file: "Reports/still.yml"))
  section.metrics = values.map { .init($0.0, at: section.place) }
  section.views = [.tiles, .table]
  section.comparisons = [.lastMonth, .lastYear]
  let definition = ReportDefinition(
    name: "still", title: "Still", formats: [.markdown, .html, .csv, .json], sections: [section],
    place: section.place)
  var texts = render(definition, data, templates: builtInTemplates).documents.map(\.text)
  #expect(texts.count >= 4)
  let mail = try #require(brief(definition, data, templates: builtInTemplates).brief)
  texts += [mail.html, mail.text, mail.figures.map(\.change).joined(separator: "\n"), summaryTable(data)]
  for text in texts {
    #expect(!text.contains(#/[▲▼][^\n<"]{0,3}[−\-+]?0(\.0+)?[\s\u{A0}\u{202F}]?(pp|%)/#), "\(text)")
    #expect(!text.contains(#/[−\-+]0\.0+[^0-9]/#), "\(text)")
  }
  #expect(mail.figures.map(\.change).prefix(1) == ["unchanged on \((data.month - 1).shortName)"])
}

/// `USD` in every cell makes the table wider than a page.
@Test func aTableOfFiguresNamesTheCurrencyOnceAndInItsCaption() throws {
  func table(_ metrics: [String]) throws -> Table {
    var section = SectionDefinition(.figures, place: Place(file: "x.yml"))
    section.metrics = metrics.map { .init($0, at: section.place) }
    section.comparisons = [.lastMonth]
    let definition = ReportDefinition(name: "x", title: "X", sections: [section], place: section.place)
    let data = SampleCompany.large(customers: 20, months: 15).reportData(dimensions: [])
    return try #require(
      ReportBuilder.report(definition, FigureIndex(data, months: 12)).sections.first?.tables.first)
  }
  let money = try table(["mrr", "customers"])
  #expect(money.caption.hasSuffix(" against last month, amounts in USD"))
  #expect(!money.rows.flatMap(\.cells).contains { $0.text.contains("USD") })
  #expect(money.rows[0].cells[1].text.contains(#/^[0-9,]+\.[0-9]{2}$/#))
  #expect(try table(["customers"]).caption.hasSuffix(" against last month"))
}

@Test func aMissingValueMakesAMissingChangeWithItsReason() {
  var footnotes = Footnotes()
  let change = Comparison("mrr", now: .money(5), then: .null("no data yet"), index, &footnotes)
  #expect(change.earlier.text == "n/a" && change.change.text == "n/a" && change.brief == "n/a")
  #expect(footnotes.texts == ["n/a: no data yet."])
  #expect(change.change.notes == [1])
}
