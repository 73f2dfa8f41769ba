import Foundation
import LoopbackServers
import Model
import Testing

@testable import Render

/// A workbook as openpyxl reads it.
struct WorkbookReading: Decodable {
  struct Sheet: Decodable {
    struct Chart: Decodable {
      var kind: String
      var series: Int
    }
    struct Cell: Decodable {
      var row: Int
      var column: Int
      /// `n` a number, `s` a text, `d` a day, `f` a formula.
      var type: String
      var value: String
      var format: String

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        row = try values.decode(Int.self)
        column = try values.decode(Int.self)
        type = try values.decode(String.self)
        value = try values.decode(String.self)
        format = try values.decode(String.self)
      }
    }
    var name: String
    var frozen: String?
    var cells: [Cell]
    var charts: [Chart]

    /// Texts and numbers by row and column, from 1 on.
    subscript(row: Int, column: Int) -> Cell? { cells.first { $0.row == row && $0.column == column } }
  }

  var created: String
  var sheets: [Sheet]

  static func of(_ bytes: [UInt8]) throws -> WorkbookReading {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).xlsx")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(bytes).write(to: file)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("read_workbook.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["60", ServerProcess.python, script.path, file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONDecoder().decode(WorkbookReading.self, from: data)
  }

  func sheet(_ name: String) throws -> Sheet { try #require(sheets.first { $0.name == name }) }
}

/// A report's JSON, as far as tests ask for it.
struct JSONReading: Decodable {
  struct Cell: Decodable {
    var text: String
    var value: Value?
    var unit: String?
    var decimals: Int?
    var detail: String?
  }
  /// A whole number or an exact decimal.
  struct Value: Decodable {
    var text: String
    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int64.self) {
        text = String(number)
      } else {
        text = try value.decode(String.self)
      }
    }
  }
  struct Row: Decodable {
    var emphasis: String
    var cells: [Cell]
  }
  struct Column: Decodable {
    var title: String
    var number: Bool
  }
  struct Shown: Decodable {
    var columns: [Column]
    var rows: [Row]
  }
  struct Block: Decodable {
    var type: String
    var caption: String?
    var columns: [Column]?
    var rows: [Row]?
    var sentences: [String]?
    var table: Shown?

    /// Of a table, or of the one that stands for a chart.
    var shownRows: [Row] { rows ?? table?.rows ?? [] }
  }
  struct Section: Decodable {
    var id: String
    var title: String?
    var blocks: [Block]
  }
  struct Tidy: Decodable {
    var name: String
    var columns: [String]
    var rows: [[String?]]
  }
  struct Named: Decodable { var id: String }

  var format: String
  var version: Int
  var month: String
  var provisional: Bool
  var sections: [Section]
  var tables: [Tidy]
  var metrics: [Named]

  var blocks: [Block] { sections.flatMap(\.blocks).filter { !$0.shownRows.isEmpty } }

  static func of(_ bytes: [UInt8]) throws -> JSONReading {
    try JSONDecoder().decode(JSONReading.self, from: Data(bytes))
  }
}
