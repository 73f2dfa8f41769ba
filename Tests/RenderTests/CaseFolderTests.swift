import Foundation
import Model
import Testing

@testable import Render

/// Companies whose reports stand in `Cases/`, with all formats of every kind.
enum ReportCase: String, CaseIterable {
  case everyMovement = "every_movement"
  case firstMonth = "first_month"
  case hostileNames = "hostile_names"

  var data: ReportData {
    switch self {
    case .everyMovement:
      return SampleCompany.small.reportData(
        dimensions: ["country", "employees_band", "arr_band", "plan", "currency"])
    case .firstMonth: return SampleCompany.firstMonth.reportData(dimensions: [])
    case .hostileNames: return SampleCompany.hostileNames.reportData(dimensions: ["country", "plan"])
    }
  }
}

/// With `PERENNIAL_RECORD=1` the folders are written anew, and the test fails while doing so.
@Test(arguments: ReportCase.allCases) func reportsAreByteForByteTheRecordedOnes(_ example: ReportCase) throws
{
  let records = ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1"
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases/\(example.rawValue)")
  let data = example.data
  var files: [(name: String, bytes: Data)] = [("summary.txt", Data(summaryTable(data).utf8))]
  for kind in ReportDefinition.Kind.allCases {
    var definition = sampleDefinition(kind)
    definition.dimensions = []
    if example == .hostileNames { definition.rows = 40 }
    let rendered = render(definition, data, templates: builtInTemplates())
    #expect(rendered.findings.isEmpty)
    #expect(rendered.documents.count == 3)
    files += rendered.documents.map { ($0.name, Data($0.bytes)) }
  }
  if records { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
  for file in files {
    let path = folder.appendingPathComponent(file.name)
    if records {
      try file.bytes.write(to: path)
    } else {
      let expected = try? Data(contentsOf: path)
      #expect(expected == file.bytes, "\(example.rawValue)/\(file.name) differs from the recorded file")
    }
  }
  #expect(!records, "recorded; run again without PERENNIAL_RECORD")
}

@Test func theOrderOfTheInputDoesNotShow() {
  let data = SampleCompany.small.reportData(dimensions: ["country", "plan"])
  var shuffled = data
  shuffled.figures.reverse()
  shuffled.bridge.reverse()
  shuffled.movements.reverse()
  shuffled.cohorts.reverse()
  shuffled.ratesUsed.reverse()
  shuffled.metrics.reverse()
  for kind in ReportDefinition.Kind.allCases {
    let first = render(sampleDefinition(kind), data, templates: builtInTemplates())
    let second = render(sampleDefinition(kind), shuffled, templates: builtInTemplates())
    #expect(first.documents == second.documents)
  }
}

@Test(arguments: ReportDefinition.Kind.allCases)
func aReportOfNothingSaysSo(_ kind: ReportDefinition.Kind) throws {
  let data = ReportData(
    company: "Empty", month: Month(year: 2024, month: 2), currency: Currency("JPY")!, zoneName: "UTC",
    policyName: "standard@1", policyOverrides: [], fiscalYearStart: 4, headlineNDR: "ndr_t12m", figures: [],
    bridge: [], cohorts: [], movements: [], customerNames: [:], ratesUsed: [], sources: [],
    metrics: SampleMetrics.all, provisionalMonths: [])
  let rendered = render(sampleDefinition(kind), data, templates: builtInTemplates())
  #expect(rendered.documents.count == 3)
  #expect(!rendered.findings.contains { $0.severity == .error })
  if kind == .executiveSummary {
    let text = try #require(rendered.documents.first { $0.format == .markdown }).text
    #expect(text.contains("the warehouse has no figure of February 2024"))
    #expect(!text.contains("JPY 0"))
  }
  #expect(summaryTable(data).contains("n/a"))
}

@Test(arguments: ReportDefinition.Kind.allCases)
func aWarehouseWithoutAnyMonthIsNoFault(_ kind: ReportDefinition.Kind) {
  var data = SampleCompany.firstMonth.reportData(dimensions: [])
  data.month = Month(number: 0)
  #expect(render(sampleDefinition(kind), data, templates: builtInTemplates()).documents.count == 3)
}

extension Document {
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The text of one report of one sample in one format.
func rendered(
  _ kind: ReportDefinition.Kind, _ data: ReportData, _ format: ReportDefinition.Format, rows: Int = 10
) throws -> String {
  var definition = sampleDefinition(kind)
  definition.rows = rows
  let documents = render(definition, data, templates: builtInTemplates()).documents
  return try #require(documents.first { $0.format == format }).text
}
