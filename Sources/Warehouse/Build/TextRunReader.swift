import Glibc

/// Reads one sorted run, some blocks at a time. Whoever made it deallocates it.
///
/// A value over memory of its own: a class would be retained and let go of at every entry.
struct TextRunReader {
  static let headSize = 12
  private static let blockSize = 1 << 18

  private let file: ScratchFile
  private let block: UnsafeMutableRawBufferPointer
  /// Where the next block stands, and the bytes of the run from there on.
  private var next: Int
  private var left: Int
  /// What was read and is not handed out yet, from `place` to `end`.
  private var memory: UnsafeMutableRawBufferPointer
  private var place = 0
  private var end = 0
  private var length = 0
  private(set) var value: Int64 = 0
  /// The text's first eight bytes.
  private(set) var prefix: UInt64 = 0

  /// At its first entry.
  init(_ start: Int, _ count: Int, _ file: ScratchFile) throws {
    self.file = file
    next = start
    left = count
    block = ScratchFile.buffer(Self.blockSize)
    memory = .allocate(byteCount: 2 * Self.blockSize, alignment: 8)
    do {
      _ = try advance()
    } catch {
      deallocate()
      throw error
    }
  }

  func deallocate() {
    block.deallocate()
    memory.deallocate()
  }

  /// Moves to the next entry; false behind the last one.
  mutating func advance() throws -> Bool {
    place += length
    length = 0
    if end - place < Self.headSize { try read(Self.headSize) }
    guard end - place >= Self.headSize else { return false }
    let count = Int(memory.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    value = memory.loadUnaligned(fromByteOffset: place + 4, as: Int64.self)
    if end - place < Self.headSize + count { try read(Self.headSize + count) }
    place += Self.headSize
    length = count
    // Behind the text there is room for what is cut off here again.
    let bytes = UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    prefix = count >= 8 ? bytes : count == 0 ? 0 : bytes & ~(UInt64.max >> (8 * UInt64(count)))
    return true
  }

  /// Reads on until so many bytes from the place on are there.
  private mutating func read(_ needed: Int) throws {
    let kept = end - place
    // A block more than is needed, and eight bytes that a prefix may read past a text.
    if needed + Self.blockSize + 8 > memory.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 2 * needed + 2 * Self.blockSize, alignment: 8)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[place..<end]))
      memory.deallocate()
      memory = larger
    } else if let start = memory.baseAddress {
      memmove(start, start + place, kept)
    }
    (place, end) = (0, kept)
    while end < needed, left > 0 {
      try file.read(at: next, into: blockOf(left))
      let count = min(left, Self.blockSize)
      UnsafeMutableRawBufferPointer(rebasing: memory[end...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: block[..<count]))
      end += count
      next += count
      left -= count
    }
  }

  /// A run's last block may be a short one.
  private func blockOf(_ left: Int) -> UnsafeMutableRawBufferPointer {
    let whole =
      (min(left, Self.blockSize) + ScratchFile.alignment - 1) / ScratchFile.alignment * ScratchFile.alignment
    return UnsafeMutableRawBufferPointer(rebasing: block[..<whole])
  }

  /// Valid until the next ``advance()``.
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(rebasing: memory[place..<place + length]).assumingMemoryBound(to: UInt8.self)
  }

  /// How the text stands to another: below, at or above 0.
  func compare(_ other: TextRunReader) -> Int {
    let (left, right) = (text, other.text)
    guard let start = left.baseAddress, let others = right.baseAddress else {
      return left.count - right.count
    }
    let order = Int(memcmp(start, others, min(left.count, right.count)))
    return order != 0 ? order : left.count - right.count
  }
}
