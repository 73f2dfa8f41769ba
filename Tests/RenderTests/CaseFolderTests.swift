import Foundation
import Model
import Project
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
  for kind in shippedReports {
    let definition = example == .hostileNames ? shipped(kind).withRows(40) : shipped(kind)
    let rendered = render(definition, data, templates: builtInTemplates)
    #expect(rendered.findings.isEmpty)
    #expect(Set(rendered.documents.map(\.format)).count == 3)
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
  for kind in shippedReports {
    let first = render(shipped(kind), data, templates: builtInTemplates)
    let second = render(shipped(kind), shuffled, templates: builtInTemplates)
    #expect(first.documents == second.documents)
  }
}

/// The warehouse numbers customers in the order in which their ids were first read.
@Test func theNumbersOfCustomersDoNotShow() {
  var company = SampleCompany.small
  // Three are new with the same price; one of them has no name.
  let new = company.customers[4]
  for (id, name) in [(7, "Gable"), (8, "")] {
    var customer = new
    (customer.id, customer.name) = (Int64(id), name)
    company.customers.append(customer)
  }
  let data = company.reportData(dimensions: ["country", "plan"])
  func other(_ customer: Int64) -> Int64 { 10_000 - customer }
  var renumbered = data
  renumbered.movements = data.movements.map { movement in
    var movement = movement
    movement.customer = other(movement.customer)
    return movement
  }.sorted { ($0.customer, $0.sequence) < ($1.customer, $1.sequence) }
  renumbered.customerNames = Dictionary(
    uniqueKeysWithValues: data.customerNames.map { (other($0), $1) })
  renumbered.customerKeys = Dictionary(uniqueKeysWithValues: data.customerKeys.map { (other($0), $1) })
  #expect(
    data.movements.filter { $0.movement == .new }.map(\.amount) == [
      1_250_000_000, 1_250_000_000, 1_250_000_000,
    ])
  for kind in shippedReports {
    let first = render(shipped(kind), data, templates: builtInTemplates)
    let second = render(shipped(kind), renumbered, templates: builtInTemplates)
    #expect(first.documents == second.documents, "\(kind)")
  }
}

@Test func aCustomerWithoutAKeyIsListedAllTheSame() throws {
  var data = SampleCompany.small.reportData(dimensions: [])
  var rows = try CSVRecords(try rendered("customers", data, .csv)).rows
  for row in rows.indices {
    for column in ["system", "natural_id"] {
      #expect(try #require(rows[row][column]).isEmpty == false)
      rows[row][column] = ""
    }
  }
  data.customerKeys = [:]
  #expect(try CSVRecords(try rendered("customers", data, .csv)).rows == rows)
  #expect(rows.count == 7)
}

@Test(arguments: shippedReports)
func aReportOfNothingSaysSo(_ kind: String) throws {
  let data = ReportData(
    company: "Empty", month: Month(year: 2024, month: 2), currency: Currency("JPY")!, zoneName: "UTC",
    policyName: "standard@1", policyOverrides: [], fiscalYearStart: 4, headlineNDR: "ndr_t12m", figures: [],
    bridge: [], cohorts: [], movements: [], customerNames: [:], ratesUsed: [], sources: [],
    metrics: SampleMetrics.all, provisionalMonths: [])
  let rendered = render(shipped(kind), data, templates: builtInTemplates)
  #expect(Set(rendered.documents.map(\.format)).count == 3)
  #expect(!rendered.findings.contains { $0.severity == .error })
  if kind == "executive_summary" {
    let text = try #require(rendered.documents.first { $0.format == .markdown }).text
    #expect(text.contains("the warehouse has no figure of February 2024"))
    #expect(!text.contains("JPY 0"))
  }
  #expect(summaryTable(data).contains("n/a"))
}

@Test(arguments: shippedReports)
func aWarehouseWithoutAnyMonthIsNoFault(_ kind: String) {
  var data = SampleCompany.firstMonth.reportData(dimensions: [])
  data.month = Month(number: 0)
  let documents = render(shipped(kind), data, templates: builtInTemplates).documents
  #expect(Set(documents.map(\.format)).count == 3)
}

extension Document {
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The text of one report of one sample in one format.
func rendered(
  _ kind: String, _ data: ReportData, _ format: ReportDefinition.Format, rows: Int = 10
) throws -> String {
  let definition = shipped(kind).withRows(rows)
  let documents = render(definition, data, templates: builtInTemplates).documents
  return try #require(documents.first { $0.format == format }).text
}
