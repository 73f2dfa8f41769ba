/// A text of at most eight bytes as one number, the first byte lowest; loads that overlap never touch a byte
/// beside it.
@inline(__always) func packedShort(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
  let bytes = UnsafeRawPointer(start)
  if count >= 8 { return UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) }
  if count >= 4 {
    let first = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
    let last = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
    return first | last &<< UInt64(8 &* (count &- 4))
  }
  guard count > 0 else { return 0 }
  let middle = count >> 1
  return UInt64(start[0]) | UInt64(start[middle]) &<< UInt64(8 &* middle)
    | UInt64(start[count &- 1]) &<< UInt64(8 &* (count &- 1))
}

/// A number of at most eight characters: digits, with at most one mark between them, and a minus before them.
struct ShortDecimal {
  let negative: Bool
  /// Without the mark.
  let digits: UInt64
  /// 0 to 6; trailing zeros count.
  let fractionDigits: Int

  /// nil for every other text, which may be a number all the same.
  @inline(__always) init?(_ text: FieldBytes, mark: UInt8) {
    guard var start = text.baseAddress else { return nil }
    var count = text.count
    guard count > 0, count <= 9 else { return nil }
    let isNegative = start[0] == 0x2D
    if isNegative {
      start += 1
      count &-= 1
    }
    guard count > 0, count <= 8 else { return nil }
    // Digits become 0 to 9, right-aligned behind zeros.
    let padding = UInt64(64 &- 8 &* count)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    var places = (packedShort(start, count) ^ (zeros &>> padding)) &<< padding
    let others =
      ((places & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | places) & 0x8080_8080_8080_8080
    var fraction = 0
    if others != 0 {
      let place = UInt64(others.trailingZeroBitCount & 0x38)
      guard others & (others &- 1) == 0, place > padding, place < 56,
        UInt8(truncatingIfNeeded: places &>> place) == mark ^ 0x30
      else { return nil }
      let before: UInt64 = (1 &<< place) &- 1
      fraction = 7 &- Int(place &>> 3)
      places = (places & before) &<< 8 | places & ~(before &<< 8 | 0xFF)
    }
    negative = isNegative
    fractionDigits = fraction
    digits = Self.number(places)
  }

  /// Eight digits, the first in the lowest byte: pairs, then fours, then all in three multiplications.
  @inline(__always) private static func number(_ places: UInt64) -> UInt64 {
    let pairs = places &* 10 &+ places &>> 8
    let mask: UInt64 = 0x0000_00FF_0000_00FF
    return
      ((pairs & mask) &* 0x000F_4240_0000_0064 &+ (pairs &>> 16 & mask) &* 0x0000_2710_0000_0001) &>> 32
  }

  /// The number times `10^scale`, where the scale is at least ``fractionDigits``.
  @inline(__always) func scaled(by scale: Int) -> Int64 {
    let value = Int64(bitPattern: digits &* Self.power(scale &- fractionDigits))
    return negative ? 0 &- value : value
  }

  @inline(__always) private static func power(_ exponent: Int) -> UInt64 {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1000
    case 4: 10_000
    case 5: 100_000
    default: 1_000_000
    }
  }
}
