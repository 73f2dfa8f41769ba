import Model

/// What stands around the records of a file that is one JSON document: checked token by token, in bounded memory, so that it
/// can go on where a text ends.
struct EnvelopeScanner {
  enum Step {
    case goOn
    /// The array of records opens here.
    case records
    /// The whole document is one record, and begins here.
    case object
    case fault(SyntaxFault)
    /// The document is JSON, and has no records where they should be.
    case mismatch(at: Int, String)
  }

  private enum Expectation { case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing }
  private enum Kind: UInt8 { case object, array }

  private let path: [String]
  private let pathText: String
  private var stack: [Kind] = []
  /// Objects on the way to the records that are open.
  private var matched = 0
  private var nextIsOnPath = true
  private var expectation = Expectation.value
  private var namesThere: [String] = []
  private(set) var hasFoundRecords = false
  private var nextTellsMore = false
  /// Whether the document says, beside its records, that they go on elsewhere: `has_more`.
  private(set) var saysMore = false

  init(_ records: FieldPath?) {
    path = records?.names ?? []
    pathText = records?.dotted ?? ""
  }

  /// Whether the document has begun, and whether it has ended.
  var hasBegun: Bool { expectation != .value || !stack.isEmpty }
  var hasEnded: Bool { expectation == .nothing }

  /// Takes the token at `at`; the next one, or the text's end, is at `after`.
  mutating func take(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ after: Int) -> Step {
    let byte = text[at]
    switch expectation {
    case .nothing:
      return .fault(SyntaxFault(kind: beginsValue(byte) ? .several : .unexpected(wanted: "the end"), at: at))
    case .colon:
      guard byte == 0x3A else { return unexpected("`:`", at) }
      expectation = .value
      return .goOn
    case .commaOrEnd:
      let kind = stack.last ?? .object
      if byte == 0x2C {
        expectation = kind == .object ? .name : .value
        return .goOn
      }
      guard byte == (kind == .object ? 0x7D : 0x5D) else {
        return unexpected(kind == .object ? "`,` or `}`" : "`,` or `]`", at)
      }
      return close()
    case .name, .nameOrEnd:
      if byte == 0x7D, expectation == .nameOrEnd { return close() }
      guard byte == 0x22 else { return unexpected("a name in double quotes", at) }
      return takeName(text, at, after)
    case .value, .valueOrEnd:
      if byte == 0x5D, expectation == .valueOrEnd { return close() }
      return takeValue(text, at)
    }
  }

  /// The array of records has ended.
  mutating func recordsEnded() {
    expectation = stack.isEmpty ? .nothing : .commaOrEnd
  }

  private func beginsValue(_ byte: UInt8) -> Bool {
    byte == 0x7B || byte == 0x5B || byte == 0x22 || byte == 0x2D || byte &- 0x30 <= 9 || byte == 0x6E
      || byte == 0x74 || byte == 0x66
  }

  private func unexpected(_ wanted: StaticString, _ at: Int) -> Step {
    .fault(SyntaxFault(kind: .unexpected(wanted: wanted), at: at))
  }

  private mutating func close() -> Step {
    if matched == stack.count, matched > 0 { matched -= 1 }
    stack.removeLast()
    expectation = stack.isEmpty ? .nothing : .commaOrEnd
    return .goOn
  }

  private mutating func takeName(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ after: Int) -> Step {
    expectation = .colon
    nextIsOnPath = false
    guard matched == stack.count, matched <= path.count, matched > 0 else { return .goOn }
    var end = after - 1
    while text[end] != 0x22 { end -= 1 }
    var name: [UInt8] = []
    let raw = UnsafeBufferPointer(rebasing: text[(at + 1)..<end])
    guard StringEscapes.append(raw, to: &name) == nil else { return .goOn }
    if namesThere.count < 12 { namesThere.append(String(decoding: name.prefix(60), as: UTF8.self)) }
    nextTellsMore = matched == path.count && name.elementsEqual("has_more".utf8)
    nextIsOnPath = name.elementsEqual(path[matched - 1].utf8)
    if nextIsOnPath, hasFoundRecords {
      return .mismatch(
        at: at, "`\(pathText)` stands twice in the document; nothing says which records are true")
    }
    return .goOn
  }

  private mutating func takeValue(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Step {
    let isOnPath = nextIsOnPath && matched == stack.count
    let isTarget = isOnPath && matched == path.count
    nextIsOnPath = false
    let byte = text[at]
    if nextTellsMore, byte == 0x74 { saysMore = true }
    nextTellsMore = false
    switch byte {
    case 0x7B, 0x5B:
      if isTarget, byte == 0x5B {
        hasFoundRecords = true
        return .records
      }
      if isTarget, path.isEmpty {
        hasFoundRecords = true
        return .object
      }
      if isTarget { return .mismatch(at: at, "`\(pathText)` is an object, and no array of records") }
      guard stack.count < DocumentScanner.deepest else { return .fault(SyntaxFault(kind: .tooDeep, at: at)) }
      stack.append(byte == 0x7B ? .object : .array)
      expectation = byte == 0x7B ? .nameOrEnd : .valueOrEnd
      if isOnPath, byte == 0x7B {
        matched += 1
        namesThere = []
      }
      return .goOn
    case 0x22: break
    default:
      let isSound = text.baseAddress.map { ScalarSyntax.read($0, at, text.count) != nil } ?? false
      guard isSound else { return .fault(SyntaxFault(kind: .badValue, at: at)) }
    }
    expectation = stack.isEmpty ? .nothing : .commaOrEnd
    if isTarget, !path.isEmpty {
      return .mismatch(at: at, "`\(pathText)` is a single value, and no array of records")
    }
    return .goOn
  }

  /// What to say when the document has ended and the records were never there.
  var absence: String {
    guard !path.isEmpty else { return "the document is a single value, and no array of records" }
    let names = namesThere.map { "`\($0)`" }.joined(separator: ", ")
    let listed = namesThere.isEmpty ? "" : "; beside the way to it stand \(names)"
    return "the document has no `\(pathText)`, where its records should be\(listed)"
  }
}
