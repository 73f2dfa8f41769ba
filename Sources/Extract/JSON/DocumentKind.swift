import Model

/// What a file is taken for before its bytes are looked at.
enum DocumentKind {
  case delimited
  case lines
  case document
  /// JSON; its first bytes show which kind.
  case json
  /// Its first bytes show.
  case unknown

  /// A declaration counts, then the file's ending, then what the format says that only JSON has.
  init(_ format: FileFormat, path: String) {
    switch format.kind {
    case .csv: self = .delimited
    case .ndjson: self = .lines
    case .json: self = .document
    case nil:
      // A URL's file name ends before its parameters.
      var name = path.lowercased()
      if name.hasPrefix("http"), name.contains("://") { name = String(name.prefix { $0 != "?" }) }
      if name.hasSuffix(".gz") { name.removeLast(3) }
      if name.hasSuffix(".zst") { name.removeLast(4) }
      let isDeclaredJSON = format.records != nil || format.each != nil
      if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") {
        self = .lines
      } else if format.records != nil {
        self = .document
      } else if isDeclaredJSON || name.hasSuffix(".json") {
        self = .json
      } else if [".csv", ".tsv", ".txt"].contains(where: name.hasSuffix) {
        self = .delimited
      } else {
        self = .unknown
      }
    }
  }

  /// What the first bytes show; nil when they are no JSON.
  ///
  /// - Parameter head: The text's beginning, without byte order mark.
  func settled(_ head: [UInt8], isAll: Bool) -> FileFormat.Kind? {
    switch self {
    case .delimited: return nil
    case .lines: return .ndjson
    case .document: return .json
    case .json: return Self.kind(head, isAll: isAll)
    case .unknown: return Self.looksLikeJSON(head) ? Self.kind(head, isAll: isAll) : nil
    }
  }

  private static func firstMarks(_ head: [UInt8]) -> (first: UInt8, second: UInt8?)? {
    let marks = head.lazy.filter { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }.prefix(2)
    let found = Array(marks)
    return found.first.map { ($0, found.count > 1 ? found[1] : nil) }
  }

  /// A brace with a name in quotes behind it, or a bracket with an object.
  private static func looksLikeJSON(_ head: [UInt8]) -> Bool {
    guard let marks = firstMarks(head), let second = marks.second else { return false }
    return marks.first == 0x7B && (second == 0x22 || second == 0x7D)
      || marks.first == 0x5B && (second == 0x7B || second == 0x5D)
  }

  /// Lines, when the first line is a whole object and another one begins behind it.
  private static func kind(_ head: [UInt8], isAll: Bool) -> FileFormat.Kind {
    guard firstMarks(head)?.first == 0x7B,
      let start = head.firstIndex(of: 0x7B), let end = head[start...].firstIndex(of: 0x0A),
      firstMarks(Array(head[end...]))?.first == 0x7B,
      let tree = try? FieldTree([], each: nil)
    else { return .json }
    let line = Array(head[start..<end])
    let isWhole = line.withUnsafeBufferPointer { text in
      let tokens = TokenIndex()
      tokens.find(in: UnsafeRawBufferPointer(text), marksLines: false, isLast: true)
      let scanner = DocumentScanner(tree, decimalMark: 0x2E)
      scanner.begin(text, tokens, count: tokens.count, isLast: true)
      guard case .complete = scanner.scan(from: 0, stop: tokens.faults.first?.at ?? .max) else {
        return false
      }
      return scanner.next == tokens.count
    }
    return isWhole ? .ndjson : .json
  }
}
