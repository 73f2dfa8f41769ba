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

  /// What one block says of the next.
  private struct Carry {
    /// 1 when the next byte is escaped, or goes on with a number or word.
    var isEscaped: UInt64 = 0
    var isScalar: UInt64 = 0
    /// All ones within a string.
    var inside: UInt64 = 0
    var next: UnsafeMutablePointer<UInt32>
  }

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
    faults.removeAll(keepingCapacity: true)
    escapes.removeAll(keepingCapacity: true)
    makeRoom(for: text.count)
    var carry = Carry(next: offsets)
    if let start = text.baseAddress {
      var base = 0
      while base + 64 <= text.count {
        take(start + base, base, text, marksLines, &carry)
        base += 64
      }
      if base < text.count {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) { block in
          block.initializeMemory(as: UInt8.self, repeating: 0x20)
          block.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[base...]))
          if let address = block.baseAddress {
            take(UnsafeRawPointer(address), base, text, marksLines, &carry)
          }
        }
      }
    }
    carry.next.pointee = UInt32(truncatingIfNeeded: text.count)
    count = carry.next - offsets
    endsInString = carry.inside != 0
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
    _ block: UnsafeRawPointer, _ base: Int, _ text: UnsafeRawBufferPointer, _ marksLines: Bool,
    _ carry: inout Carry
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
    if carry.isEscaped != 0 || isAny(backslashes) {
      quotes &= ~escaped(bits(of: 0x5C, in: block), base, text, &carry.isEscaped)
    }
    var inside = quotes
    inside ^= inside &<< 1
    inside ^= inside &<< 2
    inside ^= inside &<< 4
    inside ^= inside &<< 8
    inside ^= inside &<< 16
    inside ^= inside &<< 32
    inside ^= carry.inside
    if isAny(controls) {
      let lineFeeds = bits(of: 0x0A, in: block)
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
    carry.inside = UInt64(bitPattern: Int64(bitPattern: inside) &>> 63)
    let scalars = ~(marks | blanks | quotes | inside)
    let starts = scalars & ~(scalars &<< 1 | carry.isScalar)
    carry.isScalar = scalars &>> 63
    Self.emit((marks & ~inside) | (quotes & inside) | starts, base, &carry.next)
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
    // Vectors with vectors: comparing with a single byte is done byte after byte.
    @inline(__always) func all(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16(repeating: byte) }
    // Brackets are braces without this bit.
    let folded = bytes | all(0x20)
    return Quarter(
      quotes: bits(bytes .== all(0x22)),
      marks: bits(
        (folded .== all(0x7B)) .| (folded .== all(0x7D)) .| (bytes .== all(0x3A)) .| (bytes .== all(0x2C))),
      blanks: bits(
        (bytes .== all(0x20)) .| (bytes .== all(0x0A)) .| (bytes .== all(0x0D)) .| (bytes .== all(0x09))),
      backslashes: ones(bytes .== all(0x5C)), controls: ones((bytes & all(0xE0)) .== all(0)))
  }

  /// The bytes that a backslash before them makes plain.
  private func escaped(
    _ backslashes: UInt64, _ base: Int, _ text: UnsafeRawBufferPointer, _ isEscaped: inout UInt64
  ) -> UInt64 {
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

  private func bits(of byte: UInt8, in block: UnsafeRawPointer) -> UInt64 {
    let wanted = SIMD16<UInt8>(repeating: byte)
    var found: UInt64 = 0
    for quarter in 0..<4 {
      let bytes = block.loadUnaligned(fromByteOffset: 16 &* quarter, as: SIMD16<UInt8>.self)
      found |= bits(bytes .== wanted) &<< UInt64(16 &* quarter)
    }
    return found
  }

  private func controlBits(in block: UnsafeRawPointer) -> UInt64 {
    let printable = SIMD16<UInt8>(repeating: 0xE0)
    let zero = SIMD16<UInt8>(repeating: 0)
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

  @inline(__always)
  private static func emit(_ tokens: UInt64, _ base: Int, _ next: inout UnsafeMutablePointer<UInt32>) {
    var bits = tokens
    let end = next + bits.nonzeroBitCount
    // Eight at a time, however few there are: what is too much is written over, and no branch depends on the number.
    while next < end {
      for index in 0..<8 {
        next[index] = UInt32(truncatingIfNeeded: base &+ bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
      next += 8
    }
    next = end
  }

  /// Every byte can be a token; eight more may be written behind them.
  private func makeRoom(for length: Int) {
    guard length + 72 > capacity else { return }
    capacity = max(2 * capacity, length + 72)
    offsets.deallocate()
    offsets = .allocate(capacity: capacity)
  }
}
