import Foundation
import LoopbackServers
import Model
import Testing

@testable import Render

/// How LibreOffice opens a CSV stands for how spreadsheets do.
@Suite(
  .serialized, .enabled(if: Part.soffice.isThere, "LibreOffice is not installed"), .timeLimit(.minutes(3)))
struct SpreadsheetTests {
  /// Languages by the numbers spreadsheets give them.
  enum Language: Int {
    case english = 1033
    case german = 1031
  }

  @Test(arguments: [(Language.english, UInt8(0x2E)), (.german, 0x2C)])
  func everyCellArrivesAsWhatItIs(language: Language, decimalMark: UInt8) throws {
    for (name, expected, cells) in try opened(decimalMark: decimalMark, language) {
      for (number, row) in expected.enumerated() {
        for (column, text) in row {
          let cell = try #require(cells[number][column])
          #expect(cell.formula == nil)
          if text.isEmpty {
            #expect(cell.type == "", "\(name) \(column): \(cell)")
          } else if Self.numbers.contains(column) {
            #expect(
              cell.type == "float" && Double(cell.value) == Double(text),
              "\(name) \(column): \(text) became \(cell)")
          } else if column == "period_end" {
            #expect(cell.type == "date" && cell.value == text, "\(name): \(text) became \(cell)")
          } else {
            let lines = text.replacingOccurrences(of: "\r\n", with: "\n")
            #expect(cell.type == "string" && cell.text == lines, "\(name) \(column): \(text) became \(cell)")
          }
        }
      }
    }
  }

  @Test func aNumberInTheOtherNotationIsNeverReadAsAnother() throws {
    var strange = 0
    for (name, expected, cells) in try opened(decimalMark: 0x2E, .german) {
      for (number, row) in expected.enumerated() {
        for (column, text) in row where Self.numbers.contains(column) && !text.isEmpty {
          let cell = try #require(cells[number][column])
          if cell.type == "string" { strange += 1 }
          #expect(
            cell.type == "string" && cell.text == text
              || cell.type == "float" && Double(cell.value) == Double(text),
            "\(name) \(column): \(text) became \(cell)")
        }
      }
    }
    #expect(strange > 0, "this spreadsheet reads a decimal point as a German reads it")
  }

  private static let numbers: Set = [
    "value", "numerator", "denominator", "amount", "before", "after", "customers", "age",
    "against_value", "difference",
  ]

  typealias Opened = (name: String, expected: [[String: String]], cells: [[String: SpreadsheetCells.Cell]])

  /// Every report of two companies, opened by a spreadsheet of that language, beside what it holds.
  private func opened(decimalMark: UInt8, _ language: Language) throws -> [Opened] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "perennial-spreadsheet-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var written: [(name: String, expected: [[String: String]])] = []
    for example in [ReportCase.everyMovement, .hostileNames] {
      var data = example.data
      for kind in shippedReports {
        let name = "\(example.rawValue)-\(kind)"
        data.decimalMark = 0x2E
        written.append((name, try CSVRecords(try rendered(kind, data, .csv, rows: 40)).rows))
        data.decimalMark = decimalMark
        try Data(try rendered(kind, data, .csv, rows: 40).utf8)
          .write(to: folder.appendingPathComponent(name + ".csv"))
      }
    }
    let separator = decimalMark == 0x2C ? 0x3B : 0x2C
    // Separator, quote, UTF-8, first line, no column formats, language, quoted is no text, all kinds of numbers.
    try convert(
      written.map(\.name), in: folder, filter: "CSV:\(separator),34,76,1,,\(language.rawValue),false,true")
    return try written.map { file in
      let sheet = try SpreadsheetCells(Data(contentsOf: folder.appendingPathComponent(file.name + ".fods")))
      let header = try #require(sheet.rows.first).map(\.text)
      let rows = sheet.rows.dropFirst().prefix(file.expected.count).map { row in
        Dictionary(
          uniqueKeysWithValues: header.enumerated().map { index, column in
            (column, index < row.count ? row[index] : SpreadsheetCells.Cell())
          })
      }
      #expect(rows.count == file.expected.count, "\(file.name)")
      return (file.name, file.expected, rows)
    }
  }

  private func convert(_ names: [String], in folder: URL, filter: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    // A profile of its own: a running office would take the order and answer nothing.
    process.arguments =
      [
        "120", try #require(Part.soffice.path), "-env:UserInstallation=file://\(folder.path)/profile",
        "--headless",
        "--infilter=\(filter)", "--convert-to", "fods", "--outdir", folder.path,
      ] + names.map { "\(folder.path)/\($0).csv" }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "soffice ended with \(process.terminationStatus)")
  }
}
