import Model

/// Where an entity row stands: the file by its position among the source's sorted files, and the row of that
/// file's batch.
struct RowPosition: Hashable {
  var file: Int
  var row: Int
}

/// The natural ids of some batches of one entity: which rows have the same.
struct KeyTable {
  private let batches: [(file: Int, batch: EntityBatch)]
  /// Rows before each batch.
  private let starts: [Int]
  private let hashes: [UInt32]
  /// Open addressing: 1 + the first row with a key, 0 for free.
  private var slots: [UInt32]
  /// Keys with several rows: the first row, then all of them, ascending.
  private var repeated: [Int: [Int]] = [:]

  init(_ batches: [(file: Int, batch: EntityBatch)]) {
    self.batches = batches
    var starts: [Int] = []
    var hashes: [UInt32] = []
    hashes.reserveCapacity(batches.reduce(0) { $0 + $1.batch.count })
    for (_, batch) in batches {
      starts.append(hashes.count)
      batch.texts.withUnsafeBufferPointer { texts in
        for row in 0..<batch.count {
          hashes.append(hash(UnsafeBufferPointer(rebasing: texts[batch.keyRange(ofRow: row)])))
        }
      }
    }
    self.starts = starts
    self.hashes = hashes
    var capacity = 16
    while capacity < hashes.count * 2 { capacity *= 2 }
    slots = [UInt32](repeating: 0, count: capacity)
    for row in hashes.indices { insert(row) }
  }

  private mutating func insert(_ row: Int) {
    let mask = slots.count - 1
    var slot = Int(hashes[row]) & mask
    while slots[slot] != 0 {
      let first = Int(slots[slot]) - 1
      if hashes[first] == hashes[row], key(first).elementsEqual(key(row)) {
        repeated[first, default: [first]].append(row)
        return
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(row + 1)
  }

  private func key(_ row: Int) -> ArraySlice<UInt8> {
    let (batch, row) = locate(row)
    return batches[batch].batch.texts[batches[batch].batch.keyRange(ofRow: row)]
  }

  private func locate(_ row: Int) -> (batch: Int, row: Int) {
    if starts.count == 1 { return (0, row) }
    let batch = starts.partitioningIndex { $0 > row } - 1
    return (batch, row - starts[batch])
  }

  private func position(_ row: Int) -> RowPosition {
    let (batch, row) = locate(row)
    return RowPosition(file: batches[batch].file, row: row)
  }

  /// Rows that share their key with another, one group for each such key, in the order of the first rows.
  var groups: [[RowPosition]] {
    repeated.sorted { $0.key < $1.key }.map { $0.value.map(position) }
  }

  /// All rows with the key.
  func rows(withKey text: String) -> [RowPosition] {
    var text = text
    return text.withUTF8 { text in
      let wanted = hash(text)
      let mask = slots.count - 1
      var slot = Int(wanted) & mask
      while slots[slot] != 0 {
        let first = Int(slots[slot]) - 1
        if hashes[first] == wanted, key(first).elementsEqual(text) {
          return (repeated[first] ?? [first]).map(position)
        }
        slot = (slot + 1) & mask
      }
      return []
    }
  }
}

extension EntityBatch {
  /// Every row of a batch has an id: rows without one are in quarantine.
  @inline(__always) func keyRange(ofRow row: Int) -> Range<Int> {
    let cell = cells[row * width]
    return cell == EntityColumn.null ? 0..<0 : Self.range(ofText: cell)
  }

  /// The first column in which two rows differ; nil when they say the same.
  func firstDifference(_ row: Int, _ other: EntityBatch, _ otherRow: Int) -> EntityColumn? {
    for (index, column) in kind.columns.enumerated() {
      let (own, others) = (self[row, index], other[otherRow, index])
      if own == others, own == EntityColumn.null { continue }
      guard own != EntityColumn.null, others != EntityColumn.null else { return column }
      if case .text = column.kind {
        let same = texts[Self.range(ofText: own)].elementsEqual(other.texts[Self.range(ofText: others)])
        if !same { return column }
      } else if own != others {
        return column
      }
    }
    return nil
  }
}

/// FNV-1a, folded to 32 bits.
@inline(__always) private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
}
