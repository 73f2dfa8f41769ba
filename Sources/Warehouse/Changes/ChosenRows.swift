import Model

/// One row for each key out of rows that may repeat an id, whatever their order.
struct ChosenRows {
  /// Index of the row, by slot; -1 where there is none.
  private(set) var bySlot: [Int32]
  /// Rows of a full read whose id another row has, with other content.
  private(set) var conflicts: [Int] = []
  /// Rows of a full read that repeat another one.
  private(set) var repeats = 0

  init(slots: Int) { bySlot = Array(repeating: -1, count: slots) }

  /// The row of the later snapshot wins. Within one snapshot of a full read rows of one id should not differ: the choice among them
  /// only has to be independent of their order. In a delta the later file and line wins.
  mutating func consider(_ index: Int, _ change: EntityChange) throws {
    let rows = change.rows
    let slot = Int(rows.slot[index])
    let other = Int(bySlot[slot])
    if other < 0 {
      bySlot[slot] = Int32(index)
    } else if rows.group[index] != rows.group[other] {
      if rows.group[index] > rows.group[other] { bySlot[slot] = Int32(index) }
    } else if change.read.isPlainDelta {
      if try change.precedes(other, index) { bySlot[slot] = Int32(index) }
    } else if rows.digest[index] == rows.digest[other] {
      repeats += 1
      if try change.precedes(index, other) { bySlot[slot] = Int32(index) }
    } else {
      conflicts.append(index)
      if rows.digest[index] > rows.digest[other] { bySlot[slot] = Int32(index) }
    }
  }
}
