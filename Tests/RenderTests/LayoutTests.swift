import Model
import Testing

@testable import Render

private let large = SampleCompany.large(customers: 60, months: 26)
  .reportData(dimensions: ["country", "employees_band", "arr_band", "plan", "currency"])

@Test(arguments: shippedReports)
func everyHTMLFileIsWellFormedAndStandsAlone(_ kind: String) throws {
  for data in [
    large, SampleCompany.firstMonth.reportData(dimensions: []),
    SampleCompany.small.reportData(dimensions: ["country"]),
  ] {
    let faults = HTMLCheck(try rendered(kind, data, .html)).faults
    #expect(faults.isEmpty, "\(faults)")
  }
}

@Test func everyChartHasATitleAndADescription() throws {
  for kind in shippedReports {
    let html = try rendered(kind, large, .html)
    let charts = html.components("viewBox=\"0 0 680 ")
    #expect(charts == html.components("<desc id="), "\(kind)")
    // For telephones all but the heat map are arranged another way, under the same words.
    let maps = shipped(kind).sections.filter { $0.kind == .cohortGrid && $0.views.contains(.map) }.count
    #expect(html.components("<svg class=\"narrow\" viewBox=\"0 0 344 ") >= charts - maps, "\(kind)")
    // Lines beside figures say in words what they show.
    #expect(html.components("class=\"spark\"") == html.components("aria-label=\"From "), "\(kind)")
    let draws = shipped(kind).sections.contains { $0.kind == .chart || $0.views.contains(.map) }
    #expect((charts > 0) == draws, "\(kind)")
  }
}

@Test(arguments: shippedReports)
func everyFootnoteInMarkdownIsWritten(_ kind: String) throws {
  let markdown = try rendered(kind, large, .markdown)
  let written = Set((1...60).filter { markdown.contains("\n[^\($0)]: ") })
  let used = Set(
    (1...60).filter { number in
      markdown.components("[^\(number)]") > (written.contains(number) ? 1 : 0)
    })
  #expect(used.isSubset(of: written))
}

@Test func bandsStandInTheirOrderAndOthersBySize() {
  #expect(
    SegmentOrder.sorted([("50 or more", 9), ("(none)", 5), ("10 to 49", 1), ("0 to 9", 3)]) == [
      "0 to 9", "10 to 49", "50 or more", "(none)",
    ])
  #expect(
    SegmentOrder.sorted([(">=10000", 9), ("1000 to 10000", 1), ("<1000", 3)]) == [
      "<1000", "1000 to 10000", ">=10000",
    ])
  #expect(SegmentOrder.sorted([("DE", 3), ("US", 9), ("AT", 3)]) == ["US", "AT", "DE"])
}

@Test func aRestOfOneIsShownByName() {
  let split = SegmentOrder.split([5, 4, 3, 2], 3) { Int64($0) }
  #expect(split.named == [5, 4, 3, 2] && split.rest.isEmpty)
  let longer = SegmentOrder.split([1, 5, 4, 3, 2], 3) { Int64($0) }
  #expect(longer.named == [5, 4, 3] && longer.rest == [1, 2])
}

@Test func monthsAreToldAsRuns() {
  let months = [3, 1, 4, 7, 5].map { Month(year: 2024, month: $0) }
  #expect(monthsText(months) == "Jan 2024, Mar 2024 to May 2024, Jul 2024")
}

@Test func ratesAreExactOrSaidToBeRounded() {
  #expect(rateText(ExactRate(10_843, 10_000)) == "= 1.0843")
  #expect(rateText(ExactRate(1, 3)) == "≈ 0.333333")
}

@Test func axesHaveRoundTicksThatHoldTheRange() {
  var random = SeededRandom(seed: 11)
  for _ in 0..<500 {
    let low = Double(random.below(2_000_000)) - 1_000_000
    let high = low + Double(random.below(1_000_000)) + 1
    let scale = AxisScale(low...high, from: 200, to: 0)
    #expect(
      scale.low <= low && scale.high >= high && (2...8).contains(scale.ticks.count),
      "seed 11: \(low)...\(high)")
    #expect(scale.position(scale.low) == 200 && scale.position(scale.high) == 0)
  }
}

@Test func theFootNamesWhatTheFiguresRestOn() throws {
  let markdown = try rendered("executive_summary", SampleCompany.small.reportData(dimensions: []), .markdown)
  for line in [
    "- Policy: standard@1, trials: include_priced", "- Reporting currency: USD",
    "- Exchange rates: 2024-02-29: 1 EUR = 1.0843 USD; 2024-01-31: 1 EUR = 1.09 USD",
    "- Time zone: Europe/Berlin", "- Data through: 2024-03-01T00:00:00Z: crm; 2024-02-29: billing",
    "- Provisional months: Feb 2024", "- Rows in quarantine: billing 3 of 42",
    "- Unmatched accounts: 4 CRM accounts without a billing customer; 11 billing customers without a CRM account",
  ] { #expect(markdown.contains(line), "\(line)") }
}

@Test func theFootSaysOfAnAPIWhatShowsThatNothingIsMissing() throws {
  func document(_ format: ReportDefinition.Format, rows: Int) throws -> String {
    var data = SampleCompany.small.reportData(dimensions: [])
    data.sources[0].proof = .counted
    data.sources[0].rows = rows
    data.sources[1].proof = .ended
    return try rendered("executive_summary", data, format)
  }
  let text =
    "billing, as many as the source counts; crm, ended by the source, which offers no count"
  #expect(try document(.markdown, rows: 42).contains("- Records of APIs: \(text)"))
  #expect(try document(.html, rows: 42).contains(text))
  #expect(try document(.markdown, rows: 42).contains("- Rows in quarantine: billing 3\n"))
  for format in ReportDefinition.Format.usual {
    // A read of changes has fewer rows than one of everything.
    #expect(try document(format, rows: 42) == document(format, rows: 2))
  }
  let files = try rendered("executive_summary", SampleCompany.small.reportData(dimensions: []), .markdown)
  #expect(!files.contains("Records of APIs"))
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
