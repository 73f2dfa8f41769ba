/// Arithmetic over metrics: `mrr_net_new * 12`, `(mrr - mrr[-12]) / mrr[-12]`.
public indirect enum MetricExpression: Sendable, Hashable {
  public enum Operation: Character, Sendable, CaseIterable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  /// A decimal, in units of `10^-scale`.
  case number(Int64, scale: Int)
  /// A metric of the same period, or of the one `earlier` periods before.
  case metric(String, earlier: Int)
  case negated(MetricExpression)
  case operation(Operation, MetricExpression, MetricExpression)

  /// All metrics it names, each once, in the order they stand in.
  public var metrics: [String] {
    var found: [String] = []
    forEachMetric { id, _ in if !found.contains(id) { found.append(id) } }
    return found
  }

  /// Whether it looks at periods before.
  public var looksBack: Bool {
    var looks = false
    forEachMetric { if $1 > 0 { looks = true } }
    return looks
  }

  private func forEachMetric(_ body: (_ id: String, _ earlier: Int) -> Void) {
    switch self {
    case .number: break
    case .metric(let id, let earlier): body(id, earlier)
    case .negated(let inner): inner.forEachMetric(body)
    case .operation(_, let left, let right):
      left.forEachMetric(body)
      right.forEachMetric(body)
    }
  }

  /// Where an expression stops being one.
  public struct Fault: Error, Sendable, Hashable {
    /// Position in the text, in characters from 0.
    public var offset: Int
    /// One sentence without full stop.
    public var problem: String
  }

  public init(_ text: String) throws(Fault) {
    var parser = MetricExpressionParser(text)
    self = try parser.whole()
  }
}

/// Reads an expression by recursive descent.
private struct MetricExpressionParser {
  /// Deep enough for any sentence a person writes, and shallow enough for every stack.
  private static let mostNested = 100
  /// A chain of operators is as deep as it is long.
  private static let mostCharacters = 2000
  private let characters: [Character]
  private var place = 0
  private var depth = 0

  init(_ text: String) { characters = Array(text) }

  mutating func whole() throws(MetricExpression.Fault) -> MetricExpression {
    guard characters.count <= Self.mostCharacters else {
      throw fault("an expression has at most \(Self.mostCharacters) characters")
    }
    let expression = try sum()
    skipSpace()
    guard place == characters.count else { throw unexpected("an operator or the end") }
    return expression
  }

  private mutating func sum() throws(MetricExpression.Fault) -> MetricExpression {
    var left = try product()
    while let operation = take([.add, .subtract]) { left = .operation(operation, left, try product()) }
    return left
  }

  private mutating func product() throws(MetricExpression.Fault) -> MetricExpression {
    var left = try factor()
    while let operation = take([.multiply, .divide]) { left = .operation(operation, left, try factor()) }
    return left
  }

  private mutating func factor() throws(MetricExpression.Fault) -> MetricExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.mostNested else { throw fault("more than \(Self.mostNested) levels of parentheses") }
    skipSpace()
    guard place < characters.count else { throw unexpected("a metric, a number or `(`") }
    let character = characters[place]
    if character == "-" {
      place += 1
      return .negated(try factor())
    }
    if character == "(" {
      place += 1
      let inner = try sum()
      try expect(")")
      return inner
    }
    if isDigit(character) { return try number() }
    guard character.isASCII, character.isLetter else { throw unexpected("a metric, a number or `(`") }
    let start = place
    while place < characters.count, isWord(characters[place]) { place += 1 }
    return .metric(String(characters[start..<place]), earlier: try earlier())
  }

  /// `[-12]`: twelve periods before.
  private mutating func earlier() throws(MetricExpression.Fault) -> Int {
    skipSpace()
    guard place < characters.count, characters[place] == "[" else { return 0 }
    place += 1
    try expect("-")
    skipSpace()
    let start = place
    while place < characters.count, isDigit(characters[place]) { place += 1 }
    guard let periods = Int(String(characters[start..<place])), (1...120).contains(periods) else {
      place = start
      throw fault("`[-n]` is a number of periods from 1 to 120")
    }
    try expect("]")
    return periods
  }

  private mutating func number() throws(MetricExpression.Fault) -> MetricExpression {
    let start = place
    while place < characters.count, isDigit(characters[place]) || characters[place] == "." { place += 1 }
    let parts = characters[start..<place].split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1].count : 0
    guard parts.count <= 2, parts.count == 1 || decimals > 0, decimals <= 9,
      let value = Int64(String(parts.joined())), value < 1_000_000_000_000_000
    else {
      place = start
      throw fault("a number has at most fifteen digits, one to nine of them behind a point")
    }
    return .number(value, scale: decimals)
  }

  private mutating func take(_ operations: [MetricExpression.Operation]) -> MetricExpression.Operation? {
    skipSpace()
    guard place < characters.count,
      let operation = operations.first(where: { $0.rawValue == characters[place] })
    else { return nil }
    place += 1
    return operation
  }

  private mutating func expect(_ character: Character) throws(MetricExpression.Fault) {
    skipSpace()
    guard place < characters.count, characters[place] == character else {
      throw unexpected("`\(character)`")
    }
    place += 1
  }

  private mutating func skipSpace() {
    while place < characters.count, characters[place].isWhitespace { place += 1 }
  }

  private func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
  private func isWord(_ character: Character) -> Bool {
    character == "_" || character.isASCII && (character.isLetter || character.isNumber)
  }

  private func fault(_ problem: String) -> MetricExpression.Fault {
    MetricExpression.Fault(offset: place, problem: problem)
  }

  private func unexpected(_ expected: String) -> MetricExpression.Fault {
    place < characters.count
      ? fault("`\(characters[place])` stands where \(expected) is expected")
      : fault("the expression ends where \(expected) is expected")
  }
}
