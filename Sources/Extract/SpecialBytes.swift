/// Offsets of the bytes that can end a field or change how one is read, in ascending order.
///
/// One pass with vectors finds them, so that the record scanner never looks at the bytes in between.
final class SpecialBytes {
  private(set) var offsets: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  private var capacity: Int

  init() {
    capacity = 1 << 12
    offsets = .allocate(capacity: capacity)
  }

  deinit {
    offsets.deallocate()
  }

  /// Finds delimiters (their first byte), quotes, escapes, CR and LF.
  func find(in text: UnsafeRawBufferPointer, _ dialect: Dialect) {
    if dialect.escape == dialect.quote {
      find(in: text, dialect, looksForEscapes: false)
    } else {
      find(in: text, dialect, looksForEscapes: true)
    }
  }

  @inline(__always)
  private func find(in text: UnsafeRawBufferPointer, _ dialect: Dialect, looksForEscapes: Bool) {
    count = 0
    guard let start = text.baseAddress else { return }
    let delimiter = SIMD16<UInt8>(repeating: dialect.delimiter.first ?? 0x0A)
    let quote = SIMD16<UInt8>(repeating: dialect.quote)
    let escape = SIMD16<UInt8>(repeating: dialect.escape)
    let lineFeed = SIMD16<UInt8>(repeating: 0x0A)
    let carriageReturn = SIMD16<UInt8>(repeating: 0x0D)
    @inline(__always) func marks(_ bytes: SIMD16<UInt8>) -> UInt64 {
      var found =
        (bytes .== delimiter) .| (bytes .== quote) .| (bytes .== lineFeed) .| (bytes .== carriageReturn)
      if looksForEscapes { found .|= bytes .== escape }
      // A byte of ones or zeros for each byte becomes a bit: byte k keeps bit k, the product adds them up on top.
      let halves = unsafeBitCast(found, to: SIMD2<UInt64>.self)
      let low = ((halves.x & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) &>> 56
      let high = ((halves.y & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) &>> 56
      return low | high &<< 8
    }
    var base = 0
    while base + 64 <= text.count {
      if count + 64 > capacity { grow() }
      var bits =
        marks(start.loadUnaligned(fromByteOffset: base, as: SIMD16<UInt8>.self))
        | marks(start.loadUnaligned(fromByteOffset: base + 16, as: SIMD16<UInt8>.self)) &<< 16
        | marks(start.loadUnaligned(fromByteOffset: base + 32, as: SIMD16<UInt8>.self)) &<< 32
        | marks(start.loadUnaligned(fromByteOffset: base + 48, as: SIMD16<UInt8>.self)) &<< 48
      var next = offsets + count
      let found = bits.nonzeroBitCount
      count &+= found
      // Eight at a time, however few there are: what is too much is written over, and no branch depends on the number.
      for index in 0..<8 {
        next[index] = UInt32(truncatingIfNeeded: base &+ bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
      if found > 8 {
        next += 8
        while bits != 0 {
          next.pointee = UInt32(truncatingIfNeeded: base &+ bits.trailingZeroBitCount)
          next += 1
          bits &= bits &- 1
        }
      }
      base += 64
    }
    if count + 64 > capacity { grow() }
    while base < text.count {
      let byte = text[base]
      if byte == delimiter[0] || byte == quote[0] || byte == escape[0] || byte == 0x0A || byte == 0x0D {
        offsets[count] = UInt32(truncatingIfNeeded: base)
        count += 1
      }
      base += 1
    }
  }

  private func grow() {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
    larger.update(from: offsets, count: count)
    offsets.deallocate()
    offsets = larger
    capacity *= 2
  }
}
