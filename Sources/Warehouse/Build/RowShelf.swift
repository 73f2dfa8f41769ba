import Model
import Synchronization

extension RunTransaction {
  /// A place for the rows of one source's read until they are applied, beside the warehouse; used when they are many.
  public func shelf() -> BatchShelf { rowShelf(inFolder: folder) }
}

/// A shelf that leaves the first batches in memory, up to `inMemory` bytes: most reads need no file.
///
/// Where no file can be made, or the disk is full, they stay in memory.
func rowShelf(inFolder folder: String, batchSize: Int = 1 << 20, inMemory: Int = 8 << 20) -> BatchShelf {
  let state = ShelfState(folder: folder, room: inMemory)
  return BatchShelf(batchSize: batchSize) { batch in
    guard let file = state.file(for: batch.cells.count * 8 + batch.texts.count) else { return nil }
    return StoredBatch(batch, in: file).held
  }
}

/// The file of a shelf, made when memory is used up.
private final class ShelfState: Sendable {
  private let folder: String
  private let state: Mutex<(room: Int, file: ScratchFile?, hasTried: Bool)>

  init(folder: String, room: Int) {
    self.folder = folder
    state = Mutex((room, nil, false))
  }

  /// nil while so many bytes more may stay in memory, or where there is no file.
  func file(for bytes: Int) -> ScratchFile? {
    state.withLock { state in
      if state.room >= bytes {
        state.room -= bytes
        return nil
      }
      if !state.hasTried { state.file = try? ScratchFile(inFolder: folder) }
      state.hasTried = true
      return state.file
    }
  }
}

/// A batch's bytes in a file: its lines, its cells without columns that no row fills, its texts.
private struct StoredBatch {
  let kind: EntityKind
  let count: Int
  let texts: Int
  /// Positions of the columns that some row fills.
  let columns: [Int]
  let bytes: PutBytes

  init(_ batch: EntityBatch, in file: ScratchFile) {
    let columns = Self.filled(batch)
    let (rows, width) = (batch.count, batch.width)
    let buffer = ScratchFile.buffer(Self.size(rows, columns.count, batch.texts.count))
    var target = buffer.baseAddress.unsafelyUnwrapped
    batch.cells.withUnsafeBufferPointer { cells in
      columns.withUnsafeBufferPointer { columns in
        var row = 0
        for _ in 0..<rows {
          for column in columns {
            target.storeBytes(of: cells[row + column], as: Int64.self)
            target += 8
          }
          row += width
        }
      }
    }
    batch.lines.withUnsafeBytes {
      target.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: $0.count)
    }
    target += rows * 4
    batch.texts.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { target.copyMemory(from: start, byteCount: bytes.count) }
    }
    bytes = file.put(buffer)
    kind = batch.kind
    count = rows
    texts = batch.texts.count
    self.columns = columns
  }

  private static func size(_ rows: Int, _ columns: Int, _ texts: Int) -> Int {
    rows * (columns * 8 + 4) + texts
  }

  private static func filled(_ batch: EntityBatch) -> [Int] {
    var isFilled = [Bool](repeating: false, count: batch.width)
    batch.cells.withUnsafeBufferPointer { cells in
      isFilled.withUnsafeMutableBufferPointer { isFilled in
        var row = 0
        while row < cells.count {
          for column in isFilled.indices where cells[row + column] != EntityColumn.null {
            isFilled[column] = true
          }
          row += isFilled.count
        }
      }
    }
    return isFilled.indices.filter { isFilled[$0] }
  }

  var held: HeldBatch {
    let stored = self
    return HeldBatch(kind: kind, count: count) { try stored.rows() }
  }

  private func rows() throws -> EntityBatch { try bytes.with(rows) }

  private func rows(_ buffer: UnsafeRawBufferPointer) -> EntityBatch {
    var batch = EntityBatch(kind: kind)
    let width = batch.width
    batch.cells = [Int64](unsafeUninitializedCapacity: count * width) { cells, used in
      cells.initialize(repeating: EntityColumn.null)
      var source = buffer.baseAddress.unsafelyUnwrapped
      var row = 0
      columns.withUnsafeBufferPointer { columns in
        for _ in 0..<count {
          for column in columns {
            cells[row + column] = source.load(as: Int64.self)
            source += 8
          }
          row += width
        }
      }
      used = count * width
    }
    var rest = UnsafeRawBufferPointer(rebasing: buffer[(count * columns.count * 8)...])
    batch.lines = [Int32](unsafeUninitializedCapacity: count) { lines, used in
      UnsafeMutableRawBufferPointer(lines).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: rest[..<(count * 4)]))
      used = count
    }
    rest = UnsafeRawBufferPointer(rebasing: rest[(count * 4)...])
    batch.texts = [UInt8](unsafeUninitializedCapacity: texts) { bytes, used in
      UnsafeMutableRawBufferPointer(bytes).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: rest[..<texts]))
      used = texts
    }
    return batch
  }
}
