import Glibc
import Model

/// Where an entity row stands: the file by its position among the source's sorted files, and the row of that
/// file's batch.
struct RowPosition: Hashable {
  var file: Int
  var row: Int
}

/// The natural ids of some batches of one entity: which rows have the same.
///
/// Most exports are sorted by their id or were numbered as they were written. Ids that ascend, shorter ones before
/// longer ones, cannot repeat and need no table: the one pass that finds that out is all they cost.
struct KeyTable {
  private let batches: [(file: Int, batch: EntityBatch)]
  /// Rows before each batch.
  private let starts: [Int]
  private let count: Int
  /// Open addressing, empty when the ids ascend. Upper half: that of the hash; lower half: 1 + the first row with a
  /// key, 0 for free.
  private var slots: [UInt64] = []
  /// 1 + the next row with the same key, 0 behind the last one; empty while no key repeats.
  private var following: [UInt32] = []
  /// Of a key's first row, the last one so far.
  private var last: [UInt32] = []

  init(_ batches: [(file: Int, batch: EntityBatch)]) {
    self.batches = batches
    var starts: [Int] = []
    var count = 0
    for (_, batch) in batches {
      starts.append(count)
      count += batch.count
    }
    self.starts = starts
    self.count = count
    if !idsAscend(batches.map(\.batch)) { fill() }
  }

  private mutating func fill() {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    var slots = [UInt64](repeating: 0, count: capacity)
    slots.withUnsafeMutableBufferPointer { slots in
      var row = 0
      for (_, batch) in batches {
        batch.forEachId { id in
          insert(row, hash(id), id, in: slots)
          row += 1
        }
      }
    }
    self.slots = slots
  }

  @inline(__always)
  private mutating func insert(
    _ row: Int, _ hash: UInt64, _ id: FieldBytes, in slots: UnsafeMutableBufferPointer<UInt64>
  ) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let first = Int(slots[slot] & 0xFFFF_FFFF) - 1
      if slots[slot] >> 32 == hash >> 32, key(first).elementsEqual(id) {
        link(row, behind: first)
        return
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = hash & ~0xFFFF_FFFF | UInt64(row + 1)
  }

  private mutating func link(_ row: Int, behind first: Int) {
    if following.isEmpty {
      following = [UInt32](repeating: 0, count: count)
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
      if slots.isEmpty { return ascendingRow(withKey: text).map { [position($0)] } ?? [] }
      let wanted = hash(text)
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: wanted) & mask
      while slots[slot] != 0 {
        let first = Int(slots[slot] & 0xFFFF_FFFF) - 1
        if slots[slot] >> 32 == wanted >> 32, key(first).elementsEqual(text) {
          var rows: [RowPosition] = []
          collect(first, into: &rows)
          return rows
        }
        slot = (slot + 1) & mask
      }
      return []
    }
  }

  private func ascendingRow(withKey text: FieldBytes) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      let precedes = key(middle).withUnsafeBufferPointer { comesBefore($0, text) }
      if precedes { low = middle + 1 } else { high = middle }
    }
    return low < count && key(low).elementsEqual(text) ? low : nil
  }
}

extension EntityBatch {
  /// Every row of a batch has an id: rows without one are in quarantine.
  @inline(__always) func keyRange(ofRow row: Int) -> Range<Int> {
    let cell = cells[row * width]
    return cell == EntityColumn.null ? 0..<0 : Self.range(ofText: cell)
  }

  /// Calls `body` with the id of each row.
  @inline(__always) fileprivate func forEachId(_ body: (FieldBytes) -> Void) {
    texts.withUnsafeBufferPointer { texts in
      cells.withUnsafeBufferPointer { cells in
        guard let texts = texts.baseAddress, var cell = cells.baseAddress else { return }
        for _ in 0..<count {
          let isNull = cell.pointee == EntityColumn.null
          body(
            FieldBytes(
              start: isNull ? texts : texts + Int(cell.pointee >> 24),
              count: isNull ? 0 : Int(cell.pointee & 0xFF_FFFF)))
          cell += width
        }
      }
    }
  }
}

/// Whether each id comes after the one before it, from the first batch to the last.
func idsAscend(_ batches: [EntityBatch]) -> Bool {
  var last: [UInt8]?
  for batch in batches where batch.count > 0 {
    let first = batch.texts[batch.keyRange(ofRow: 0)]
    if let last {
      let follows = last.withUnsafeBufferPointer { last in
        first.withUnsafeBufferPointer { comesBefore(last, $0) }
      }
      if !follows { return false }
    }
    var previous = FieldBytes(start: nil, count: 0)
    var isFirst = true
    var ascends = true
    batch.forEachId { id in
      ascends = ascends && (isFirst || comesBefore(previous, id))
      isFirst = false
      previous = id
    }
    if !ascends { return false }
    last = Array(batch.texts[batch.keyRange(ofRow: batch.count - 1)])
  }
  return true
}

/// Shorter texts first, texts of one length by their bytes: the order numbers without leading zeros are in.
@inline(__always) func comesBefore(_ left: FieldBytes, _ right: FieldBytes) -> Bool {
  guard left.count == right.count else { return left.count < right.count }
  guard let own = left.baseAddress, let other = right.baseAddress, left.count > 0 else { return false }
  if left.count > 8 { return memcmp(own, other, left.count) < 0 }
  return packedShort(own, left.count).byteSwapped < packedShort(other, left.count).byteSwapped
}

/// Eight bytes at a time; each multiplication spreads them over the whole hash.
@inline(__always) private func hash(_ text: FieldBytes) -> UInt64 {
  guard var start = text.baseAddress else { return 0 }
  var left = text.count
  var hash = UInt64(left) &* 0x9E37_79B9_7F4A_7C15
  repeat {
    hash = (hash ^ packedShort(start, min(left, 8))) &* 0xD6E8_FEB8_6659_FD93
    hash ^= hash >> 32
    start += 8
    left -= 8
  } while left > 0
  return hash &* 0x9E37_79B9_7F4A_7C15
}
