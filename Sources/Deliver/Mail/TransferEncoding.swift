/// RFC 4648.
enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: some Collection<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var count = 0
    func write(_ characters: Int) {
      for position in 0..<4 {
        result.append(position < characters ? digits[Int(group >> UInt32(18 - 6 * position)) & 63] : 0x3D)
      }
    }
    for byte in bytes {
      group |= UInt32(byte) << UInt32(16 - 8 * count)
      count += 1
      if count == 3 {
        write(4)
        group = 0
        count = 0
      }
    }
    if count > 0 { write(count + 1) }
    return String(decoding: result, as: UTF8.self)
  }

  /// In lines of 76 characters, each ended.
  static func lines(_ bytes: [UInt8]) -> String {
    var result = ""
    var position = 0
    while position < bytes.count {
      result += text(bytes[position..<min(position + 57, bytes.count)]) + "\r\n"
      position += 57
    }
    return result
  }
}

/// RFC 2045's quoted-printable, for texts: readable as it stands, and no line is longer than 76 characters.
enum QuotedPrintable {
  static func text(_ text: String) -> String {
    var result: [UInt8] = []
    // By bytes: to Swift, CR and LF are one character.
    var lines = Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines {
      append(line.last == 0x0D ? line.dropLast() : line, to: &result)
      result += [0x0D, 0x0A]
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let digits = Array("0123456789ABCDEF".utf8)
    var width = 0
    for (index, byte) in line.enumerated() {
      let isLast = index == line.count - 1
      // White space at a line's end gets lost on the way; `From ` at its beginning is quoted by old mailboxes.
      let isPlain =
        (0x21...0x7E).contains(byte) && byte != 0x3D && !(width == 0 && byte == 0x46 && line.count > 4)
        || (byte == 0x20 || byte == 0x09) && !isLast
      let piece = isPlain ? [byte] : [0x3D, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      if width + piece.count > (isLast ? 76 : 75) {
        result += [0x3D, 0x0D, 0x0A]
        width = 0
      }
      result += piece
      width += piece.count
    }
  }
}
