import Model

/// The documents of a file that has one a line.
struct LineScan {
  /// 1-based line on which the text begins.
  private var line = 1
  /// Offset in the file at which the text begins.
  private var base: Int
  private var isDiscarding = false

  init(base: Int) {
    self.base = base
  }

  /// Takes all whole lines of a text.
  mutating func take(
    _ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, _ rows: DocumentRows, isAtEnd: Bool,
    _ limits: ReaderLimits, into batch: inout RecordBatch
  ) -> TakenText {
    if isDiscarding { return discard(text, rows, tokens, isAtEnd: isAtEnd) }
    guard let end = isAtEnd ? text.count : text.lastIndex(of: 0x0A).map({ $0 + 1 }) else {
      rows.begin(text, tokens, count: 0, isLast: true, base: base)
      guard text.count > limits.rowSize else { return .taken(0) }
      rows.add(tooLong: line, to: &batch)
      isDiscarding = true
      base += text.count
      return .taken(text.count)
    }
    let lines = UnsafeBufferPointer(rebasing: text[..<end])
    tokens.find(in: UnsafeRawBufferPointer(lines), marksLines: true, isLast: true)
    Self.findBadBytes(lines, tokens)
    rows.begin(lines, tokens, count: tokens.count, isLast: true, base: base)
    if let fault = scan(lines, tokens, rows, isAtEnd: isAtEnd, into: &batch) { return .fault(fault) }
    base += end
    return .taken(end)
  }

  private mutating func scan(
    _ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, _ rows: DocumentRows, isAtEnd: Bool,
    into batch: inout RecordBatch
  ) -> FileFault? {
    let (offsets, count) = (tokens.offsets, tokens.count)
    var token = 0
    var lineStart = 0
    var faults = tokens.faults[...]
    while token < count {
      let start = Int(offsets[token])
      if text[start] == 0x0A {
        line += 1
        lineStart = start + 1
        token += 1
        continue
      }
      while let fault = faults.first, fault.at < lineStart { faults.removeFirst() }
      var fault: SyntaxFault?
      switch rows.scan(from: token, stop: faults.first?.at ?? .max) {
      case .complete:
        let first = token
        token = rows.next
        if token < count, text[Int(offsets[token])] != 0x0A {
          fault = Self.behindDocument(text, Int(offsets[token]))
          token = first
        }
      case .fault(let found): fault = found
      case .incomplete: break
      }
      if fault != nil {
        while token < count, text[Int(offsets[token])] != 0x0A { token += 1 }
      }
      let lineEnd = Self.trimmed(text, lineStart, Int(offsets[token]))
      let document = DocumentRows.Document(line: line, raw: lineStart..<lineEnd)
      guard let fault else {
        rows.add(document, to: &batch)
        continue
      }
      if isAtEnd, token == count, Self.isCutOff(fault, text) {
        var found = FileFault(
          SyntaxFault(kind: .cutOff, at: fault.at), in: text, base: base)
        found.problem = "the file ends in the middle of its last line"
        (found.line, found.byte) = (line, nil)
        found.column = LinePosition(of: min(fault.at, text.count), in: text, from: lineStart).column
        found.excerpt = RecordCollector.excerpt(text, lineStart, lineEnd)
        return found
      }
      rows.add(document, fault, to: &batch)
    }
    return nil
  }

  /// Whether nothing but the file's end is wrong: of a line that is broken all the same, the rest would be there.
  private static func isCutOff(_ fault: SyntaxFault, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch fault.kind {
    case .cutOff: true
    case .badValue: !text[fault.at...].contains(where: ScalarSyntax.isEnd)
    default: false
    }
  }

  private static func behindDocument(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> SyntaxFault {
    let begins = text[at] == 0x7B || text[at] == 0x5B
    return SyntaxFault(kind: begins ? .several : .unexpected(wanted: "the end of the line"), at: at)
  }

  private static func trimmed(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, text[end - 1] == 0x0D || text[end - 1] == 0x20 { end -= 1 }
    return end
  }

  /// Adds the first byte of each line that is no UTF-8.
  private static func findBadBytes(_ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex) {
    var whole = TextValidity()
    whole.add(UnsafeRawBufferPointer(text))
    guard !whole.isUTF8 || !whole.isComplete else { return }
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A) ?? text.count
      var validity = TextValidity()
      validity.add(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[start..<end]))
      if !validity.isUTF8 || !validity.isComplete {
        tokens.add(TokenIndex.StringFault(at: start + validity.characterStart, kind: .notText))
      }
      start = end + 1
    }
  }

  /// Drops a line that is too long.
  private mutating func discard(
    _ text: UnsafeBufferPointer<UInt8>, _ rows: DocumentRows, _ tokens: TokenIndex, isAtEnd: Bool
  ) -> TakenText {
    rows.begin(text, tokens, count: 0, isLast: true, base: base)
    let end = text.firstIndex(of: 0x0A)
    if end != nil {
      line += 1
      isDiscarding = false
    }
    let taken = end.map { $0 + 1 } ?? text.count
    base += taken
    return .taken(taken)
  }
}
