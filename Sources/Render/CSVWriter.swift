import Model

/// Writes a tidy table as CSV (RFC 4180) that spreadsheets open right: UTF-8 with a byte order mark, CRLF.
///
/// Spreadsheets guess at every unquoted and quoted field alike, each by its own locale; what a guess could spoil is
/// written so that it cannot.
struct CSVWriter {
  /// `.` or `,`; with a comma, fields are separated by `;`, as spreadsheets expect where numbers are written so.
  let decimalMark: UInt8

  func bytes(_ table: TidyTable) -> [UInt8] {
    let separator: UInt8 = decimalMark == 0x2C ? 0x3B : 0x2C
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    func add(_ row: some Sequence<String>) {
      var isFirst = true
      for field in row {
        if !isFirst { bytes.append(separator) }
        isFirst = false
        bytes.append(contentsOf: field.utf8)
      }
      bytes.append(0x0D)
      bytes.append(0x0A)
    }
    add(table.columns.lazy.map(Self.quoted))
    // What many rows say alike is judged once: months, names of movements, currencies.
    var above = table.columns.map { _ in (text: "", written: "") }
    var isFirst = true
    for row in table.rows {
      let start = bytes.count
      add(
        row.enumerated().lazy.map { column, field in
          guard case .text(let text) = field, column < above.count else { return self.field(field) }
          // `==` also takes for equal what is written in other bytes.
          if text != above[column].text || !text.utf8.elementsEqual(above[column].text.utf8) {
            above[column] = (text, self.field(field))
          }
          return above[column].written
        })
      if isFirst { bytes.reserveCapacity(start + table.rows.count * min(bytes.count - start + 8, 256)) }
      isFirst = false
    }
    return bytes
  }

  private func field(_ field: TidyTable.Field) -> String {
    switch field {
    case .text(let text): Self.quoted(Self.harmless(text))
    case .number(let number): decimal(number)
    case .date(let date): date
    case .empty: ""
    }
  }

  /// Never three decimals: where the mark groups digits, `1.234` is read as 1234 without a word, `1.2340` stays a text.
  private func decimal(_ number: String) -> String {
    guard let mark = number.utf8.firstIndex(of: 0x2E) else { return number }
    let decimals = number[number.utf8.index(after: mark)...]
    if decimalMark == 0x2E, decimals.utf8.count != 3 { return number }
    return number[..<mark] + (decimalMark == 0x2C ? "," : ".") + decimals
      + (decimals.utf8.count == 3 ? "0" : "")
  }

  /// An apostrophe before what a spreadsheet would take for a formula, a number or a date, and before what would look as if it had been
  /// given one: so no two texts become one.
  static func harmless(_ text: String) -> String {
    // Byte by byte through the view takes longer than all the rest.
    let hasNull = text.utf8.withContiguousStorageIfAvailable { $0.contains(0) } ?? text.utf8.contains(0)
    let text = hasNull ? text.replacing(scalar: "\0", with: "") : text
    switch text.unicodeScalars.first {
    // The wide forms too: some spreadsheets read them alike.
    case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": return "'" + text
    case "'":
      let rest = String(text.unicodeScalars.dropFirst())
      return harmless(rest) == rest ? text : "'" + text
    default: return isLikeANumber(text) || SpreadsheetWords.take(text) ? "'" + text : text
    }
  }

  /// `007`, `24/7`, `11-50`, `250+`, `1e5`, `12:30`: names and bands that would lose what they say.
  static func isLikeANumber(_ text: String) -> Bool {
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    let mayStandInOne: (UInt8) -> Bool = { isDigit($0) || " -+./:,%()eE".utf8.contains($0) }
    guard let first = text.utf8.first, first | 0x20 != 0x65 else { return false }
    return text.utf8.allSatisfy(mayStandInOne) && text.utf8.contains(where: isDigit)
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains {
      $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B
    }
    guard needsQuotes || text.utf8.first == 0x20 || text.utf8.last == 0x20 else { return text }
    return "\"" + text.replacing(scalar: "\"", with: "\"\"") + "\""
  }
}
