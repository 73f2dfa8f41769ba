import Model
import Project
import Testing

@testable import Render

private let company = SampleCompany.small
private let data = company.reportData(dimensions: [
  "country", "employees_band", "arr_band", "plan", "currency",
])

@Test func waterfallBarsStandOnEachOtherAndEndAtTheEnding() throws {
  for company in [SampleCompany.small, SampleCompany.large(customers: 60, months: 14)] {
    let data = company.reportData(dimensions: ["arr_band"])
    let index = FigureIndex(data)
    for row in data.bridge where row.period.grain == .month {
      let bars = WaterfallChart.bars(row.amounts, BridgeLine.shown(in: [row]))
      for (bar, next) in zip(bars, bars.dropFirst().dropLast()) { #expect(next.from == bar.to) }
      #expect(bars.dropLast().last?.to == row.amounts.ending)
      #expect(bars.last?.to == row.amounts.ending)
    }
    #expect(index.row(data.month) != nil)
  }
}

@Test func theBridgeInTheCSVAddsUpExactly() throws {
  let records = try CSVRecords(try rendered("mrr_bridge", data, .csv)).rows
  let bridges = Dictionary(grouping: records) { record in
    ["period", "dimension", "segment", "valuation"].map { record[$0] ?? "" }.joined(separator: "/")
  }
  #expect(bridges.count > 40)
  for (name, lines) in bridges {
    let amounts = try lines.map { try #require(micros($0["amount"])) }
    #expect(amounts.dropLast().reduce(0, +) == amounts.last, "\(name)")
  }
}

@Test func segmentsInTheCSVAddUpToTheTotal() throws {
  let records = try CSVRecords(try rendered("mrr_bridge", data, .csv)).rows
  let month = records.filter {
    $0["period"] == "2024-02" && $0["line"] == "ending" && $0["valuation"] == "as_reported"
  }
  let sums = Dictionary(grouping: month) { $0["dimension"] ?? "" }
    .mapValues { $0.compactMap { micros($0["amount"]) }.reduce(0, +) }
  #expect(sums.count == 6)
  #expect(Set(sums.values) == [FigureIndex(data).row(data.month)!.amounts.ending])
}

@Test func namedCustomersAndOthersAddUpToTheBridge() throws {
  let large = SampleCompany.large(customers: 400, months: 14).reportData(dimensions: [])
  let markdown = try rendered("customers", large, .markdown)
  let row = try #require(FigureIndex(large).row(large.month))
  #expect(markdown.contains("others"))
  for line in CustomersSection.movements where line.amount(row.amounts) != 0 {
    let total = moneyText(line.amount(row.amounts), large.currency, signed: true)
    #expect(markdown.contains("**\(total)**"), "\(line)")
  }
}

@Test func movementsThatDoNotAddUpToTheBridgeAreAnError() {
  var broken = data
  broken.movements.removeAll { $0.movement == .churn }
  let findings = render(shipped("customers"), broken, templates: builtInTemplates).findings
  #expect(findings.map(\.name) == ["movements-do-not-add-up"])
}

@Test func segmentsThatDoNotAddUpAreAnError() {
  var broken = data
  broken.bridge.removeAll { $0.segment == SegmentKey("country", "FR") }
  let findings = render(shipped("mrr_bridge"), broken, templates: builtInTemplates).findings
  #expect(!findings.isEmpty && findings.allSatisfy { $0.name == "segments-do-not-add-up" })
}

@Test func aDimensionWithoutFiguresIsLeftOutWithAWarning() {
  let definition = shipped("mrr_bridge").brokenDown(by: ["country", "continent"])
  let rendered = render(definition, data, templates: builtInTemplates)
  #expect(rendered.findings.map(\.name) == ["unknown-dimension"])
  #expect(Set(rendered.documents.map(\.format)).count == 3)
}

@Test func nullsAreNeverShownAsZero() throws {
  let first = SampleCompany.firstMonth.reportData(dimensions: [])
  let markdown = try rendered("executive_summary", first, .markdown)
  let line = try #require(
    markdown.split(separator: "\n").first { $0.contains("NDR, 12 months") && $0.hasPrefix("|") })
  #expect(line.split(separator: "|").dropFirst().allSatisfy { $0.contains("n/a[^") })
  #expect(markdown.contains("n/a: the window of 12 months reaches before the first data."))
  #expect(markdown.contains("n/a: the data begins in February 2024."))
  let csv = try CSVRecords(try rendered("executive_summary", first, .csv)).rows
  let null = try #require(csv.first { $0["metric"] == "ndr_t12m" })
  #expect(null["value"] == "" && null["reason"] == "the window of 12 months reaches before the first data")
}

@Test func cohortsTooYoungForAnAgeAreBlank() throws {
  let grid = CohortGrid(data, .month, limit: 13)
  let table = grid.table(.net, data.currency)
  let youngest = try #require(table.rows.last)
  #expect(
    youngest.cells[2].text == "100.0"
      && youngest.cells.dropFirst(3).allSatisfy { $0.text.isEmpty && $0.heat == nil })
}
