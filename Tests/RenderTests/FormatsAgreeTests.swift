import Foundation
import LoopbackServers
import Model
import Project
import Testing

@testable import Render

/// Every report of every sample in all formats, read back.
private struct Written {
  var name: String
  var documents: [ReportDefinition.Format: [Document]]

  /// Made once: they are many.
  private static let made: [Written] = {
    let samples = ReportCase.allCases.map { ($0.rawValue, $0.data) } + [("noted", ReportData.noted)]
    return samples.flatMap { example, data in
      shippedReports.map { name in
        var definition = shipped(name).withRows(40)
        definition.formats = [.markdown, .html, .csv, .json, .xlsx]
        let rendered = render(definition, data, templates: builtInTemplates)
        #expect(!rendered.findings.contains { $0.severity == .error })
        return Written(
          name: "\(example)/\(name)",
          documents: Dictionary(grouping: rendered.documents, by: \.format))
      }
    }
  }()

  static func all() -> [Written] { made }

  func bytes(_ format: ReportDefinition.Format) throws -> [UInt8] {
    try #require(documents[format]?.first).bytes
  }
}

@Suite struct FormatsAgreeTests {
  @Test func theFiguresOfTheJSONAreThoseOfTheCSV() throws {
    for written in Written.all() {
      let files = try #require(written.documents[.csv])
      let json = try JSONReading.of(try written.bytes(.json))
      #expect(json.tables.count == files.count)
      for (table, file) in zip(json.tables, files) {
        let csv = try CSVRecords(file.text).rows
        #expect(table.rows.count == csv.count, "\(written.name)")
        for (row, record) in zip(table.rows, csv) {
          for (column, value) in zip(table.columns, row) {
            // A file of three decimals would be read as thousands.
            let shown = record[column] ?? ""
            let value = value ?? ""
            #expect(
              shown == value || shown == value + "0" || shown == CSVWriter.harmless(value),
              "\(written.name) \(column): \(value) became \(shown)")
          }
        }
      }
    }
  }

  @Test func noNumberOfTheJSONIsABinaryFloat() throws {
    for written in Written.all() {
      let text = String(decoding: try written.bytes(.json), as: UTF8.self)
      let outside = text.replacing(#/"(\\.|[^"\\])*"/#, with: "")
      #expect(!outside.contains("."), "\(written.name)")
      let reading = try JSONReading.of(try written.bytes(.json))
      #expect(reading.format == "perennial-report" && reading.version == 1)
    }
  }

  @Test func everyTextOfATableIsItsValueRounded() throws {
    var seen = 0
    for written in Written.all() {
      for block in try JSONReading.of(try written.bytes(.json)).blocks {
        for (row, column) in block.shownRows.flatMap({
          zip($0.cells, block.table?.columns ?? block.columns ?? []).map { ($0, $1) }
        }) {
          guard let unit = row.unit, let value = row.value?.text, unit != "month", unit != "day" else {
            continue
          }
          let exact = try #require(Decimal(string: value))
          var shown = unit == "percent" ? exact * 100 : exact
          var rounded = Decimal()
          NSDecimalRound(&rounded, &shown, row.decimals ?? 0, .bankers)
          let digits = row.text.filter { $0.isNumber || $0 == "." || $0 == "-" }
          // A headline of a mail is shortened, and is no table of the report.
          #expect(
            Decimal(string: digits) == rounded, "\(written.name) \(column.title): \(value) as \(row.text)")
          seen += 1
        }
      }
    }
    #expect(seen > 500)
  }

  @Test func markdownAndHTMLShowTheTextsOfTheJSON() throws {
    for written in Written.all() {
      let json = try JSONReading.of(try written.bytes(.json))
      let markdown = MarkdownTables.read(String(decoding: try written.bytes(.markdown), as: UTF8.self))
      let html = HTMLTables.read(String(decoding: try written.bytes(.html), as: UTF8.self))
      for block in json.blocks {
        let texts = block.shownRows.map { row in
          row.cells.map { plainText($0.text + ($0.detail.map { " (\($0))" } ?? "")) }
        }
        #expect(markdown.contains(texts), "\(written.name): '\(block.caption ?? "")' is not in the Markdown")
        // A page draws what others tell.
        if block.type == "chart" { continue }
        #expect(html.contains(texts), "\(written.name): '\(block.caption ?? "")' is not in the HTML")
      }
    }
  }

  @Test(.enabled(if: Part.openpyxl.isThere, "openpyxl is not installed"), .timeLimit(.minutes(3)))
  func aWorkbookHoldsTheNumbersOfTheOtherFormatsToTheDigit() throws {
    for written in Written.all() {
      let book = try WorkbookReading.of(try written.bytes(.xlsx))
      let json = try JSONReading.of(try written.bytes(.json))
      // One sheet a section that is more than text, between the first one and those of figures.
      let sections = json.sections.filter {
        $0.blocks.contains { $0.type != "sentences" && $0.type != "text" }
      }
      #expect(book.sheets.count >= 1 + sections.count + json.tables.count)
      for (section, sheet) in zip(sections, book.sheets.dropFirst()) {
        let rows = section.blocks.flatMap(\.shownRows)
        let numbers = rows.flatMap(\.cells).filter {
          $0.unit != nil && $0.unit != "month" && $0.unit != "day"
        }
        let expected = numbers.compactMap { $0.value.flatMap { Double($0.text) } }
        let found = sheet.cells.filter { $0.type == "n" }.compactMap { Double($0.value) }
        #expect(found == expected, "\(written.name) \(sheet.name)")
      }
      for (table, sheet) in zip(json.tables, book.sheets.dropFirst(1 + sections.count)) {
        var cells: [[String]] = Array(
          repeating: Array(repeating: "", count: table.columns.count), count: table.rows.count + 1)
        for cell in sheet.cells { cells[cell.row - 1][cell.column - 1] = cell.value }
        #expect(cells[0] == table.columns)
        for (row, expected) in zip(cells.dropFirst(), table.rows) {
          for (found, value) in zip(row, expected) {
            let value = value ?? ""
            #expect(
              found == value.replacing("\r\n", with: "\n")
                || Double(found) != nil && Double(found) == Double(value),
              "\(written.name): \(value) became \(found)")
          }
        }
        #expect(sheet.frozen == "A2")
      }
    }
  }
}

/// The tables of a Markdown document: their rows as they are shown, without heads.
private enum MarkdownTables {
  static func read(_ text: String) -> [[[String]]] {
    var tables: [[[String]]] = []
    var lines: [String] = []
    for line in text.components(separatedBy: "\n") + [""] {
      if line.hasPrefix("| ") {
        lines.append(line)
      } else if !lines.isEmpty {
        tables.append(lines.dropFirst(2).map(cells))
        lines = []
      }
    }
    return tables
  }

  private static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.dropFirst(2).dropLast(2) {
      if !isEscaped, character == "|" {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.map { cell in
      var text = cell.trimmingCharacters(in: .whitespaces).replacing(#/\[\^\d+\]/#, with: "")
      text = text.replacing(#/\*\*(.+?)\*\*(?!\*)/#) { String($0.output.1) }
      return text.replacing(#/\\(.)/#) { String($0.output.1) }
    }
  }
}

/// The tables of a page: their rows as they are shown, without heads.
private enum HTMLTables {
  static func read(_ text: String) -> [[[String]]] {
    text.matches(of: #/(?s)<tbody>(.*?)</tbody>/#).map { body in
      body.output.1.matches(of: #/(?s)<tr[^>]*>(.*?)</tr>/#).map { row in
        row.output.1.matches(of: #/(?s)<(?:td|th)[^>]*>(.*?)</(?:td|th)>/#).map {
          shown(String($0.output.1))
        }
      }
    }
  }

  private static func shown(_ cell: String) -> String {
    var text = cell.replacing(#/<sup>.*?</sup>/#, with: "")
    // A drawing inside a cell says nothing that its number does not.
    text = text.replacing(#/(?s)<svg.*?</svg>/#, with: "")
    text = text.replacing("<small>", with: " (").replacing("</small>", with: ")")
    text = text.replacing(#/<[^>]*>/#, with: "").replacing("\u{2212}", with: "-")
      .replacing("\u{A0}", with: " ")
    for (name, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
      text = text.replacing(name, with: character)
    }
    return text
  }
}
