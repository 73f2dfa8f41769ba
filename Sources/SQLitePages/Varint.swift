/// SQLite's integers of variable length: 1 to 9 bytes, seven bits each, the highest first; a ninth byte has all eight.
enum Varint {
  /// The bytes `value` takes, 1...9.
  @inline(__always)
  static func size(_ value: UInt64) -> Int {
    value < 0x80 ? 1 : min((70 &- value.leadingZeroBitCount) / 7, 9)
  }

  /// Writes `value` and returns the address after it.
  @inline(__always)
  static func write(_ value: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    if value < 0x80 {
      bytes[0] = UInt8(truncatingIfNeeded: value)
      return bytes + 1
    }
    if value < 0x4000 {
      bytes[0] = UInt8(truncatingIfNeeded: value &>> 7) | 0x80
      bytes[1] = UInt8(truncatingIfNeeded: value) & 0x7f
      return bytes + 2
    }
    return writeLong(value, to: bytes)
  }

  private static func writeLong(
    _ value: UInt64, to bytes: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    let size = size(value)
    var rest = value
    if size == 9 {
      bytes[8] = UInt8(truncatingIfNeeded: rest)
      rest &>>= 8
    } else {
      bytes[size &- 1] = UInt8(truncatingIfNeeded: rest) & 0x7f
      rest &>>= 7
    }
    var position = size &- 2
    while position >= 0 {
      bytes[position] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest &>>= 7
      position &-= 1
    }
    return bytes + size
  }

  /// Reads a value of at most 8 bytes and moves `bytes` behind it.
  @inline(__always)
  static func read(_ bytes: inout UnsafePointer<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    while true {
      let byte = bytes.pointee
      bytes += 1
      value = value &<< 7 | UInt64(byte & 0x7f)
      if byte < 0x80 { return value }
    }
  }
}
