/// Checks bytes for being UTF-8 and free of NUL, block by block.
struct TextValidity {
  private(set) var hasNul = false
  /// False from the first byte on that cannot be UTF-8.
  private(set) var isUTF8 = true
  private var missing = 0
  private var low: UInt8 = 0x80
  private var high: UInt8 = 0xBF

  /// Offset in the last block at which the character began that is incomplete or wrong.
  private(set) var characterStart = 0

  /// False when the last character is incomplete.
  var isComplete: Bool { missing == 0 }

  /// Continues with the next block, to the first byte that cannot be UTF-8.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let text = bytes.baseAddress else { return }
    characterStart = 0
    var index = 0
    let end = bytes.count
    while index < end {
      if missing == 0 {
        index += skipPlain(text + index, end - index)
        if index == end { break }
        characterStart = index
      }
      let byte = text.load(fromByteOffset: index, as: UInt8.self)
      guard accept(byte) else {
        isUTF8 = false
        return
      }
      index += 1
    }
  }

  /// Length of the stretch that is ASCII.
  private mutating func skipPlain(_ text: UnsafeRawPointer, _ count: Int) -> Int {
    let tops: UInt64 = 0x8080_8080_8080_8080
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = 0
    var zeros: UInt64 = 0
    while index + 32 <= count {
      let a = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let b = text.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
      let c = text.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self)
      let d = text.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self)
      if (a | b | c | d) & tops != 0 { break }
      zeros |= (a &- ones) | (b &- ones) | (c &- ones) | (d &- ones)
      index += 32
    }
    while index + 8 <= count {
      let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if word & tops != 0 { break }
      zeros |= word &- ones
      index += 8
    }
    if zeros & tops != 0 { hasNul = true }
    while index < count {
      let byte = text.load(fromByteOffset: index, as: UInt8.self)
      if byte >= 0x80 { break }
      if byte == 0 { hasNul = true }
      index += 1
    }
    return index
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard byte >= low, byte <= high else { return false }
      (low, high) = (0x80, 0xBF)
      missing -= 1
      return true
    }
    switch byte {
    case 0: hasNul = true
    case 0x01...0x7F: break
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, low) = (2, 0xA0)
    case 0xED: (missing, high) = (2, 0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: (missing, low) = (3, 0x90)
    case 0xF1...0xF3: missing = 3
    case 0xF4: (missing, high) = (3, 0x8F)
    default: return false
    }
    return true
  }
}
