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
  /// 1 + the next row with the same key, 0 behind the last one; empty while no key repeats.
  private var following: [UInt32] = []
  /// Of a key's first row, the last one so far.
  private var last: [UInt32] = []

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
        link(row, behind: first)
        return
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(row + 1)
  }

  private mutating func link(_ row: Int, behind first: Int) {
    if following.isEmpty {
      following = [UInt32](repeating: 0, count: hashes.count)
      last = following
    }
    let previous = last[first] == 0 ? first : Int(last[first]) - 1
    following[previous] = UInt32(row + 1)
    last[first] = UInt32(row + 1)
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

  /// Calls `body` with the rows that share a key, for each such key, in the order of their first rows.
  func forEachGroup(_ body: ([RowPosition]) -> Void) {
    var group: [RowPosition] = []
    for first in last.indices where last[first] != 0 {
      group.removeAll(keepingCapacity: true)
      collect(first, into: &group)
      body(group)
    }
  }

  private func collect(_ first: Int, into group: inout [RowPosition]) {
    var row = first
    while true {
      group.append(position(row))
      guard !following.isEmpty, following[row] != 0 else { return }
      row = Int(following[row]) - 1
    }
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
          var rows: [RowPosition] = []
          collect(first, into: &rows)
          return rows
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
}

/// FNV-1a, folded to 32 bits.
@inline(__always) private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
}
