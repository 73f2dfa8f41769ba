import Model

/// Splits text into rows and rows into fields, one row a call.
///
/// A row ends at LF, CR or CRLF outside of quotes. A quote opens a field only as its first byte; elsewhere it is text.
/// Blanks between a closing quote and the delimiter are dropped. A quote that is never closed, or is followed by other
/// text, spoils the line on which it opens and nothing else: scanning goes on with the next line.
struct RowScanner {
  enum Row {
    /// Number of fields written.
    case fields(Int)
    case comment
    /// The text ends inside of a row and more is to come.
    case incomplete
    case fault(RowFault)
    case end
  }

  private let text: UnsafePointer<UInt8>
  private let end: Int
  /// No text follows.
  private var isLast: Bool
  private let marks: UnsafePointer<UInt32>
  private let markCount: Int
  private let delimiter: [UInt8]
  private let delimiterStart: UInt8
  private let delimiterLength: Int
  private let quote: UInt8
  private let escape: UInt8
  private let comment: [UInt8]
  private var mark = 0

  /// Where the next row starts.
  private(set) var position = 0
  /// 1-based line of `position`.
  private(set) var line: Int
  private(set) var rowStart = 0
  /// End of the last row without its line end.
  private(set) var rowEnd = 0
  private(set) var rowLine = 1
  /// Fields of the last row that hold escapes.
  private(set) var escaped: [Int] = []

  init(
    _ text: UnsafeBufferPointer<UInt8>, _ special: SpecialBytes, _ dialect: Dialect, line: Int, isLast: Bool
  ) {
    // An empty buffer has no address; nothing is read through this one then.
    self.text =
      text.baseAddress ?? UnsafePointer(UnsafeRawPointer(special.offsets).assumingMemoryBound(to: UInt8.self))
    end = text.count
    self.isLast = isLast
    marks = UnsafePointer(special.offsets)
    markCount = special.count
    delimiter = dialect.delimiter
    delimiterStart = dialect.delimiter.first ?? 0x0A
    delimiterLength = dialect.delimiter.count
    quote = dialect.quote
    escape = dialect.escape
    comment = dialect.comment
    self.line = line
  }

  /// Takes the end of this text for the end of the file, to get a row out that is too long.
  mutating func pretendEnd() {
    isLast = true
  }

  /// Scans the next row; `out` has room for a field per special byte left, and one.
  @inline(__always)
  mutating func next(_ out: UnsafeMutablePointer<RecordBatch.Field>) -> Row {
    rowStart = position
    rowLine = line
    guard rowStart < end else { return .end }
    if !escaped.isEmpty { escaped.removeAll(keepingCapacity: true) }
    if !comment.isEmpty, matches(comment, at: rowStart) { return skipComment() }
    let firstMark = mark
    var count = 0
    var start = rowStart
    var isClosed = false
    while mark < markCount {
      let at = Int(marks[mark])
      let byte = text[at]
      if byte == delimiterStart {
        mark += 1
        if delimiterLength > 1 && (at < start || !matches(delimiter, at: at)) { continue }
        if !isClosed {
          out[count] = RecordBatch.Field(offset: UInt32(start), length: UInt32(at - start), quoted: false)
        }
        isClosed = false
        count += 1
        start = at + delimiterLength
      } else if byte == 0x0A || byte == 0x0D {
        if byte == 0x0D, at + 1 == end, !isLast { break }
        if !isClosed {
          out[count] = RecordBatch.Field(offset: UInt32(start), length: UInt32(at - start), quoted: false)
        }
        finishLine(at)
        return .fields(count + 1)
      } else if byte == quote, at == start, !isClosed {
        switch scanQuoted(at, &out[count]) {
        case .closed(let hasEscapes):
          if hasEscapes { escaped.append(count) }
          isClosed = true
        case .incomplete:
          return giveBack(firstMark)
        case .fault(let kind, let place):
          return fail(kind, at: place, openedAt: at, firstMark)
        }
      } else {
        mark += 1
      }
    }
    guard isLast else { return giveBack(firstMark) }
    if !isClosed {
      out[count] = RecordBatch.Field(offset: UInt32(start), length: UInt32(end - start), quoted: false)
    }
    rowEnd = end
    position = end
    return .fields(count + 1)
  }

  /// Scans the next row if it has exactly `width` fields, none of them in quotes: nearly every row of nearly every
  /// export. Otherwise it is not touched. Comments are not looked for.
  @inline(__always)
  mutating func nextPlain(_ width: Int, _ out: UnsafeMutablePointer<RecordBatch.Field>) -> Bool {
    guard mark &+ width <= markCount, delimiterLength == 1 else { return false }
    let marks = marks + mark
    var start = position
    for index in 0..<(width &- 1) {
      let at = Int(marks[index])
      guard text[at] == delimiterStart else { return false }
      out[index] = RecordBatch.Field(
        offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: at &- start),
        quoted: false)
      start = at &+ 1
    }
    let at = Int(marks[width &- 1])
    guard text[at] == 0x0A || text[at] == 0x0D && (at &+ 1 < end || isLast) else { return false }
    out[width &- 1] = RecordBatch.Field(
      offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: at &- start),
      quoted: false)
    rowStart = position
    rowLine = line
    if !escaped.isEmpty { escaped.removeAll(keepingCapacity: true) }
    mark &+= width &- 1
    finishLine(at)
    return true
  }

  /// The last row's raw text.
  var rowField: RecordBatch.Field {
    RecordBatch.Field(offset: UInt32(rowStart), length: UInt32(rowEnd - rowStart), quoted: false)
  }

  /// Steps over a line end that is `marks[mark]`.
  @inline(__always)
  private mutating func finishLine(_ at: Int) {
    rowEnd = at
    mark += 1
    position = at + 1
    if text[at] == 0x0D, position < end, text[position] == 0x0A {
      mark += 1
      position += 1
    }
    line += 1
  }

  private mutating func giveBack(_ firstMark: Int) -> Row {
    mark = firstMark
    line = rowLine
    return .incomplete
  }

  private enum Quoted {
    case closed(hasEscapes: Bool)
    case incomplete
    case fault(RowFault.Kind, at: Int)
  }

  /// From the mark of an opening quote to the mark of what follows the closing one.
  private mutating func scanQuoted(_ open: Int, _ field: inout RecordBatch.Field) -> Quoted {
    var hasEscapes = false
    var breaks = 0
    var index = mark + 1
    while index < markCount {
      let at = Int(marks[index])
      let byte = text[at]
      index += 1
      if byte == 0x0A {
        breaks += 1
      } else if byte == 0x0D {
        if at + 1 == end || text[at + 1] != 0x0A { breaks += 1 }
      } else if byte == escape, escape != quote {
        guard at + 1 < end else { break }
        if text[at + 1] == quote || text[at + 1] == escape {
          hasEscapes = true
          index += 1
        }
      } else if byte == quote {
        if at + 1 < end, text[at + 1] == quote {
          hasEscapes = true
          index += 1
          continue
        }
        field = RecordBatch.Field(offset: UInt32(open + 1), length: UInt32(at - open - 1), quoted: true)
        return close(at + 1, nextMark: index, breaks, hasEscapes)
      }
    }
    return isLast ? .fault(.openQuote, at: open) : .incomplete
  }

  /// Checks that a field ends behind its closing quote, blanks aside.
  private mutating func close(_ afterQuote: Int, nextMark: Int, _ breaks: Int, _ hasEscapes: Bool) -> Quoted {
    var at = afterQuote
    if delimiterLength == 1, at < end, text[at] == delimiterStart {
      mark = nextMark
      line += breaks
      return .closed(hasEscapes: hasEscapes)
    }
    while at < end, text[at] != 0x0A, text[at] != 0x0D, !matches(delimiter, at: at) {
      // The delimiter may be cut in two by the end of this text.
      if !isLast, end - at < delimiterLength { return .incomplete }
      guard text[at] == 0x20 || text[at] == 0x09 else {
        return .fault(breaks == 0 ? .textAfterQuote : .textAfterBrokenQuote, at: at)
      }
      at += 1
    }
    if at == end && !isLast { return .incomplete }
    mark = nextMark
    while mark < markCount, Int(marks[mark]) < at { mark += 1 }
    line += breaks
    return .closed(hasEscapes: hasEscapes)
  }

  /// Ends the row with the line on which its faulty field opens.
  private mutating func fail(_ kind: RowFault.Kind, at place: Int, openedAt open: Int, _ firstMark: Int)
    -> Row
  {
    let placeIsElsewhere = kind == .textAfterBrokenQuote
    let fault = RowFault(kind: kind, at: placeIsElsewhere ? open : place, opened: open)
    guard let found = endOfLine(from: mark) else {
      guard isLast else { return giveBack(firstMark) }
      mark = markCount
      rowEnd = end
      position = end
      return .fault(fault)
    }
    mark = found
    finishLine(Int(marks[found]))
    return .fault(fault)
  }

  private mutating func skipComment() -> Row {
    guard let found = endOfLine(from: mark) else {
      guard isLast else { return .incomplete }
      mark = markCount
      rowEnd = end
      position = end
      return .comment
    }
    mark = found
    finishLine(Int(marks[found]))
    return .comment
  }

  /// The mark of the next line end that can be told from half of one.
  private func endOfLine(from first: Int) -> Int? {
    var index = first
    while index < markCount {
      let at = Int(marks[index])
      if text[at] == 0x0A { return index }
      if text[at] == 0x0D { return at + 1 == end && !isLast ? nil : index }
      index += 1
    }
    return nil
  }

  private func matches(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset + bytes.count <= end else { return false }
    for index in 0..<bytes.count where text[offset + index] != bytes[index] { return false }
    return true
  }
}
