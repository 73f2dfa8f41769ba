/// Where the tokens of a JSON text begin: braces, brackets, colons, commas, opening quotes, and the first bytes of numbers
/// and words. What lies inside of strings is passed over.
///
/// One pass with vectors finds them, 64 bytes at a time, so that a scanner goes from token to token and never looks at the
/// bytes of a field nobody asked for. The same pass finds what spoils a string: control characters and wrong escapes.
final class TokenIndex {
  struct StringFault {
    enum Kind { case controlCharacter, badEscape, unclosed, notText }
    var at: Int
    var kind: Kind
  }

  // Vectors with vectors: comparing with a single byte is done byte after byte.
  private let quote = SIMD16<UInt8>(repeating: 0x22)
  private let backslash = SIMD16<UInt8>(repeating: 0x5C)
  private let braceOpen = SIMD16<UInt8>(repeating: 0x7B)
  private let braceClose = SIMD16<UInt8>(repeating: 0x7D)
  private let colon = SIMD16<UInt8>(repeating: 0x3A)
  private let comma = SIMD16<UInt8>(repeating: 0x2C)
  private let space = SIMD16<UInt8>(repeating: 0x20)
  private let lineFeed = SIMD16<UInt8>(repeating: 0x0A)
  private let carriageReturn = SIMD16<UInt8>(repeating: 0x0D)
  private let tab = SIMD16<UInt8>(repeating: 0x09)
  /// The bits that are all zero in control characters.
  private let printable = SIMD16<UInt8>(repeating: 0xE0)
  private let zero = SIMD16<UInt8>(repeating: 0)

  /// One more than ``count``: the last is the end of the text.
  private(set) var offsets: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  private var capacity = 1 << 12
  /// By ascending offset.
  private(set) var faults: [StringFault] = []
  /// Offsets of the backslashes that begin escapes, ascending.
  private(set) var escapes: [UInt32] = []
  /// Whether the text ends inside of a string.
  private(set) var endsInString = false
  private var isEscaped: UInt64 = 0
  private var isScalar: UInt64 = 0
  private var inside: UInt64 = 0

  init() {
    offsets = .allocate(capacity: capacity)
  }

  deinit {
    offsets.deallocate()
  }

  /// Finds the tokens of a text that begins outside of a string.
  ///
  /// - Parameters:
  ///   - marksLines: Line feeds are tokens, too, and end a string that is open.
  ///   - isLast: No text follows: a string that is open is a fault.
  func find(in text: UnsafeRawBufferPointer, marksLines: Bool, isLast: Bool) {
    count = 0
    faults.removeAll(keepingCapacity: true)
    escapes.removeAll(keepingCapacity: true)
    (isEscaped, isScalar, inside) = (0, 0, 0)
    if let start = text.baseAddress {
      var base = 0
      while base + 64 <= text.count {
        take(start + base, base, text, marksLines)
        base += 64
      }
      if base < text.count {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) { block in
          block.initializeMemory(as: UInt8.self, repeating: 0x20)
          block.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[base...]))
          if let address = block.baseAddress { take(UnsafeRawPointer(address), base, text, marksLines) }
        }
      }
    }
    if count + 1 > capacity { grow() }
    offsets[count] = UInt32(truncatingIfNeeded: text.count)
    endsInString = inside != 0
    if isLast, endsInString { faults.append(StringFault(at: text.count, kind: .unclosed)) }
    sortFaults()
  }

  /// Adds a fault that another check of the same text found.
  func add(_ fault: StringFault) {
    faults.append(fault)
    sortFaults()
  }

  private func sortFaults() {
    if faults.count > 1 { faults.sort { $0.at < $1.at } }
  }

  @inline(__always)
  private func take(
    _ block: UnsafeRawPointer, _ base: Int, _ text: UnsafeRawBufferPointer, _ marksLines: Bool
  ) {
    let first = quarter(block, 0)
    let second = quarter(block, 16)
    let third = quarter(block, 32)
    let fourth = quarter(block, 48)
    var quotes = first.quotes | second.quotes &<< 16 | third.quotes &<< 32 | fourth.quotes &<< 48
    var marks = first.marks | second.marks &<< 16 | third.marks &<< 32 | fourth.marks &<< 48
    let blanks = first.blanks | second.blanks &<< 16 | third.blanks &<< 32 | fourth.blanks &<< 48
    let backslashes = first.backslashes | second.backslashes | third.backslashes | fourth.backslashes
    let controls = first.controls | second.controls | third.controls | fourth.controls
    if isEscaped != 0 || isAny(backslashes) {
      quotes &= ~escaped(bits(of: backslash, in: block), base, text)
    }
    var inside = quotes
    inside ^= inside &<< 1
    inside ^= inside &<< 2
    inside ^= inside &<< 4
    inside ^= inside &<< 8
    inside ^= inside &<< 16
    inside ^= inside &<< 32
    inside ^= self.inside
    if isAny(controls) {
      let lineFeeds = bits(of: lineFeed, in: block)
      let controls = controlBits(in: block)
      var bad = controls & inside
      while bad != 0 {
        let place = bad.trailingZeroBitCount
        let bit: UInt64 = 1 &<< UInt64(place)
        let endsLine = lineFeeds & bit != 0
        faults.append(StringFault(at: base + place, kind: endsLine ? .unclosed : .controlCharacter))
        if endsLine { inside ^= ~UInt64(0) &<< UInt64(place) }
        bad = controls & inside & ~(bit | (bit &- 1))
      }
      if marksLines { marks |= lineFeeds }
    }
    self.inside = UInt64(bitPattern: Int64(bitPattern: inside) &>> 63)
    let scalars = ~(marks | blanks | quotes | inside)
    let starts = scalars & ~(scalars &<< 1 | isScalar)
    isScalar = scalars &>> 63
    emit((marks & ~inside) | (quotes & inside) | starts, base)
  }

  private struct Quarter {
    var quotes: UInt64
    var marks: UInt64
    var blanks: UInt64
    var backslashes: SIMD16<UInt8>
    var controls: SIMD16<UInt8>
  }

  @inline(__always) private func quarter(_ block: UnsafeRawPointer, _ offset: Int) -> Quarter {
    let bytes = block.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    // Brackets are braces without this bit.
    let folded = bytes | space
    return Quarter(
      quotes: bits(bytes .== quote),
      marks: bits(
        (folded .== braceOpen) .| (folded .== braceClose) .| (bytes .== colon) .| (bytes .== comma)),
      blanks: bits(
        (bytes .== space) .| (bytes .== lineFeed) .| (bytes .== carriageReturn) .| (bytes .== tab)),
      backslashes: ones(bytes .== backslash), controls: ones((bytes & printable) .== zero))
  }

  /// The bytes that a backslash before them makes plain.
  private func escaped(_ backslashes: UInt64, _ base: Int, _ text: UnsafeRawBufferPointer) -> UInt64 {
    var escaped = isEscaped
    isEscaped = 0
    var rest = backslashes & ~escaped
    while rest != 0 {
      let place = rest.trailingZeroBitCount
      escapes.append(UInt32(truncatingIfNeeded: base + place))
      if !isEscape(at: base + place, in: text) {
        faults.append(StringFault(at: base + place, kind: .badEscape))
      }
      if place == 63 {
        isEscaped = 1
        break
      }
      let bit: UInt64 = 1 &<< UInt64(place)
      escaped |= bit &<< 1
      rest &= ~(bit | bit &<< 1)
    }
    return escaped
  }

  /// What the end of the text cuts off is given the benefit of the doubt: its string is not closed either.
  private func isEscape(at backslash: Int, in text: UnsafeRawBufferPointer) -> Bool {
    guard backslash + 1 < text.count else { return true }
    switch text[backslash + 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return true
    case 0x75:
      let digits = text[(backslash + 2)..<max(backslash + 2, min(backslash + 6, text.count))]
      return digits.allSatisfy { ($0 &- 0x30) <= 9 || (($0 | 0x20) &- 0x61) <= 5 }
    default: return false
    }
  }

  private func bits(of byte: SIMD16<UInt8>, in block: UnsafeRawPointer) -> UInt64 {
    var found: UInt64 = 0
    for quarter in 0..<4 {
      let bytes = block.loadUnaligned(fromByteOffset: 16 &* quarter, as: SIMD16<UInt8>.self)
      found |= bits(bytes .== byte) &<< UInt64(16 &* quarter)
    }
    return found
  }

  private func controlBits(in block: UnsafeRawPointer) -> UInt64 {
    var found: UInt64 = 0
    for quarter in 0..<4 {
      let bytes = block.loadUnaligned(fromByteOffset: 16 &* quarter, as: SIMD16<UInt8>.self)
      found |= bits((bytes & printable) .== zero) &<< UInt64(16 &* quarter)
    }
    return found
  }

  /// A byte of ones or zeros for each byte becomes a bit: byte k keeps bit k, the product adds them up on top.
  @inline(__always) private func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
    let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    let low = ((halves.x & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) &>> 56
    let high = ((halves.y & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) &>> 56
    return low | high &<< 8
  }

  @inline(__always) private func ones(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD16<UInt8> {
    unsafeBitCast(mask, to: SIMD16<UInt8>.self)
  }

  @inline(__always) private func isAny(_ bytes: SIMD16<UInt8>) -> Bool {
    let halves = unsafeBitCast(bytes, to: SIMD2<UInt64>.self)
    return halves.x | halves.y != 0
  }

  @inline(__always) private func emit(_ tokens: UInt64, _ base: Int) {
    if count &+ 64 > capacity { grow() }
    var bits = tokens
    var next = offsets + count
    let found = bits.nonzeroBitCount
    count &+= found
    var left = found
    // Eight at a time, however few there are: what is too much is written over, and no branch depends on the number.
    while left > 0 {
      for index in 0..<8 {
        next[index] = UInt32(truncatingIfNeeded: base &+ bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
      next += 8
      left &-= 8
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
