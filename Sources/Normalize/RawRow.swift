import Model

/// A record's raw text taken apart again, to say where a field stands in it. Only for rows on their way to
/// quarantine.
struct RawRow {
  let bytes: [UInt8]
  private let delimiter: [UInt8]
  private let quote: UInt8
  private let escape: UInt8

  init(_ bytes: [UInt8], delimiter: String, format: FileFormat) {
    self.bytes = bytes
    self.delimiter = Array(delimiter.utf8)
    quote = format.quote
    escape = format.escape ?? format.quote
  }

  /// Where each field's content begins, behind an opening quote, and its content.
  var fields: [(start: Int, text: [UInt8])] {
    var fields: [(start: Int, text: [UInt8])] = []
    var index = 0
    repeat {
      let isQuoted = index < bytes.count && bytes[index] == quote
      if isQuoted { index += 1 }
      let start = index
      var text: [UInt8] = []
      while index < bytes.count {
        if isQuoted, index + 1 < bytes.count, bytes[index] == escape, bytes[index + 1] == quote {
          text.append(quote)
          index += 2
        } else if isQuoted, bytes[index] == quote {
          break
        } else if !isQuoted, isDelimiter(at: index) {
          break
        } else {
          text.append(bytes[index])
          index += 1
        }
      }
      while index < bytes.count, !isDelimiter(at: index) { index += 1 }
      fields.append((start, text))
      if index >= bytes.count { return fields }
      index += delimiter.count
    } while true
  }

  private func isDelimiter(at index: Int) -> Bool {
    !delimiter.isEmpty && bytes[index...].starts(with: delimiter)
  }

  /// The place of a byte of the row that begins on `line`: rows in quotes run over several lines, columns
  /// count characters.
  func place(of offset: Int, file: String, line: Int) -> Place {
    var line = line
    var column = 1
    for index in 0..<min(offset, bytes.count) {
      let byte = bytes[index]
      let endsLine = byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
      if endsLine {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return Place(file: file, line: line, column: column)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
