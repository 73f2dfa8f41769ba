/// Turns Latin-1 and UTF-16 into UTF-8, block by block.
///
/// What is no character (half a surrogate pair, half a unit at the file's end) becomes bytes that are not UTF-8, so that
/// the check of each row finds it.
struct TextConverter {
  private let form: TextEncoding.Form
  private var firstByte: UInt8?
  private var highSurrogate: UInt32?

  init(_ form: TextEncoding.Form) {
    self.form = form
  }

  mutating func convert(_ bytes: UnsafeRawBufferPointer, into text: inout [UInt8]) {
    switch form {
    case .utf8: text.append(contentsOf: bytes)
    case .latin1: for byte in bytes { Self.append(Self.scalar(byte), to: &text) }
    case .utf16le, .utf16be: for byte in bytes { addHalf(byte, to: &text) }
    }
  }

  /// What is left at the end of the file.
  mutating func finish(into text: inout [UInt8]) {
    if let high = highSurrogate { Self.append(high, to: &text) }
    if firstByte != nil { text.append(0xFF) }
    highSurrogate = nil
    firstByte = nil
  }

  private mutating func addHalf(_ byte: UInt8, to text: inout [UInt8]) {
    guard let first = firstByte else {
      firstByte = byte
      return
    }
    firstByte = nil
    let unit = form == .utf16le ? UInt32(byte) << 8 | UInt32(first) : UInt32(first) << 8 | UInt32(byte)
    if let high = highSurrogate {
      highSurrogate = nil
      if unit & 0xFC00 == 0xDC00 {
        Self.append(0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF, to: &text)
        return
      }
      Self.append(high, to: &text)
    }
    if unit & 0xFC00 == 0xD800 {
      highSurrogate = unit
    } else {
      Self.append(unit, to: &text)
    }
  }

  private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: (scalar >> shift) & 0x3F) }
    if scalar < 0x80 {
      text.append(UInt8(scalar))
    } else if scalar < 0x800 {
      text.append(0xC0 | UInt8(scalar >> 6))
      text.append(tail(0))
    } else if scalar < 0x10000 {
      text.append(0xE0 | UInt8(scalar >> 12))
      text.append(tail(6))
      text.append(tail(0))
    } else {
      text.append(0xF0 | UInt8(scalar >> 18))
      text.append(tail(12))
      text.append(tail(6))
      text.append(tail(0))
    }
  }

  /// What is called Latin-1 is Windows-1252 in the field: 0x80 is a euro sign, never a control character.
  private static func scalar(_ byte: UInt8) -> UInt32 {
    byte & 0xE0 == 0x80 ? windows1252[Int(byte) - 0x80] : UInt32(byte)
  }

  /// 0x80 to 0x9F as the WHATWG Encoding Standard maps them.
  private static let windows1252: [UInt32] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x008D,
    0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
    0x203A,
    0x0153, 0x009D, 0x017E, 0x0178,
  ]
}
