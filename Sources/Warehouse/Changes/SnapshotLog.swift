import GRDB
import Model

/// Which snapshots of one source's entity are known, and which keys each of them says nothing about.
struct SnapshotLog {
  private struct Mark: Hashable {
    var slot: Int32
    var at: Int64
  }

  /// ``Moment/packed``, ascending.
  private var moments: [Int64] = []
  private var complete: [Bool] = []
  private var unknown: Set<Mark> = []
  private let change: EntityChange

  init(_ change: EntityChange, _ slotOf: SlotOfKey) throws {
    self.change = change
    let select = try RawStatement(
      change.database,
      """
      select at, complete from snapshot where source = \(change.source) and entity = '\(change.entity.rawValue)'
      """)
    var known: [(Int64, Bool)] = []
    while try select.step() {
      if let at = MomentText.read(select.bytes(0)) { known.append((at.packed, select.integer(1) == 1)) }
    }
    known.sort { $0.0 < $1.0 }
    moments = known.map(\.0)
    complete = known.map(\.1)
    let marks = try RawStatement(
      change.database,
      "select identity, at from unknown_state where known_run is null and source = \(change.source)")
    while try marks.step() {
      guard let slot = slotOf[marks.integer(0)], let at = MomentText.read(marks.bytes(1)) else { continue }
      unknown.insert(Mark(slot: slot, at: at.packed))
    }
  }

  /// Adds a snapshot; returns true when it was not known. Once known to be complete, it stays so.
  mutating func add(_ at: Int64, isComplete: Bool) throws -> Bool {
    let position = moments.firstIndex { $0 >= at } ?? moments.count
    let isNew = position == moments.count || moments[position] != at
    if isNew {
      moments.insert(at, at: position)
      complete.insert(isComplete, at: position)
    } else if complete[position] || !isComplete {
      return false
    } else {
      complete[position] = true
    }
    try change.database.execute(
      sql: """
        insert into snapshot (source, entity, at, complete, first_run, complete_run) values (?, ?, ?, ?, ?, ?)
        on conflict (source, entity, at) do update set complete = excluded.complete, complete_run = excluded.complete_run
        """,
      arguments: [
        change.source, change.entity.rawValue, Moment(packed: at).description, isComplete ? 1 : 0, change.run,
        isComplete ? change.run : nil,
      ])
    return isNew
  }

  /// The next snapshot that says what became of a key after `moment`, or ``Timeline/open``.
  ///
  /// One in which it was in quarantine does not, nor one it is absent from that was not known to be complete. With `marking`, a state
  /// is about to be drawn over the latter: it is remembered that they did not show it.
  mutating func nextInformative(
    after moment: Int64, _ slot: Int32, _ timeline: Timeline, marking: Bool
  ) throws -> Int64 {
    var position = moments.partitioningIndex { $0 > moment }
    while position < moments.count {
      let at = moments[position]
      let isUnknown = !unknown.isEmpty && unknown.contains(Mark(slot: slot, at: at))
      if !isUnknown, complete[position] || timeline.covers(at) { return at }
      if marking, !isUnknown { try setUnknown(slot, at: at) }
      position += 1
    }
    return Timeline.open
  }

  mutating func setUnknown(_ slot: Int32, at moment: Int64) throws {
    guard unknown.insert(Mark(slot: slot, at: moment)).inserted else { return }
    try change.database.execute(
      sql: """
        insert into unknown_state (source, identity, at, first_run) values (?, ?, ?, ?)
        on conflict do update set known_run = null
        """,
      arguments: [
        change.source, change.identities.keys[Int(slot)], Moment(packed: moment).description, change.run,
      ])
  }

  mutating func setKnown(_ slot: Int32, at moment: Int64) throws {
    guard !unknown.isEmpty, unknown.remove(Mark(slot: slot, at: moment)) != nil else { return }
    try change.database.execute(
      sql: """
        update unknown_state set known_run = ? where known_run is null and source = ? and identity = ? and at = ?
        """,
      arguments: [
        change.run, change.source, change.identities.keys[Int(slot)], Moment(packed: moment).description,
      ])
  }
}

extension Array {
  /// The first index whose element satisfies a condition that holds for all behind it too.
  func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
