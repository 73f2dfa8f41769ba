import Foundation
import Model
import Testing

@testable import Render

private let hostile = SampleCompany.hostileNames.reportData(dimensions: ["country", "plan"])

@Test(arguments: shippedReports)
func customerTextMakesNoTagInHTML(_ kind: String) throws {
  let html = try rendered(kind, hostile, .html, rows: 40)
  let faults = HTMLCheck(html).faults
  #expect(faults.isEmpty, "\(faults)")
  // What a customer's name tried: neither a tag nor a template's value.
  #expect(!html.contains("<b>") && !html.contains("<i>E") && !html.contains("onmouseover=\""))
}

@Test func customerTextKeepsMarkdownTablesInShape() throws {
  let markdown = try rendered("customers", hostile, .markdown, rows: 40)
  var columns: Int?
  var tables = 0
  for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
    guard line.hasPrefix("|") else {
      columns = nil
      continue
    }
    let bars = unescapedBars(line)
    if let columns { #expect(bars == columns, "\(line)") } else { tables += 1 }
    columns = bars
  }
  #expect(tables == 2)
  for active in ["<script", "[link]", "![", "`code", "~~gone", "://"] {
    #expect(
      markdown.components(separatedBy: active).count
        == markdown.components(separatedBy: "\\" + active).count, "\(active)"
    )
  }
  #expect(markdown.contains("\\<script\\>alert(1)\\</script\\>"))
}

private func unescapedBars(_ line: Substring) -> Int {
  var count = 0
  var escaped = false
  for character in line {
    if character == "|", !escaped { count += 1 }
    escaped = character == "\\" && !escaped
  }
  return count
}

@Test(arguments: [
  ("# Heading", "\\# Heading"), ("- item", "\\- item"), ("-5.00", "-5.00"), ("a_b", "a_b"),
  ("_a_", "\\_a\\_"),
  ("two\nlines", "two lines"), ("`x`", "\\`x\\`"), ("[a](b)", "\\[a\\](b)"), ("<b>", "\\<b\\>"),
  ("a|b", "a\\|b"),
  ("https://x.y", "https\\://x.y"), ("www.x.y", "www\\.x.y"), ("a@b.c", "a\\@b.c"),
  ("standard@1", "standard@1"),
  ("1. first", "1\\. first"), ("1) first", "1\\) first"), ("---", "\\---"), ("&lt;", "\\&lt;"),
  ("\\", "\\\\"),
]) func markdownTextIsInactive(text: String, escaped: String) {
  #expect(MarkdownWriter.escaped(text) == escaped)
}

@Test func textThatTurnsDirectionIsTamed() {
  #expect(plainText("a\u{202E}b\u{2066}c\u{200F}") == "abc")
  #expect(plainText("שלום") == "\u{2068}שלום\u{2069}")
  // A name isolated on its own stays so inside a sentence; what does not pair up is taken out.
  let isolated = "from \u{2068}שלום\u{2069} (1.00)"
  #expect(plainText(isolated) == isolated && MarkdownWriter.escaped(isolated) == isolated)
  #expect(plainText("a\u{2069}b\u{2068}c") == "abc")
  #expect(plainText(" two \r\n\t lines\u{2028} ") == "two lines")
  #expect(plainText(String(repeating: "x", count: 200), limit: 60).count == 60)
}

@Test func formulasBecomeTextInSpreadsheets() throws {
  let records = try CSVRecords(try rendered("customers", hostile, .csv)).rows
  let names = Set(records.map { $0["customer"] ?? "" })
  for formula in ["=cmd|'/C calc'!A0", "+1 | pipe", "-2+3", "@SUM(A1)", "\ttab"] {
    #expect(names.contains("'" + formula) && !names.contains(formula))
  }
  #expect(names.contains("two\nlines\r\nand three"))
  #expect(names.contains(String(repeating: "long ", count: 40)))
  for (column, value) in records.flatMap({ $0 })
  where column != "before" && column != "after" && column != "amount" {
    #expect(!["=", "+", "-", "@", "\t", "\r"].contains { value.hasPrefix($0) }, "\(column): \(value)")
  }
}
