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
    for (column, title) in table.columns.enumerated() {
      if column > 0 { bytes.append(separator) }
      bytes.append(contentsOf: Self.quoted(title).utf8)
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
    // What many rows say alike is judged once: months, names of movements, currencies.
    var above = table.columns.map { _ in (text: "", written: [UInt8]?.none) }
    var isFirst = true
    for row in table.rows {
      let start = bytes.count
      for column in row.indices {
        if column > 0 { bytes.append(separator) }
        switch row[column] {
        case .text(let text):
          guard column < above.count, text.hasBytes(of: above[column].text) else {
            Self.write(text, to: &bytes)
            if column < above.count { above[column] = (text, nil) }
            continue
          }
          if let written = above[column].written {
            bytes.append(contentsOf: written)
          } else {
            let start = bytes.count
            Self.write(text, to: &bytes)
            above[column].written = Array(bytes[start...])
          }
        case .number(let number):
          var number = number
          number.withUTF8 { write(number: $0, to: &bytes) }
        case .micros(let micros, let leastDigits):
          withExactDecimal(Int128(micros), scale: 6, leastDigits: leastDigits) {
            write(number: $0, to: &bytes)
          }
        case .date(let date): bytes.append(contentsOf: date.utf8)
        case .empty: break
        }
      }
      bytes.append(0x0D)
      bytes.append(0x0A)
      if isFirst { bytes.reserveCapacity(start + table.rows.count * min(bytes.count - start + 8, 256)) }
      isFirst = false
    }
    return bytes
  }

  /// Never three decimals: where the mark groups digits, `1.234` is read as 1234 without a word, `1.2340` stays a text.
  private func write(number: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: number)
    guard let mark = number.firstIndex(of: 0x2E) else { return }
    if decimalMark == 0x2C { bytes[start + mark] = decimalMark }
    if number.count - mark == 4 { bytes.append(0x30) }
  }

  /// A text as one field.
  static func write(_ text: String, to bytes: inout [UInt8]) {
    let isWritten = text.utf8.withContiguousStorageIfAvailable { writeUsual($0, to: &bytes) }
    if isWritten != true { bytes.append(contentsOf: quoted(harmless(text)).utf8) }
  }

  /// Nearly all texts are words or the digits of an id: what ``harmless(_:)`` makes of these is told by their bytes, without another text.
  /// False where it is left to the long way, and nothing is written.
  private static func writeUsual(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) -> Bool {
    guard let first = text.first, let last = text.last else { return true }
    let isNumber = (0x30...0x39).contains(first) && text.allSatisfy(mayStandInNumber)
    let isWord =
      (0x61...0x7A).contains(first | 0x20) && !text.contains(0) && SpreadsheetWords.isPlain(text)
    guard isNumber || isWord else { return false }
    guard last == 0x20 || text.contains(where: asksForQuotes) else {
      if isNumber { bytes.append(0x27) }
      bytes.append(contentsOf: text)
      return true
    }
    bytes.append(0x22)
    if isNumber { bytes.append(0x27) }
    for byte in text {
      if byte == 0x22 { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(0x22)
    return true
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
    guard let first = text.utf8.first, first | 0x20 != 0x65 else { return false }
    return text.utf8.allSatisfy(mayStandInNumber) && text.utf8.contains { (0x30...0x39).contains($0) }
  }

  private static func mayStandInNumber(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || " -+./:,%()eE".utf8.contains(byte)
  }

  private static func asksForQuotes(_ byte: UInt8) -> Bool {
    byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D || byte == 0x3B
  }

  static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: asksForQuotes) || text.utf8.first == 0x20 || text.utf8.last == 0x20 else {
      return text
    }
    return "\"" + text.replacing(scalar: "\"", with: "\"\"") + "\""
  }
}

extension String {
  /// `==` also takes for equal what is written in other bytes.
  fileprivate func hasBytes(of other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    var (text, other) = (self, other)
    return text.withUTF8 { bytes in other.withUTF8 { bytes.elementsEqual($0) } }
  }
}
