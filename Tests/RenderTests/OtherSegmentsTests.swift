import Foundation
import LoopbackServers
import Model
import Project
import Testing

@testable import Render

/// Four metrics that add up over countries or are made of parts that do, a count and a number that do not.
private let metrics = [
  "mrr", "customers", "arpa", "gross_mrr_churn_rate", "active_users", "payback", "quick_ratio",
]

private let data: ReportData = {
  var data = SampleCompany.small.reportData(dimensions: ["country"])
  func add(_ id: String, _ unit: Metric.Unit, _ values: KeyValuePairs<String, MetricValue>) {
    data.metrics.append(
      Metric(
        id: id, title: id, group: .usage, unit: unit, formula: "", definition: "x", needs: [], good: .up))
    for (segment, value) in values {
      data.figures.append(
        Figure(
          period: Period(grain: .month, first: data.month, last: data.month, label: "\(data.month)"),
          metric: id, segment: segment == "all" ? .all : SegmentKey("country", segment),
          currency: data.currency, valuation: .asReported, value: value, grade: .exact, state: .open))
    }
  }
  // Whoever works in two countries is one user.
  add("active_users", .count, ["DE": .count(30), "FR": .count(20), "US": .count(40), "all": .count(70)])
  add("payback", .months, ["DE": .real(3), "FR": .real(2), "US": .real(4), "all": .real(3.5)])
  return data
}()

private func definition(rows: Int, _ order: SectionDefinition.Order = .largest) -> ReportDefinition {
  var table = SectionDefinition(.table, place: Place(file: "Reports/cut.yml"))
  table.metrics = metrics.map { .init($0, at: table.place) }
  table.dimensions = ["country"]
  table.order = order
  table.rows = rows
  return ReportDefinition(
    name: "cut", title: "Cut", formats: [.markdown, .html, .csv, .json], sections: [table],
    place: table.place)
}

private func report(rows: Int, _ order: SectionDefinition.Order = .largest) -> Report {
  ReportBuilder.report(definition(rows: rows, order), FigureIndex(data))
}

private func number(_ cell: Cell) -> Int128? {
  if case .number(let quantity, _, _) = cell.value { quantity.number } else { nil }
}

@Suite struct OtherSegmentsTests {
  @Test(arguments: [SectionDefinition.Order.largest, .smallest, .name, .natural])
  func aCutTableAddsUpToItsTotal(_ order: SectionDefinition.Order) throws {
    let rows = report(rows: 1, order).sections[0].tables[0].rows
    #expect(rows.map { $0.cells[0].text }.dropFirst() == ["2 others", "Total"])
    #expect(rows.map(\.emphasis) == [.none, .rest, .total])
    for (column, metric) in metrics.enumerated().prefix(2) {
      let numbers = try rows.map { try #require(number($0.cells[column + 1]), "\(metric)") }
      #expect(numbers[0] + numbers[1] == numbers[2], "\(metric)")
    }
  }

  @Test func aRatioOfTheOthersIsThatOfTheirSums() throws {
    let index = FigureIndex(data)
    let others = report(rows: 1).sections[0].tables[0].rows[1]
    let parts = ["DE", "FR"].map { country in
      ["arpa", "gross_mrr_churn_rate"].map { metric -> (Int64, Int64) in
        switch index.value(metric, data.month, SegmentKey("country", country)) {
        case .ratio(let top, let bottom), .moneyRatio(_, let top, let bottom): (top, bottom)
        // Nothing was there to be lost, which adds nothing.
        default: (0, 0)
        }
      }
    }
    let arpa = roundedQuotient(Int128(parts[0][0].0 + parts[1][0].0), Int128(parts[0][0].1 + parts[1][0].1))
    #expect(number(others.cells[3]) == arpa)
    let rate = roundedQuotient(
      Int128(parts[0][1].0 + parts[1][1].0) * powerOfTen(12), Int128(parts[0][1].1 + parts[1][1].1))
    #expect(number(others.cells[4]) == rate)
  }

  @Test func whatDoesNotAddUpIsNotAddedAndSaysWhy() {
    let made = report(rows: 1, .smallest)
    let others = made.sections[0].tables[0].rows[1]
    func why(_ column: Int) -> String? { others.cells[column].notes.first.map { made.notes[$0 - 1] } }
    #expect(others.cells[5].text == "n/a" && others.cells[6].text == "n/a" && others.cells[7].text == "n/a")
    #expect(why(5) == "n/a: the segments do not add up to the total.")
    #expect(why(6) == "n/a: a number without exact parts cannot be added up over segments.")
    #expect(why(7) == "n/a: not every segment has the parts that would be added up.")
  }

  @Test func aRestOfOneIsShownByName() {
    let names = report(rows: 2).sections[0].tables[0].rows.map { $0.cells[0].text }
    #expect(names == ["US", "DE", "FR", "Total"])
  }

  @Test(.enabled(if: Part.openpyxl.isThere, "openpyxl is not installed"))
  func theOthersStandInAWorkbook() throws {
    var definition = definition(rows: 1)
    definition.formats = [.xlsx]
    let made = render(definition, data, templates: builtInTemplates).documents
    let book = try WorkbookReading.of(try #require(made.first).bytes)
    #expect(book.sheets.contains { sheet in sheet.cells.contains { $0.value == "2 others" } })
  }

  @Test func theOthersStandInEveryFormatAndTheirSegmentsInTheCSV() throws {
    let definition = definition(rows: 1)
    let rendered = render(definition, data, templates: builtInTemplates)
    let documents = Dictionary(grouping: rendered.documents, by: \.format)
    func text(_ format: ReportDefinition.Format) throws -> String {
      try #require(documents[format]?.first).text
    }
    #expect(try text(.markdown).contains("| 2 others"))
    #expect(try text(.html).contains(#/<tr class="rest">\s*<th scope="row">2 others/#))
    let rows = try JSONReading.of(Array(try text(.json).utf8)).blocks.flatMap(\.shownRows)
    #expect(rows.contains { $0.cells.first?.text == "2 others" && $0.emphasis == "rest" })
    let mail = try #require(brief(definition, data, templates: builtInTemplates).brief)
    #expect(mail.html.contains("2 others") && mail.text.contains("2 others"))
    // There nothing is cut, and a sum of segments would count the others twice.
    let records = try CSVRecords(try text(.csv)).rows.filter {
      $0["metric"] == "mrr" && $0["dimension"] == "country"
    }
    #expect(Set(records.map { $0["segment"] }) == ["DE", "FR", "US"])
  }
}
