/// The grammar of JSON's numbers and words.
enum ScalarSyntax {
  enum Kind { case number, exponent, word, null }

  /// Whether a token can end before this byte: at white space or a mark.
  @inline(__always) static func isEnd(_ byte: UInt8) -> Bool {
    byte == 0x2C || byte == 0x7D || byte == 0x5D || byte == 0x20 || byte == 0x0A || byte == 0x0D
      || byte == 0x09
      || byte == 0x3A || byte == 0x7B || byte == 0x5B
  }

  /// Reads the token at `start`; nil when it is no JSON value.
  ///
  /// - Parameter end: Where the text ends.
  @inline(__always)
  static func read(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> (kind: Kind, end: Int)? {
    let first = text[start]
    if first == 0x2D || first &- 0x30 <= 9 { return number(text, start, end) }
    let found: (kind: Kind, end: Int)
    switch first {
    case 0x6E where matches(text, start, end, 0x6C_6C75_6E): found = (.null, start + 4)
    case 0x74 where matches(text, start, end, 0x6575_7274): found = (.word, start + 4)
    case 0x66 where start + 5 <= end && matches(text, start + 1, end, 0x6573_6C61): found = (.word, start + 5)
    default: return nil
    }
    return found.end == end || isEnd(text[found.end]) ? found : nil
  }

  @inline(__always)
  private static func matches(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ word: UInt32) -> Bool
  {
    start + 4 <= end
      && UInt32(
        littleEndian: UnsafeRawPointer(text).loadUnaligned(fromByteOffset: start, as: UInt32.self)) == word
  }

  /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
  @inline(__always)
  private static func number(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> (
    kind: Kind, end: Int
  )? {
    var at = start
    if text[at] == 0x2D { at += 1 }
    guard at < end, text[at] &- 0x30 <= 9 else { return nil }
    if text[at] == 0x30 {
      at += 1
    } else {
      at = endOfDigits(text, at, end)
    }
    if at < end, text[at] == 0x2E {
      let after = endOfDigits(text, at + 1, end)
      guard after > at + 1 else { return nil }
      at = after
    }
    var kind = Kind.number
    if at < end, text[at] | 0x20 == 0x65 {
      kind = .exponent
      at += 1
      if at < end, text[at] == 0x2B || text[at] == 0x2D { at += 1 }
      let after = endOfDigits(text, at, end)
      guard after > at else { return nil }
      at = after
    }
    return at == end || isEnd(text[at]) ? (kind, at) : nil
  }

  @inline(__always)
  private static func endOfDigits(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at < end, text[at] &- 0x30 <= 9 { at &+= 1 }
    return at
  }
}

/// A number with an exponent as plain digits: `1.5e3` is `1500`, `1E-2` is `0.01`. Exactly, since only the point moves.
enum PlainNumber {
  /// Digits a number may be written out to; more is no quantity anybody bills.
  private static let longest = 80

  /// Appends the number written out; false when it would be too long, and nothing is appended.
  ///
  /// - Parameter number: By JSON's grammar, with an exponent.
  static func append(_ number: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) -> Bool {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var index = 0
    let isNegative = number[0] == 0x2D
    if isNegative { index = 1 }
    while index < number.count, number[index] | 0x20 != 0x65 {
      if number[index] == 0x2E { point = digits.count } else { digits.append(number[index]) }
      index += 1
    }
    index += 1
    let isDown = index < number.count && number[index] == 0x2D
    if index < number.count, number[index] == 0x2D || number[index] == 0x2B { index += 1 }
    while index < number.count {
      exponent = min(exponent * 10 + Int(number[index] &- 0x30), 1_000_000)
      index += 1
    }
    if digits.allSatisfy({ $0 == 0x30 }) {
      text.append(0x30)
      return true
    }
    let place = (point ?? digits.count) + (isDown ? -exponent : exponent)
    guard digits.count <= longest, abs(place) <= longest else { return false }
    if isNegative { text.append(0x2D) }
    let whole = (0..<max(place, 0)).map { $0 < digits.count ? digits[$0] : 0x30 }.drop { $0 == 0x30 }
    text.append(contentsOf: whole.isEmpty ? [0x30] : Array(whole))
    var fraction = [UInt8](repeating: 0x30, count: max(-place, 0))
    if place < digits.count { fraction += digits[max(place, 0)...] }
    guard !fraction.isEmpty else { return true }
    text.append(0x2E)
    text += fraction
    return true
  }
}
