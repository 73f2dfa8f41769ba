/// Rows of an index and what each is found by, collected in the order of the rows, however many: what memory is not to hold is sorted in
/// runs that go to a file and are merged.
final class ReferringRows {
  private let folder: String
  private let runLength: Int
  private var file: ScratchFile?
  private var runs: [Int] = []
  /// The run under way, the key above 32 bits of the row.
  private var packed: [UInt64] = []

  /// - Parameter runLength: How many rows are held in memory; a multiple of 512, so that a run is whole blocks of a file.
  init(folder: String, runLength: Int = 1 << 18) {
    self.folder = folder
    self.runLength = runLength
  }

  var isEmpty: Bool { packed.isEmpty && runs.isEmpty }

  /// - Parameters:
  ///   - key: an identity numbered in this run, which is less than 2^32.
  ///   - row: its number, which is less than 2^31 and more than the one before.
  @inline(__always)
  func append(key: UInt64, row: Int32) throws {
    packed.append(key << 32 | UInt64(UInt32(bitPattern: row)))
    if packed.count == runLength { try closeRun() }
  }

  private func closeRun() throws {
    if file == nil { file = try ScratchFile(inFolder: folder) }
    guard let file else { return }
    sortByRadix(&packed) { $0 >> 32 }
    let buffer = ScratchFile.buffer(runLength * 8)
    defer { buffer.deallocate() }
    packed.withUnsafeBytes { buffer.copyMemory(from: $0) }
    runs.append(try file.append(UnsafeRawBufferPointer(buffer)))
    packed.removeAll(keepingCapacity: true)
  }

  /// By key, then in the order they came; there are none afterwards.
  func takeInOrder(_ body: (UInt64, Int32) throws -> Void) throws {
    sortByRadix(&packed) { $0 >> 32 }
    defer { (packed, runs, file) = ([], [], nil) }
    guard let file else {
      for entry in packed { try body(entry >> 32, Int32(truncatingIfNeeded: entry)) }
      return
    }
    var runs = runs.map { Run(start: $0, count: runLength, file) }
    if !packed.isEmpty { runs.append(Run(packed)) }
    defer { for run in runs { run.deallocate() } }
    var heads = try runs.indices.map { Head(first: try runs[$0].next() ?? .max, run: $0) }
    heads.sort { $0.first < $1.first }
    while let least = heads.first {
      try body(least.first >> 32, Int32(truncatingIfNeeded: least.first))
      if let next = try runs[least.run].next() {
        heads[0].first = next
      } else {
        heads.swapAt(0, heads.count - 1)
        heads.removeLast()
      }
      sink(&heads) { $0.first < $1.first }
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

    init(_ entries: [UInt64]) {
      (file, position, end) = (nil, 0, 0)
      block = .allocate(byteCount: entries.count * 8, alignment: 8)
      count = entries.count
      entries.withUnsafeBytes { block.copyMemory(from: $0) }
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
