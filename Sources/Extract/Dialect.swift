import Model

/// How one file is written, as bytes.
struct Dialect {
  var delimiter: [UInt8]
  /// A line feed when nothing is quoted: no field can begin with one.
  var quote: UInt8
  /// The quote itself when quotes are escaped by doubling alone.
  var escape: UInt8
  var comment: [UInt8]
  var footers: [[UInt8]]
  var skippedRows: FileFormat.SkippedRows

  /// - Parameter delimiter: Declared or detected.
  init(_ format: FileFormat, delimiter: String) {
    self.delimiter = Array(delimiter.utf8)
    quote = format.quote == 0 ? 0x0A : format.quote
    escape = format.quote == 0 ? 0x0A : format.escape ?? format.quote
    comment = Array((format.comment ?? "").utf8)
    footers = format.footer.map { Array($0.utf8) }.filter { !$0.isEmpty }
    skippedRows = format.skippedRows
  }

  /// A format that cannot be read by, whatever the file holds.
  static func fault(of format: FileFormat) -> ReadFault? {
    func fault(_ problem: String, _ remedy: String) -> ReadFault {
      ReadFault(name: .impossibleFormat, problem: problem, remedy: remedy)
    }
    let lineBreaks: [UInt8] = [0x0A, 0x0D]
    if let delimiter = format.delimiter {
      if delimiter.isEmpty {
        return fault(
          "the delimiter is empty", "leave `delimiter` out to have it detected, or write `delimiter: \";\"`")
      }
      if delimiter.utf8.contains(where: { $0 == format.quote || $0 == 0 }) {
        return fault(
          "the delimiter holds the quote character or a NUL byte",
          "write another one, such as `delimiter: \";\"`")
      }
    }
    if lineBreaks.contains(format.quote) || format.quote >= 0x80 {
      return fault("the quote character is no printable ASCII character", "write `quote: '\"'`")
    }
    if let escape = format.escape, lineBreaks.contains(escape) || escape >= 0x80 || escape == 0 {
      return fault("the escape character is no printable ASCII character", "write `escape: \"\\\\\"`")
    }
    if let columns = format.columns, !format.header, columns.isEmpty {
      return fault("`columns` names no column", "list the names, or leave `columns` out")
    }
    return nil
  }

  /// Whether a row of `count` fields is none, by what the format says of empty ones.
  @inline(__always)
  func skips(
    _ fields: UnsafeMutablePointer<RecordBatch.Field>, _ count: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    switch skippedRows {
    case .none: false
    case .empty: count == 1 && fields[0].length == 0 && !fields[0].quoted
    case .blank: Self.isBlank(fields, count, in: text)
    }
  }

  /// Ordinary rows are told by their first field's first byte.
  private static func isBlank(
    _ fields: UnsafeMutablePointer<RecordBatch.Field>, _ count: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    for index in 0..<count {
      var at = Int(fields[index].offset)
      let end = at + Int(fields[index].length)
      while at < end {
        switch text[at] {
        case 0x20, 0x09...0x0D: at += 1
        // The no-break space, which spreadsheets leave in cells.
        case 0xC2 where at + 1 < end && text[at + 1] == 0xA0: at += 2
        default: return false
        }
      }
    }
    return true
  }

  /// Appends a field's text without its escapes.
  func unescape(_ text: UnsafeBufferPointer<UInt8>, _ field: RecordBatch.Field, into copy: inout [UInt8]) {
    var at = Int(field.offset)
    var kept = at
    let end = at + Int(field.length)
    while at + 1 < end {
      let byte = text[at]
      if byte == quote || byte == escape {
        let following = text[at + 1]
        if following == quote || following == escape && byte == escape {
          copy.append(contentsOf: UnsafeBufferPointer(rebasing: text[kept..<at]))
          kept = at + 1
          at += 1
        }
      }
      at += 1
    }
    copy.append(contentsOf: UnsafeBufferPointer(rebasing: text[kept..<end]))
  }

  /// A field's text, for a header.
  func unescaped(_ text: UnsafeBufferPointer<UInt8>, _ field: RecordBatch.Field) -> String {
    var copy: [UInt8] = []
    if field.quoted {
      unescape(text, field, into: &copy)
    } else {
      copy.append(contentsOf: text[Int(field.offset)..<Int(field.offset) + Int(field.length)])
    }
    return String(decoding: copy, as: UTF8.self)
  }
}
