import Model

/// The records of a file that is one document: the elements of its array, or the whole document where it is an object.
struct ArrayScan {
  private enum Place { case envelope, firstElement, element, behindElement, object }

  private var envelope: EnvelopeScanner
  private var place = Place.envelope
  /// Records so far.
  private var index = 0
  /// Offset in the file at which the text begins.
  private var base: Int

  /// Whether the document says that its records go on elsewhere.
  var saysMore: Bool { envelope.saysMore }

  init(_ records: FieldPath?, base: Int) {
    envelope = EnvelopeScanner(records)
    self.base = base
  }

  /// Takes all whole records and tokens of a text.
  mutating func take(
    _ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, _ rows: DocumentRows, isAtEnd: Bool,
    _ limits: ReaderLimits, into batch: inout RecordBatch
  ) -> TakenText {
    tokens.find(in: UnsafeRawBufferPointer(text), marksLines: false, isLast: isAtEnd)
    Self.findBadByte(text, tokens, isAtEnd: isAtEnd)
    let count = isAtEnd ? tokens.count : Self.wholeTokens(text, tokens)
    let stop = tokens.faults.first?.at ?? .max
    rows.begin(text, tokens, count: count, isLast: isAtEnd, base: base)
    var token = 0
    if let fault = scan(text, tokens, count, rows, stop, &token, into: &batch) { return .fault(fault) }
    if isAtEnd {
      if let fault = faultAtEnd(text) { return .fault(fault) }
      base += text.count
      return .taken(text.count)
    }
    let taken = token < tokens.count ? Int(tokens.offsets[token]) : text.count
    if taken == 0, text.count > limits.rowSize {
      return .fault(
        FileFault(.rowTooLong, "this record is longer than a record can be", at: 0, in: text, base: base))
    }
    base += taken
    return .taken(taken)
  }

  private mutating func scan(
    _ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, _ count: Int, _ rows: DocumentRows,
    _ stop: Int, _ token: inout Int, into batch: inout RecordBatch
  ) -> FileFault? {
    let offsets = tokens.offsets
    func fault(_ kind: SyntaxFault.Kind, _ at: Int) -> FileFault {
      FileFault(SyntaxFault(kind: kind, at: at), in: text, base: base)
    }
    while token < count {
      let at = Int(offsets[token])
      let byte = text[at]
      switch place {
      case .envelope:
        // A string is over before the next token.
        if at >= stop || byte == 0x22 && Int(offsets[token + 1]) >= stop {
          return fault(tokens.faults.first?.syntaxKind ?? .cutOff, stop)
        }
        switch envelope.take(text, at, Int(offsets[token + 1])) {
        case .goOn: token += 1
        case .records:
          place = .firstElement
          token += 1
        case .object: place = .object
        case .fault(let found): return FileFault(found, in: text, base: base)
        case .mismatch(let at, let problem):
          return FileFault(.noRecords, problem, at: at, in: text, base: base)
        }
      case .behindElement where byte == 0x2C:
        place = .element
        token += 1
      case .behindElement where byte != 0x5D: return fault(.unexpected(wanted: "`,` or `]`"), at)
      case .firstElement where byte == 0x5D, .behindElement:
        place = .envelope
        envelope.recordsEnded()
        token += 1
      case .firstElement, .element, .object:
        switch rows.scan(from: token, stop: stop) {
        case .incomplete: return nil
        case .fault(let found): return FileFault(found, in: text, base: base)
        case .complete:
          let isObject = place == .object
          let raw = at..<Self.end(of: text, offsets, rows.next)
          rows.add(
            DocumentRows.Document(line: isObject ? 0 : index + 1, index: isObject ? nil : index, raw: raw),
            to: &batch)
          index += 1
          token = rows.next
          place = isObject ? .envelope : .behindElement
          if isObject { envelope.recordsEnded() }
        }
      }
    }
    return nil
  }

  private func faultAtEnd(_ text: UnsafeBufferPointer<UInt8>) -> FileFault? {
    if envelope.hasEnded, place == .envelope {
      return envelope.hasFoundRecords
        ? nil : FileFault(.noRecords, envelope.absence, at: nil, in: text, base: base)
    }
    var fault = FileFault(SyntaxFault(kind: .cutOff, at: text.count), in: text, base: base)
    if !envelope.hasBegun, place == .envelope { fault.problem = "the file holds no JSON document" }
    return fault
  }

  /// Where the document that ends before a token ends.
  private static func end(
    of text: UnsafeBufferPointer<UInt8>, _ offsets: UnsafeMutablePointer<UInt32>, _ next: Int
  ) -> Int {
    var end = Int(offsets[next])
    while end > 0,
      text[end - 1] == 0x20 || text[end - 1] == 0x0A || text[end - 1] == 0x0D || text[end - 1] == 0x09
    {
      end -= 1
    }
    return end
  }

  /// All but a string or a number that the end of the text may have cut.
  private static func wholeTokens(_ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex) -> Int {
    guard tokens.count > 0, let last = text.last else { return 0 }
    let byte = text[Int(tokens.offsets[tokens.count - 1])]
    switch byte {
    case 0x7B, 0x7D, 0x5B, 0x5D, 0x3A, 0x2C: return tokens.count
    case 0x22: return tokens.endsInString ? tokens.count - 1 : tokens.count
    default: return ScalarSyntax.isEnd(last) ? tokens.count : tokens.count - 1
    }
  }

  private static func findBadByte(
    _ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, isAtEnd: Bool
  ) {
    var validity = TextValidity()
    validity.add(UnsafeRawBufferPointer(text))
    guard !validity.isUTF8 || isAtEnd && !validity.isComplete else { return }
    tokens.add(TokenIndex.StringFault(at: validity.characterStart, kind: .notText))
  }
}
