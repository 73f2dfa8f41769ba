/// Ids that look random, as Stripe's and Salesforce's do, but are a function of what they name.
enum OpaqueID {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// At least 11 letters and digits; different (kind, index, ordinal) never give the same ones.
  static func letters(kind: Int, _ index: Int, _ ordinal: Int, length: Int) -> String {
    var number = SeededRandom.scrambled(UInt64(kind) << 56 | UInt64(index) << 16 | UInt64(ordinal))
    var text = [UInt8](repeating: alphabet[0], count: length)
    for position in 0..<min(11, length) {
      text[position] = alphabet[Int(number % 62)]
      number /= 62
    }
    var filling = SeededRandom.scrambled(UInt64(index) << 8 | UInt64(kind))
    for position in min(11, length)..<length {
      text[position] = alphabet[Int(filling % 62)]
      filling /= 62
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// An 18-character Salesforce id: key prefix, instance, number in base 62, and the three check characters.
  static func salesforce(prefix: String, _ index: Int) -> String {
    var text = Array((prefix + "5g00000").utf8)
    var number = index
    var tail = [UInt8](repeating: 0x41, count: 15 - text.count)
    for position in tail.indices.reversed() {
      tail[position] = alphabet[number % 62]
      number /= 62
    }
    text += tail
    // The check characters say which of each five letters are capitals, for systems that ignore case.
    for group in 0..<3 {
      var bits = 0
      for position in 0..<5 where (0x41...0x5A).contains(text[group * 5 + position]) { bits |= 1 << position }
      text.append(bits < 26 ? UInt8(0x41 + bits) : UInt8(0x30 + bits - 26))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
