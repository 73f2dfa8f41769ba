import Model

/// Header fields of a mail: whatever is in a text, it ends neither its line nor the header, and no line is longer than 76 characters.
enum HeaderText {
  private static let width = 76

  /// `Subject: text`, folded, with what is not ASCII encoded by RFC 2047.
  static func field(_ name: String, _ text: String) -> String {
    let text = harmless(text)
    guard needsEncoding(text) else {
      return folded(name + ":", text.split(separator: " ", omittingEmptySubsequences: false).map(String.init))
    }
    return folded(name + ":", encodedWords(text))
  }

  /// `To: Name <address>`.
  static func field(_ name: String, _ address: MailAddress) -> String {
    guard !address.name.isEmpty else { return "\(name): \(address.address)" }
    let phrase = harmless(address.name)
    let words =
      needsEncoding(phrase)
      ? encodedWords(phrase)
      : phrase.utf8.allSatisfy(isAtom) ? phrase.split(separator: " ").map(String.init) : ["\"\(phrase)\""]
    return folded(name + ":", words + ["<\(address.address)>"])
  }

  /// A file's name as the value of a parameter: plain where it can be, else by RFC 2231.
  static func parameter(_ name: String, _ value: String) -> String {
    let value = harmless(value)
    let isPlain = value.utf8.allSatisfy { isAtom($0) || $0 == 0x2E }
    guard !isPlain else { return "\(name)=\"\(value)\"" }
    let encoded = value.utf8.map { byte in
      isAttribute(byte) ? String(UnicodeScalar(byte)) : "%" + hex(byte)
    }.joined()
    return "\(name)*=UTF-8''\(encoded)"
  }

  /// Line breaks and other controls become spaces, runs of which become one.
  static func harmless(_ text: String) -> String {
    let cleaned = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: " "
          default: scalar
          }
        }))
    return cleaned.split(separator: " ").joined(separator: " ")
  }

  /// A word too long for a line is encoded as well: encoded words can be parted.
  private static func needsEncoding(_ text: String) -> Bool {
    text.utf8.contains { $0 >= 0x80 } || text.contains("=?")
      || text.split(separator: " ").contains { $0.utf8.count > width - 16 }
  }

  /// `=?UTF-8?B?...?=` pieces, parted between characters.
  private static func encodedWords(_ text: String) -> [String] {
    // 39 bytes are 52 characters of Base64, with their frame 64: the first stands beside the field's name.
    let limit = 39
    var words: [String] = []
    var bytes: [UInt8] = []
    func close() {
      if !bytes.isEmpty { words.append("=?UTF-8?B?\(Base64.text(bytes))?=") }
      bytes = []
    }
    for scalar in text.unicodeScalars {
      let character = Array(String(scalar).utf8)
      if bytes.count + character.count > limit { close() }
      bytes += character
    }
    close()
    return words
  }

  private static func folded(_ start: String, _ words: [String]) -> String {
    var lines = ""
    var line = start
    for word in words {
      if line.utf8.count + 1 + word.utf8.count > width, line != start {
        lines += line + "\r\n"
        line = ""
      }
      line += " " + word
    }
    return lines + line
  }

  private static func isAtom(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "!#$%&'*+-/=?^_`{|}~ ".utf8.contains(byte)
  }

  private static func isAttribute(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "!#$&+-.^_`{|}~".utf8.contains(byte)
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
  }
}
