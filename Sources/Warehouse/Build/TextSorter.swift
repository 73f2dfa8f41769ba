import Glibc

/// Brings texts into the order of SQLite's BINARY collation, however many: what memory is not to hold is sorted in runs that go to a file
/// and are merged.
final class TextSorter {
  private let folder: String
  private let runSize: Int
  private var file: ScratchFile?
  private var runs: [(start: Int, count: Int)] = []
  /// The run under way; behind a pointer, since a class's own arrays are checked for overlapping access at every text.
  private let run: UnsafeMutablePointer<TextRun>

  /// `runSize` is the bytes held in memory.
  init(folder: String, runSize: Int = 8 << 20) {
    self.folder = folder
    self.runSize = runSize
    run = .allocate(capacity: 1)
    run.initialize(to: TextRun(size: runSize))
  }

  deinit {
    run.deinitialize(count: 1)
    run.deallocate()
  }

  /// Adds a text with what belongs to it.
  @inline(__always)
  func add(_ text: UnsafeBufferPointer<UInt8>, _ value: Int64) throws {
    run.pointee.add(text, value)
    if run.pointee.size >= runSize { try closeRun() }
  }

  /// Hands out every text with its value, in order; those of equal texts as they were added. Leaves nothing behind.
  func forEachInOrder(_ body: (UnsafeBufferPointer<UInt8>, Int64) throws -> Void) throws {
    guard let file else {
      try run.pointee.forEachInOrder(body)
      return run.pointee.clear()
    }
    if run.pointee.count > 0 { try closeRun() }
    let readers = UnsafeMutablePointer<TextRunReader>.allocate(capacity: runs.count)
    var made = 0
    defer {
      for reader in 0..<made { readers[reader].deallocate() }
      readers.deinitialize(count: made)
      readers.deallocate()
    }
    for run in runs {
      (readers + made).initialize(to: try TextRunReader(run.start, run.count, file))
      made += 1
    }
    func precedes(_ left: Head, _ right: Head) -> Bool {
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      let order = readers[left.reader].compare(readers[right.reader])
      return order < 0 || (order == 0 && left.reader < right.reader)
    }
    var heads = MergeHeap(
      (0..<made).map { Head(prefix: readers[$0].prefix, reader: $0) }, precedes)
    defer { heads.deallocate() }
    while heads.count > 0 {
      let reader = readers + heads.first.reader
      try body(reader.pointee.text, reader.pointee.value)
      if try reader.pointee.advance() {
        heads.first.prefix = reader.pointee.prefix
      } else {
        heads.dropFirst()
      }
      heads.sink(precedes)
    }
    runs = []
  }

  /// A run's next text in the heap: its first eight bytes, which tell most apart.
  private struct Head {
    var prefix: UInt64
    let reader: Int
  }

  /// Each entry as the length of its text, its value, its text.
  private func closeRun() throws {
    let made = try file ?? ScratchFile(inFolder: folder)
    file = made
    let count = run.pointee.bytes.count + run.pointee.count * TextRunReader.headSize
    let buffer = ScratchFile.buffer(count)
    defer { buffer.deallocate() }
    var target = buffer.baseAddress.unsafelyUnwrapped
    run.pointee.forEachInOrder { text, value in
      target.storeBytes(of: UInt32(text.count), as: UInt32.self)
      target.storeBytes(of: value, toByteOffset: 4, as: Int64.self)
      target += TextRunReader.headSize
      if let start = text.baseAddress { target.copyMemory(from: start, byteCount: text.count) }
      target += text.count
    }
    runs.append((try made.append(UnsafeRawBufferPointer(buffer)), count))
    run.pointee.clear()
  }
}

/// Texts in memory, in the order they were added.
private struct TextRun {
  private(set) var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var values: [Int64] = []
  private var room = SortingRoom()
  /// Whether no text comes before the one added ahead of it: most systems count their ids up.
  private var ascends = true

  /// With room for so many bytes, which is not touched before it is needed.
  init(size: Int) {
    bytes.reserveCapacity(size)
    starts.reserveCapacity(size / 16 + 1)
    values.reserveCapacity(size / 16)
  }

  var count: Int { values.count }
  var size: Int { bytes.count + values.count * 16 }

  @inline(__always)
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ value: Int64) {
    bytes.append(contentsOf: text)
    if ascends, !values.isEmpty { ascends = isInOrder(starts[starts.count - 2], text.count) }
    starts.append(bytes.count)
    values.append(value)
  }

  mutating func forEachInOrder(_ body: (UnsafeBufferPointer<UInt8>, Int64) throws -> Void) rethrows {
    try bytes.withUnsafeBufferPointer { [starts] bytes in
      func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[starts[index]..<starts[index + 1]])
      }
      if ascends {
        for index in values.indices { try body(text(index), values[index]) }
        return
      }
      for index in inByteOrder(values.count, &room, text: text) {
        try body(text(Int(index)), values[Int(index)])
      }
    }
  }

  mutating func clear() {
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
