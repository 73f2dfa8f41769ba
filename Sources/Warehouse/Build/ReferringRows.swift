/// Rows of an index and what each is found by, collected in the order of the rows, however many: what memory is not to hold is sorted in
/// runs that go to a file and are merged.
final class ReferringRows {
  private let folder: String
  private let runLength: Int
  private var file: ScratchFile?
  private var runs: [Int] = []
  /// The run under way, the key above 32 bits of the row; nil before the first.
  ///
  /// Memory of its own, since an array that belongs to a class is checked for overlapping access at every row.
  private var packed: UnsafeMutablePointer<UInt64>?
  private var count = 0

  /// - Parameter runLength: How many rows are held in memory; a multiple of 512, so that a run is whole blocks of a file. As it is, a run's
  ///   memory is just not so large that it goes back to the system after each (2 MB).
  init(folder: String, runLength: Int = 1 << 18 - 1 << 11) {
    self.folder = folder
    self.runLength = runLength
  }

  deinit { packed?.deallocate() }

  var isEmpty: Bool { count == 0 && runs.isEmpty }

  /// - Parameters:
  ///   - key: an identity numbered in this run, which is less than 2^32.
  ///   - row: its number, which is less than 2^31 and more than the one before.
  @inline(__always)
  func append(key: UInt64, row: Int32) throws {
    let packed = packed ?? begun()
    packed[count] = key << 32 | UInt64(UInt32(bitPattern: row))
    count += 1
    if count == runLength { try closeRun() }
  }

  private func begun() -> UnsafeMutablePointer<UInt64> {
    let made = UnsafeMutablePointer<UInt64>.allocate(capacity: runLength)
    packed = made
    return made
  }

  private func closeRun() throws {
    let made = try file ?? ScratchFile(inFolder: folder)
    file = made
    try withSorted { entries in
      let buffer = ScratchFile.buffer(runLength * 8)
      defer { buffer.deallocate() }
      buffer.copyMemory(from: UnsafeRawBufferPointer(entries))
      runs.append(try made.append(UnsafeRawBufferPointer(buffer)))
    }
    count = 0
  }

  /// Lends the run under way, by key.
  private func withSorted<Result>(_ body: (UnsafeBufferPointer<UInt64>) throws -> Result) rethrows -> Result {
    guard let packed else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    let spare = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    defer { spare.deallocate() }
    return try body(
      UnsafeBufferPointer(start: sortByRadix(packed, count, spare: spare) { $0 >> 32 }, count: count))
  }

  /// By key, then in the order they came; there are none afterwards.
  func takeInOrder(_ body: (UInt64, Int32) throws -> Void) throws {
    defer {
      packed?.deallocate()
      (packed, count, runs, file) = (nil, 0, [], nil)
    }
    guard let file else {
      return try withSorted { entries in
        for entry in entries { try body(entry >> 32, Int32(truncatingIfNeeded: entry)) }
      }
    }
    var all = runs.map { Run(start: $0, count: runLength, file) }
    if count > 0 { all.append(withSorted { Run($0) }) }
    try all.withUnsafeMutableBufferPointer { runs in
      defer { for run in runs { run.deallocate() } }
      let first = try runs.indices.map { Head(first: try runs[$0].next() ?? .max, run: $0) }
      var heads = MergeHeap(first) { $0.first < $1.first }
      defer { heads.deallocate() }
      while heads.count > 0 {
        let least = heads.first
        try body(least.first >> 32, Int32(truncatingIfNeeded: least.first))
        if let next = try runs[least.run].next() {
          heads.first.first = next
        } else {
          heads.dropFirst()
        }
        heads.sink { $0.first < $1.first }
      }
    }
  }

  private struct Head {
    var first: UInt64
    let run: Int
  }

  /// A sorted run, some blocks of it in memory at a time; never empty. Whoever made it deallocates it.
  ///
  /// A value over memory of its own: a class would be retained and let go of at every entry.
  private struct Run {
    private static let blockSize = 1 << 17
    private let file: ScratchFile?
    private let block: UnsafeMutableRawBufferPointer
    /// Where the next block stands, and where the run ends.
    private var position: Int
    private let end: Int
    /// The entries of the block, and the next one.
    private var count = 0
    private var place = 0

    init(start: Int, count: Int, _ file: ScratchFile) {
      self.file = file
      position = start
      end = start + count * 8
      block = ScratchFile.buffer(min(Self.blockSize, count * 8))
    }

    init(_ entries: UnsafeBufferPointer<UInt64>) {
      (file, position, end) = (nil, 0, 0)
      block = .allocate(byteCount: entries.count * 8, alignment: 8)
      count = entries.count
      block.copyMemory(from: UnsafeRawBufferPointer(entries))
    }

    func deallocate() { block.deallocate() }

    @inline(__always) mutating func next() throws -> UInt64? {
      if place == count { try read() }
      guard place < count else { return nil }
      place += 1
      return block.load(fromByteOffset: (place - 1) * 8, as: UInt64.self)
    }

    private mutating func read() throws {
      guard let file, position < end else { return }
      let size = min(block.count, end - position)
      try file.read(at: position, into: UnsafeMutableRawBufferPointer(rebasing: block[..<size]))
      position += size
      (count, place) = (size / 8, 0)
    }
  }
}
