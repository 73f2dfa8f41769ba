/// Writes a tidy table as CSV (RFC 4180) that spreadsheets open right: UTF-8 with a byte order mark, CRLF.
enum CSVWriter {
  static func bytes(_ table: TidyTable) -> [UInt8] {
    var text = "\u{FEFF}" + table.columns.map(quoted).joined(separator: ",") + "\r\n"
    for row in table.rows {
      text += row.map(field).joined(separator: ",") + "\r\n"
    }
    return Array(text.utf8)
  }

  private static func field(_ field: TidyTable.Field) -> String {
    switch field {
    case .text(let text): quoted(harmless(text))
    case .number(let number): number
    case .empty: ""
    }
  }

  /// An apostrophe before what a spreadsheet would take for a formula.
  private static func harmless(_ text: String) -> String {
    let text = text.utf8.contains(0) ? text.replacing("\0", with: "") : text
    switch text.unicodeScalars.first {
    // The wide forms too: some spreadsheets read them alike.
    case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": return "'" + text
    default: return text
    }
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains {
      $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B
    }
    guard needsQuotes || text.first == " " || text.last == " " else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
