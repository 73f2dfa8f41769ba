/// The numbers that a word on the next page shows: `o-10`, `v1:100`, or in base64 `{"offset": 10}`.
enum ShownNumbers {
  static func of(_ text: some StringProtocol) -> Set<Int> {
    var numbers = plain(text.utf8)
    if let decoded = base64(text.utf8) { numbers.formUnion(plain(decoded)) }
    return numbers
  }

  /// Digits between anything that is neither letter nor digit: a name such as `c010` shows none.
  private static func plain(_ bytes: some Sequence<UInt8>) -> Set<Int> {
    var numbers: Set<Int> = []
    var digits: [UInt8] = []
    var isName = false
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
    func end() {
      if !isName, let number = Int(String(decoding: digits, as: UTF8.self)) { numbers.insert(number) }
      digits = []
      isName = false
    }
    for byte in bytes {
      if isDigit(byte) {
        digits.append(byte)
      } else if isLetter(byte) {
        isName = true
      } else {
        end()
      }
    }
    end()
    return numbers
  }

  /// What a text in base64 says, of either alphabet, padded or not; nil where that is no plain text.
  private static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes where byte != 0x3D {
      let value: UInt8
      switch byte {
      case 0x41...0x5A: value = byte - 0x41
      case 0x61...0x7A: value = byte - 0x61 + 26
      case 0x30...0x39: value = byte - 0x30 + 52
      case 0x2B, 0x2D: value = 62
      case 0x2F, 0x5F: value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let character = UInt8(truncatingIfNeeded: bits >> UInt32(count))
      guard (0x20..<0x7F).contains(character) else { return nil }
      decoded.append(character)
    }
    return decoded.isEmpty ? nil : decoded
  }
}
