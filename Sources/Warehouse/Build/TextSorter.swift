import Glibc

/// Brings texts into the order of SQLite's BINARY collation, however many: what memory is not to hold is sorted in runs that go to a file
/// and are merged.
final class TextSorter {
  private let folder: String
  private let runSize: Int
  private var file: ScratchFile?
  private var runs: [(start: Int, count: Int)] = []
  /// The run under way.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var values: [Int64] = []
  /// Whether no text of the run comes before the one added ahead of it: most systems count their ids up.
  private var ascends = true

  /// `runSize` is the bytes held in memory.
  init(folder: String, runSize: Int = 8 << 20) {
    self.folder = folder
    self.runSize = runSize
  }

  /// Adds a text with what belongs to it.
  func add(_ text: UnsafeBufferPointer<UInt8>, _ value: Int64) throws {
    bytes.append(contentsOf: text)
    if ascends, !values.isEmpty { ascends = isInOrder(starts[starts.count - 2], text.count) }
    starts.append(bytes.count)
    values.append(value)
    if bytes.count + values.count * 16 >= runSize { try closeRun() }
  }

  /// Hands out every text with its value, in order; those of equal texts as they were added. Leaves nothing behind.
  func forEachInOrder(_ body: (UnsafeBufferPointer<UInt8>, Int64) throws -> Void) throws {
    guard let file else {
      try forEachOfRun(body)
      return clear()
    }
    if !values.isEmpty { try closeRun() }
    let readers = try runs.enumerated().map { try RunReader($1.start, $1.count, number: $0, file) }
    func precedes(_ left: Head, _ right: Head) -> Bool {
      left.prefix == right.prefix
        ? readers[left.reader].precedes(readers[right.reader]) : left.prefix < right.prefix
    }
    // A heap, its smallest head first.
    var heads = readers.indices.map { Head(prefix: readers[$0].prefix, reader: $0) }
    for place in stride(from: heads.count / 2 - 1, through: 0, by: -1) {
      sink(&heads, from: place, precedes)
    }
    while let first = heads.first {
      let reader = readers[first.reader]
      try reader.withText { try body($0, reader.value) }
      if try reader.advance() {
        heads[0].prefix = reader.prefix
      } else {
        heads.swapAt(0, heads.count - 1)
        heads.removeLast()
      }
      sink(&heads, precedes)
    }
    runs = []
  }

  /// A run's next text in the heap: its first eight bytes, which tell most apart.
  private struct Head {
    var prefix: UInt64
    let reader: Int
  }

  private func forEachOfRun(_ body: (UnsafeBufferPointer<UInt8>, Int64) throws -> Void) rethrows {
    try bytes.withUnsafeBufferPointer { bytes in
      func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[starts[index]..<starts[index + 1]])
      }
      if ascends {
        for index in values.indices { try body(text(index), values[index]) }
        return
      }
      for index in inByteOrder(values.count, text: text) {
        try body(text(Int(index)), values[Int(index)])
      }
    }
  }

  /// Each entry as the length of its text, its value, its text.
  private func closeRun() throws {
    if file == nil { file = try ScratchFile(inFolder: folder) }
    guard let file else { return }
    let count = bytes.count + values.count * RunReader.headSize
    let buffer = ScratchFile.buffer(count)
    defer { buffer.deallocate() }
    var target = buffer.baseAddress.unsafelyUnwrapped
    forEachOfRun { text, value in
      target.storeBytes(of: UInt32(text.count), as: UInt32.self)
      target.storeBytes(of: value, toByteOffset: 4, as: Int64.self)
      target += RunReader.headSize
      if let start = text.baseAddress { target.copyMemory(from: start, byteCount: text.count) }
      target += text.count
    }
    runs.append((try file.append(UnsafeRawBufferPointer(buffer)), count))
    clear()
  }

  private func clear() {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    values.removeAll(keepingCapacity: true)
    ascends = true
  }

  /// Whether the text just put at the end, so many bytes long, does not come before the one that starts at `start`.
  private func isInOrder(_ start: Int, _ count: Int) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      let first = bytes.count - count
      let known = first - start
      guard let base = bytes.baseAddress else { return true }
      let order = memcmp(base + start, base + first, min(known, count))
      return order < 0 || (order == 0 && known <= count)
    }
  }
}

/// Reads one sorted run, some blocks at a time.
private final class RunReader {
  static let headSize = 12
  private static let blockSize = 1 << 18

  private let file: ScratchFile
  private let number: Int
  private let block: UnsafeMutableRawBufferPointer
  /// Where the next block stands, and the bytes of the run from there on.
  private var next: Int
  private var left: Int
  private var bytes: [UInt8] = []
  private var place = 0
  private var length = 0
  private(set) var value: Int64 = 0
  /// The text's first eight bytes.
  private(set) var prefix: UInt64 = 0

  init(_ start: Int, _ count: Int, number: Int, _ file: ScratchFile) throws {
    self.file = file
    self.number = number
    next = start
    left = count
    block = ScratchFile.buffer(Self.blockSize)
    _ = try advance()
  }

  deinit { block.deallocate() }

  /// Moves to the next entry; false behind the last one.
  func advance() throws -> Bool {
    place += length
    if bytes.count - place < Self.headSize { try read(Self.headSize) }
    guard bytes.count - place >= Self.headSize else { return false }
    let (count, found) = bytes.withUnsafeBytes {
      (
        Int($0.loadUnaligned(fromByteOffset: place, as: UInt32.self)),
        $0.loadUnaligned(fromByteOffset: place + 4, as: Int64.self)
      )
    }
    value = found
    if bytes.count - place < Self.headSize + count { try read(Self.headSize + count) }
    place += Self.headSize
    length = count
    prefix = 0
    for offset in 0..<8 { prefix = prefix << 8 | UInt64(offset < count ? bytes[place + offset] : 0) }
    return true
  }

  /// Reads on until so many bytes from the place on are there.
  private func read(_ needed: Int) throws {
    bytes.removeSubrange(..<place)
    place = 0
    while bytes.count < needed, left > 0 {
      try file.read(at: next, into: blockOf(left))
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: block[..<min(left, Self.blockSize)]))
      next += Self.blockSize
      left -= min(left, Self.blockSize)
    }
  }

  /// A run's last block may be a short one.
  private func blockOf(_ left: Int) -> UnsafeMutableRawBufferPointer {
    let whole =
      (min(left, Self.blockSize) + ScratchFile.alignment - 1) / ScratchFile.alignment * ScratchFile.alignment
    return UnsafeMutableRawBufferPointer(rebasing: block[..<whole])
  }

  func withText(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[place..<place + length]))
    }
  }

  /// Of two texts that begin with the same eight bytes.
  func precedes(_ other: RunReader) -> Bool {
    let order = bytes.withUnsafeBytes { own in
      other.bytes.withUnsafeBytes { others in
        memcmp(
          own.baseAddress.unsafelyUnwrapped + place, others.baseAddress.unsafelyUnwrapped + other.place,
          min(length, other.length))
      }
    }
    return (Int(order), length, number) < (0, other.length, other.number)
  }
}
