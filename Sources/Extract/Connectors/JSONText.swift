import Model

/// A JSON text in memory, found sound, and the way to its values: each is named by its token, and keeps its bytes.
final class JSONText {
  private(set) var bytes: [UInt8] = []
  private let tokens = TokenIndex()
  /// Looks for no field: it checks the grammar.
  private let scanner = (try? FieldTree([], each: nil)).map { DocumentScanner($0, decimalMark: 0x2E) }
  /// Of a token that opens an object or array, the one that closes it.
  private var closing: [UInt32] = []

  /// The whole text's value.
  static let root = 0

  /// Takes another text; says what is wrong with it where it is no JSON.
  func load(_ text: [UInt8]) throws(JSONTextFault) {
    bytes = text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
    let fault: SyntaxFault? = bytes.withUnsafeBufferPointer { text in
      tokens.find(in: UnsafeRawBufferPointer(text), marksLines: false, isLast: true)
      var validity = TextValidity()
      validity.add(UnsafeRawBufferPointer(text))
      if !validity.isUTF8 || !validity.isComplete {
        tokens.add(TokenIndex.StringFault(at: validity.characterStart, kind: .notText))
      }
      guard let scanner else { return SyntaxFault(kind: .cutOff, at: 0) }
      scanner.begin(text, tokens, count: tokens.count, isLast: true)
      switch scanner.scan(from: 0, stop: tokens.faults.first?.at ?? .max) {
      case .fault(let fault): return fault
      case .incomplete: return SyntaxFault(kind: .cutOff, at: text.count)
      case .complete:
        guard scanner.next < tokens.count else { return nil }
        return SyntaxFault(kind: .several, at: Int(tokens.offsets[scanner.next]))
      }
    }
    if let fault { throw JSONTextFault(fault, isEmpty: tokens.count == 0) }
    matchBrackets()
  }

  private func matchBrackets() {
    closing.removeAll(keepingCapacity: true)
    closing.append(contentsOf: repeatElement(0, count: tokens.count))
    var open: [Int] = []
    let offsets = tokens.offsets
    bytes.withUnsafeBufferPointer { text in
      for token in 0..<tokens.count {
        switch text[Int(offsets[token])] {
        case 0x7B, 0x5B: open.append(token)
        case 0x7D, 0x5D: if let start = open.popLast() { closing[start] = UInt32(truncatingIfNeeded: token) }
        default: break
        }
      }
    }
  }

  // MARK: Values

  func isObject(_ value: Int) -> Bool { first(value) == 0x7B }
  func isArray(_ value: Int) -> Bool { first(value) == 0x5B }
  func isString(_ value: Int) -> Bool { first(value) == 0x22 }
  func isNull(_ value: Int) -> Bool { first(value) == 0x6E }

  /// Whether an object or array holds nothing.
  func isEmpty(_ value: Int) -> Bool { Int(closing[value]) == value + 1 }

  private func first(_ value: Int) -> UInt8 { bytes[offset(value)] }

  func offset(_ value: Int) -> Int { Int(tokens.offsets[value]) }

  /// The token behind a value.
  private func after(_ value: Int) -> Int {
    let byte = first(value)
    return byte == 0x7B || byte == 0x5B ? Int(closing[value]) + 1 : value + 1
  }

  /// Where the value's bytes stand.
  func range(_ value: Int) -> Range<Int> {
    let start = offset(value)
    switch bytes[start] {
    case 0x7B, 0x5B: return start..<(offset(Int(closing[value])) + 1)
    default:
      var end = Int(tokens.offsets[value + 1])
      while end > start + 1, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[end - 1]) { end -= 1 }
      return start..<end
    }
  }

  /// A text without its escapes, a number, `true` or `false` as it is written; nil for null, objects and arrays, and for a text
  /// that holds no characters.
  func scalar(_ value: Int) -> String? {
    switch first(value) {
    case 0x22: string(range(value))
    case 0x7B, 0x5B, 0x6E: nil
    default: String(decoding: bytes[range(value)], as: UTF8.self)
    }
  }

  /// - Parameter range: With its quotes.
  private func string(_ range: Range<Int>) -> String? {
    let inner = bytes[(range.lowerBound + 1)..<(range.upperBound - 1)]
    guard inner.contains(0x5C) else { return String(decoding: inner, as: UTF8.self) }
    var text: [UInt8] = []
    let fault = inner.withUnsafeBufferPointer { StringEscapes.append($0, to: &text) }
    return fault == nil ? String(decoding: text, as: UTF8.self) : nil
  }

  /// What stands from a byte on, to the end of its line and of a line's usual length.
  func line(at byte: Int) -> String? {
    let line = bytes.dropFirst(byte).prefix(200).prefix { $0 >= 0x20 }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  // MARK: The way to them

  func elements(_ array: Int) -> [Int] {
    var elements: [Int] = []
    var token = array + 1
    let end = Int(closing[array])
    while token < end {
      elements.append(token)
      token = after(token) + 1
    }
    return elements
  }

  /// The value of a name; nil where the object has none, or has it twice: nothing says then which is true.
  func member(_ name: [UInt8], of object: Int) -> Int? {
    var found: Int?
    var token = object + 1
    let end = Int(closing[object])
    while token < end {
      if isName(token, name) {
        guard found == nil else { return nil }
        found = token + 2
      }
      token = after(token + 2) + 1
    }
    return found
  }

  private func isName(_ token: Int, _ name: [UInt8]) -> Bool {
    let start = offset(token) + 1
    let isPlain = start + name.count < bytes.count && bytes[start + name.count] == 0x22
    if isPlain, bytes[start..<(start + name.count)].elementsEqual(name) { return true }
    let range = range(token)
    guard bytes[range].contains(0x5C) else { return false }
    return string(range).map { Array($0.utf8) == name } ?? false
  }

  func value(_ steps: FieldSteps, in value: Int) -> Int? {
    var value = value
    for step in steps.names {
      if isObject(value) {
        guard let next = member(step, of: value) else { return nil }
        value = next
      } else {
        guard isArray(value), let position = Int(String(decoding: step, as: UTF8.self)) else { return nil }
        let elements = elements(value)
        guard elements.indices.contains(position) else { return nil }
        value = elements[position]
      }
    }
    return value
  }
}

/// A ``FieldPath`` as bytes, to be compared with a JSON text.
struct FieldSteps {
  let names: [[UInt8]]
  let text: String

  init(_ path: FieldPath) {
    names = path.names.map { Array($0.utf8) }
    text = path.dotted
  }
}

/// Why a text is no JSON.
struct JSONTextFault: Error {
  var at: Int
  var reason: String

  init(_ fault: SyntaxFault, isEmpty: Bool) {
    at = fault.at
    reason = isEmpty ? "it is empty" : fault.reason
  }
}
