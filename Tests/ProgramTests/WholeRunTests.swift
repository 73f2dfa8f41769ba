import Foundation
import LoopbackServers
import Testing

/// Whole runs in folders: `Tests/WholeRuns/NAME/project` is a project with its exports, `expected/` what a run makes of it.
///
/// `PERENNIAL_RECORD=1` records the expected files anew, and fails while doing so.
@Suite struct WholeRunTests {
  private static let folder = URL(fileURLWithPath: BuiltProgram.tests).appendingPathComponent("WholeRuns")

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }()

  /// What is compared beside the reports: public tables, ordered by all their columns.
  private static let tables = [
    "mrr_bridge": "select * from mrr_bridge order by grain, period, dimension, segment, currency, valuation",
    "customer_movement": "select * from customer_movement order by month, customer_id, sequence",
    "customer_mrr": "select * from customer_mrr order by month, customer_id",
    "quarantined_row":
      "select source, file, line, \"column\", name, reason, raw from quarantined_row order by 1, 2, 3, 4, 5",
  ]

  /// The run whose reports are recorded as JSON and as the cells of their workbooks, too.
  private static let inEveryFormat = "stripe-invoices-and-salesforce-contracts"

  private func add(_ project: TemporaryProject, to made: inout [String: String]) throws {
    let reports = made.keys.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
    for report in reports.sorted() {
      made["\(report).json"] = try project.run("render", report, "--format", "json").data
      let folder = project.folder.appendingPathComponent("books")
      _ = try project.run("render", report, "--format", "xlsx", "--to", folder.path)
      made["\(report).xlsx.txt"] = try cells(of: folder.appendingPathComponent("\(report).xlsx"))
    }
  }

  private func cells(of workbook: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", ServerProcess.sources + "/dump_workbook.py"]
    process.environment = ["PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"]
    process.standardInput = try FileHandle(forReadingFrom: workbook)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  @Test(arguments: names)
  func aWholeRunGivesItsExpectedReportsAndTables(name: String) throws {
    let source = Self.folder.appendingPathComponent(name)
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("whole-run-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: source.appendingPathComponent("project"), to: work)
    defer { try? FileManager.default.removeItem(at: work) }
    let project = TemporaryProject(at: work)
    let run = try project.run("run", "nightly")
    #expect(run.status == 0, "\(run.told)")
    var made: [String: String] = [:]
    let reports = work.appendingPathComponent("output/reports")
    for file in try FileManager.default.contentsOfDirectory(atPath: reports.path)
    where !file.hasSuffix(".html") {
      made[file] = try String(contentsOf: reports.appendingPathComponent(file), encoding: .utf8)
    }
    if name == Self.inEveryFormat { try add(project, to: &made) }
    for (table, sql) in Self.tables { made["\(table).csv"] = try project.run("query", sql).data }
    let expected = source.appendingPathComponent("expected")
    if ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1" {
      try? FileManager.default.removeItem(at: expected)
      try FileManager.default.createDirectory(at: expected, withIntermediateDirectories: true)
      for (file, text) in made {
        try text.write(to: expected.appendingPathComponent(file), atomically: true, encoding: .utf8)
      }
      Issue.record("recorded \(name)")
      return
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: expected.path).sorted() == made.keys.sorted())
    for (file, text) in made {
      let wanted = try String(contentsOf: expected.appendingPathComponent(file), encoding: .utf8)
      #expect(text == wanted, "\(name)/expected/\(file)")
    }
  }
}
