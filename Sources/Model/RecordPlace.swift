/// Where a record's fields stand in their file, for findings; nothing here runs for a good row.
extension RecordBatch {
  /// The 1-based line and column (in Unicode scalars) where a field begins: its opening quote when it has one.
  public func place(ofField field: Int, inRecord record: Int, file: String) -> Place {
    let raw = raws[record]
    let start = Int(raw.offset)
    let target = offsetInFile(ofField: record * width + field)
    return bytes.withUnsafeBufferPointer { text in
      let before = LinePosition(of: target, in: text, from: start)
      return Place(file: file, line: Int(lines[record]) + before.breaks, column: before.column)
    }
  }

  /// The line of the file that holds the beginning of a field, for the caret of a finding.
  public func excerpt(ofField field: Int, inRecord record: Int) -> String {
    let raw = raws[record]
    let end = Int(raw.offset) + Int(raw.length)
    let target = offsetInFile(ofField: record * width + field)
    return bytes.withUnsafeBufferPointer { text in
      let start = LinePosition(of: target, in: text, from: Int(raw.offset)).lineStart
      var stop = target
      while stop < end, text[stop] != 0x0A, text[stop] != 0x0D { stop += 1 }
      return String(decoding: text[start..<stop], as: UTF8.self)
    }
  }

  /// The raw text of a record as it stands in the file, without its line end.
  public func rawText(ofRecord record: Int) -> String {
    let raw = raws[record]
    return String(decoding: bytes[Int(raw.offset)..<Int(raw.offset) + Int(raw.length)], as: UTF8.self)
  }

  private func offsetInFile(ofField index: Int) -> Int {
    let field = fields[index]
    guard field.quoted else { return Int(field.offset) }
    var low = 0
    var high = escapes.count
    while low < high {
      let middle = (low + high) / 2
      if escapes[middle].field < index { low = middle + 1 } else { high = middle }
    }
    let isCopy = low < escapes.count && escapes[low].field == index
    return Int(isCopy ? escapes[low].offset : field.offset) - 1
  }
}

/// How far into a row's raw text a byte stands.
public struct LinePosition: Sendable, Hashable {
  /// Line breaks (LF, CR or CRLF) before it.
  public var breaks = 0
  /// Offset of the first byte of its line.
  public var lineStart: Int
  /// 1-based, in Unicode scalars.
  public var column = 1

  /// Counts from `start`, the beginning of a line, to `target`.
  public init(of target: Int, in text: UnsafeBufferPointer<UInt8>, from start: Int) {
    lineStart = start
    var index = start
    while index < target {
      let byte = text[index]
      index += 1
      if byte == 0x0D, index < target, text[index] == 0x0A { index += 1 }
      if byte == 0x0A || byte == 0x0D {
        breaks += 1
        lineStart = index
      }
    }
    while index > lineStart {
      index -= 1
      if text[index] & 0xC0 != 0x80 { column += 1 }
    }
  }
}
