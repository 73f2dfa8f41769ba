import Foundation
import Model

/// Public test suites beside the checkout, or where PERENNIAL_SHARED points; they are not part of the project.
enum CorpusFiles {
  static let folder: String = {
    let shared =
      ProcessInfo.processInfo.environment["PERENNIAL_SHARED"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared")
      .standardized.path
    return shared + "/corpora/csv"
  }()
  static let isPresent = FileManager.default.fileExists(atPath: folder + "/expected.csv")

  struct Case {
    var name: String
    var hasHeader: Bool
    var expectation: String
    var text: [UInt8]
    var expected: Any
    /// PapaParse's own settings.
    var settings: [String: Any]
  }

  /// All files that `expected.csv` lists with one of these expectations.
  static func cases(_ expectations: String...) throws -> [Case] {
    let index = try JSONSerialization.jsonObject(with: contents("papaparse/index.json")) as! [[String: Any]]
    var settings: [String: [String: Any]] = [:]
    for entry in index { settings["papaparse/\(entry["id"]!).csv"] = entry["config"] as? [String: Any] }
    let list = read(path: folder + "/expected.csv")
    return try list.rows.filter { expectations.contains($0[3]) }.map { row in
      Case(
        name: row[0], hasHeader: row[2] == "yes", expectation: row[3], text: Array(try contents(row[0])),
        expected: try JSONSerialization.jsonObject(with: contents(row[1])), settings: settings[row[0]] ?? [:])
    }
  }

  static func contents(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
  }
}

extension CorpusFiles.Case {
  /// PapaParse's settings in our words, as far as we have words.
  var format: FileFormat {
    var format = FileFormat(header: hasHeader, skippedRows: .none)
    if settings["skipEmptyLines"] as? String == "greedy" {
      format.skippedRows = .blank
    } else if settings["skipEmptyLines"] as? Bool == true {
      format.skippedRows = .empty
    }
    format.delimiter = settings["delimiter"] as? String
    if let comment = settings["comments"] as? String {
      format.comment = comment
    } else if settings["comments"] as? Bool == true {
      format.comment = "#"
    }
    if let quote = settings["quoteChar"] as? String { format.quote = quote.utf8.first! }
    if let escape = settings["escapeChar"] as? String { format.escape = escape.utf8.first! }
    return format
  }

  /// The expected rows of a file without header; a last row of one empty text is PapaParse's way to note a line end.
  var expectedRows: [[String]] {
    var rows = expected as? [[String]] ?? []
    let ends = text.last == 0x0A || text.last == 0x0D
    if rows.last == [""], ends { rows.removeLast() }
    return rows
  }

  /// The expected records of a file with header, fields in the header's order.
  func expectedRecords(_ header: [String]) -> [[String]] {
    let objects = expected as? [[String: String]] ?? (expected as? [String: String]).map { [$0] } ?? []
    return objects.map { object in header.map { object[$0] ?? "(none)" } }
  }

  /// Reads the rows of every width there is, as one source reads only one: rows of others are malformed for it.
  func rowsByWidth(_ format: FileFormat) -> (rows: [Int: [[String]]], malformed: [Int: Int]) {
    var rows: [Int: [[String]]] = [:]
    var malformed: [Int: Int] = [:]
    for width in Set(expectedRows.map(\.count)) {
      var format = format
      format.columns = (0..<width).map { "c\($0)" }
      let reading = read(text, format)
      rows[width] = reading.rows
      malformed[width] = reading.malformed.count
    }
    return (rows, malformed)
  }
}
