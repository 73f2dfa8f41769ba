/// The text of a JSON string without its escapes.
enum StringEscapes {
  enum Fault {
    /// Half of a surrogate pair: no character, and no UTF-8 can hold it.
    case loneSurrogate
    case nul
  }

  /// Appends the text; the string's escapes are known to be well formed.
  ///
  /// - Returns: What no text may hold, and its offset in `string`; what is appended is then of no use.
  static func append(
    _ string: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]
  ) -> (fault: Fault, at: Int)? {
    var at = 0
    var kept = 0
    while at < string.count {
      guard string[at] == 0x5C else {
        at += 1
        continue
      }
      text.append(contentsOf: UnsafeBufferPointer(rebasing: string[kept..<at]))
      let escape = at
      at += 2
      switch string[escape + 1] {
      case 0x62: text.append(0x08)
      case 0x66: text.append(0x0C)
      case 0x6E: text.append(0x0A)
      case 0x72: text.append(0x0D)
      case 0x74: text.append(0x09)
      case 0x75:
        let unit = hex(string, at)
        at += 4
        var scalar = unit
        if unit & 0xFC00 == 0xD800 {
          guard at + 6 <= string.count, string[at] == 0x5C, string[at + 1] == 0x75 else {
            return (.loneSurrogate, escape)
          }
          let low = hex(string, at + 2)
          guard low & 0xFC00 == 0xDC00 else { return (.loneSurrogate, escape) }
          at += 6
          scalar = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
        } else if unit & 0xFC00 == 0xDC00 {
          return (.loneSurrogate, escape)
        }
        guard scalar != 0 else { return (.nul, escape) }
        if let character = Unicode.Scalar(scalar) {
          text.append(contentsOf: UTF8.encode(character) ?? .init())
        }
      default: text.append(string[escape + 1])
      }
      kept = at
    }
    text.append(contentsOf: UnsafeBufferPointer(rebasing: string[kept...]))
    return nil
  }

  private static func hex(_ string: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32 {
    string[start..<start + 4].reduce(0) { number, digit in
      number << 4 | UInt32(digit <= 0x39 ? digit &- 0x30 : (digit | 0x20) &- 0x57)
    }
  }
}
