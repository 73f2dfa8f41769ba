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
    var heads = try runs.map { try Head(.init(start: $0, count: runLength, file)) }
    if !packed.isEmpty { try heads.append(Head(.init(packed))) }
    heads.sort { $0.first < $1.first }
    while let least = heads.first {
      try body(least.first >> 32, Int32(truncatingIfNeeded: least.first))
      if let next = try least.run.next() {
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
    let run: Run

    init(_ run: Run) throws {
      self.run = run
      first = try run.next() ?? .max
    }
  }

  /// A sorted run, some blocks of it in memory at a time; never empty.
  private final class Run {
    private static let blockSize = 1 << 15
    private let file: ScratchFile?
    private var position: Int
    private let end: Int
    private var block: [UInt64]
    private var place = 0

    init(start: Int, count: Int, _ file: ScratchFile) {
      self.file = file
      position = start
      end = start + count * 8
      block = []
    }

    init(_ entries: [UInt64]) {
      (file, position, end) = (nil, 0, 0)
      block = entries
    }

    func next() throws -> UInt64? {
      if place == block.count { try read() }
      guard place < block.count else { return nil }
      place += 1
      return block[place - 1]
    }

    private func read() throws {
      guard let file, position < end else { return }
      let buffer = ScratchFile.buffer(min(Self.blockSize, end - position))
      defer { buffer.deallocate() }
      try file.read(at: position, into: buffer)
      position += buffer.count
      block = Array(buffer.bindMemory(to: UInt64.self))
      place = 0
    }
  }
}
