import GRDB
import Model

extension EntityChange {
  /// Applies *current-state* rows: each snapshot says what is so from its moment until the next one known, in whatever order snapshots
  /// become known. Only a complete snapshot of a full source says that a key is gone.
  func applyStates() throws -> EntityOutcome {
    var known = try KnownTimelines(self)
    var log = try SnapshotLog(self, known.slotOf)
    var counts = ChangeSummary.Counts()
    var conflicts: [Int] = []
    var repeats = 0
    var withheld = 0
    var kept: [Int32] = []
    for (group, moment) in rows.moments.enumerated() {
      var chosen = ChosenRows(slots: identities.count)
      for index in rowsOfGroup[group] { try chosen.consider(index, self) }
      conflicts += chosen.conflicts
      repeats += chosen.repeats
      let isComplete = endsRows && suspects.unreadable[group] == 0
      let isNew = try log.add(moment.packed, isComplete: isComplete)
      if read.isPlainDelta {
        known.applyDelta(moment.packed, chosen, rows)
      } else {
        let gaps = try known.applySnapshot(
          moment.packed, chosen, rows, suspects.slots[group], among: concerned(chosen),
          isComplete: isComplete,
          isNew: isNew, &log)
        counts.kept += gaps.kept.count
        kept += gaps.kept
        if suspects.unreadable[group] > 0 { withheld += gaps.withheld }
      }
    }
    for row in known.otherMode { try writer.end(row: row) }
    try known.write(self, &counts)
    if gone != nil { counts.unchanged += read.trail?.passedOver ?? 0 }
    var findings = try repetitionFindings(conflicts: conflicts, repeats: repeats)
    if withheld > 0 {
      findings.append(withheldFinding(gone: withheld, unreadable: suspects.unreadable.reduce(0, +)))
    }
    return EntityOutcome(counts: counts, findings: findings, kept: kept)
  }

  /// The slots a snapshot says something of: all, or those read, gone or in quarantine where it does not hold everything.
  private func concerned(_ chosen: ChosenRows) -> [Int32] {
    guard let gone else { return Array(0..<Int32(identities.count)) }
    let read = chosen.bySlot.indices.filter { chosen.bySlot[$0] >= 0 }.map { Int32($0) }
    return Set(read + gone + suspects.slots.joined()).sorted()
  }

  /// Indices of the rows, by snapshot.
  private var rowsOfGroup: [[Int]] {
    var result = [[Int]](repeating: [], count: rows.moments.count)
    for index in 0..<rows.count { result[Int(rows.group[index])].append(index) }
    return result
  }
}

/// The timelines of one source's entity, by slot, as known and as they become.
struct KnownTimelines {
  private var timelines: [Timeline]
  private var isTouched: [Bool]
  /// Keys any snapshot of this read has a row of.
  private var isStated: [Bool]
  private var original: [Int32: Timeline] = [:]
  /// Versions without valid time, from when the source's rows were read as periods.
  private(set) var otherMode: [Int64] = []
  let slotOf: SlotOfKey

  init(_ change: EntityChange) throws {
    slotOf = SlotOfKey(change.identities)
    timelines = Array(repeating: Timeline(), count: change.identities.count)
    isTouched = Array(repeating: false, count: change.identities.count)
    isStated = isTouched
    try change.forEachKnown(
      #""row", identity, digest, valid_from, valid_to"#, order: " order by valid_from"
    ) { select in
      guard let from = select.moment(3), let slot = slotOf[select.integer(1)] else {
        otherMode.append(select.integer(0))
        return
      }
      timelines[Int(slot)].append(
        Timeline.State(
          from: from.packed, to: select.moment(4)?.packed ?? Timeline.open,
          digest: UInt64(bitPattern: select.integer(2)), origin: .version(select.integer(0))))
    }
  }

  /// Applies a snapshot of everything. Returns the keys that keep their state because they are in quarantine or could be, and how many
  /// because they could be.
  mutating func applySnapshot(
    _ moment: Int64, _ chosen: ChosenRows, _ rows: ReadRows, _ suspects: Set<Int32>,
    among concerned: [Int32], isComplete: Bool, isNew: Bool,
    _ log: inout SnapshotLog
  ) throws -> (kept: [Int32], withheld: Int) {
    var kept: [Int32] = []
    var withheld = 0
    for key in concerned {
      let slot = Int(key)
      let index = Int(chosen.bySlot[slot])
      if index >= 0 {
        isStated[slot] = true
        try log.setKnown(key, at: moment)
        let next = try log.nextInformative(after: moment, key, timelines[slot], marking: true)
        set(slot, from: moment, to: next, (rows.digest[index], .read(index)), merging: true)
      } else if suspects.contains(key) || !isComplete {
        let isThere = timelines[slot].covers(moment)
        if suspects.contains(key) {
          kept.append(key)
        } else if isThere {
          withheld += 1
          kept.append(key)
        }
        // What an earlier reading of this snapshot said of the key still holds.
        if isNew, isThere || suspects.contains(key) { try log.setUnknown(key, at: moment) }
      } else {
        try log.setKnown(key, at: moment)
        guard !timelines[slot].states.isEmpty else { continue }
        let next = try log.nextInformative(after: moment, key, timelines[slot], marking: false)
        set(slot, from: moment, to: next, nil, merging: true)
      }
    }
    return (kept, withheld)
  }

  /// Applies rows that say what changed: each holds until its key's next known state.
  mutating func applyDelta(_ moment: Int64, _ chosen: ChosenRows, _ rows: ReadRows) {
    for slot in timelines.indices where chosen.bySlot[slot] >= 0 {
      isStated[slot] = true
      let index = Int(chosen.bySlot[slot])
      if timelines[slot].states.contains(where: { $0.from == moment && $0.digest == rows.digest[index] }) {
        continue
      }
      let next = timelines[slot].nextStart(after: moment)
      set(slot, from: moment, to: next, (rows.digest[index], .read(index)), merging: false)
    }
  }

  private mutating func set(
    _ slot: Int, from: Int64, to: Int64, _ content: (digest: UInt64, origin: Timeline.Origin)?, merging: Bool
  ) {
    if merging, timelines[slot].says(content?.digest, from: from, to: to) { return }
    if !isTouched[slot] {
      isTouched[slot] = true
      original[Int32(slot)] = timelines[slot]
    }
    timelines[slot].replace(from: from, to: to, with: content, merging: merging)
  }

  /// Writes what is different now: versions that no longer hold are ended, new ones added.
  func write(_ change: EntityChange, _ counts: inout ChangeSummary.Counts) throws {
    counts.unchanged += timelines.indices.count { isStated[$0] && !isTouched[$0] }
    // By key: slots are numbered in the order in which ids were asked for.
    let keys = change.identities.keys
    for (touched, before) in original.sorted(by: { keys[Int($0.key)] < keys[Int($1.key)] }) {
      let slot = Int(touched)
      let now = timelines[slot].states
      let ended = before.states.filter { old in !now.contains { isSame($0, old) } }
      let added = now.filter { new in !before.states.contains { isSame($0, new) } }
      for state in ended {
        if case .version(let row) = state.origin { try change.writer.end(row: row) }
      }
      for state in added {
        let from = Moment(packed: state.from)
        let to = state.to == Timeline.open ? nil : Moment(packed: state.to)
        switch state.origin {
        case .version(let row): try change.writer.copy(row: row, validFrom: from, validTo: to)
        case .read(let index): try change.write(index, from: from, to: to)
        }
      }
      if before.states.isEmpty {
        counts.new += 1
      } else if before.states.last?.to == Timeline.open, now.last?.to != Timeline.open {
        counts.vanished += 1
      } else if ended.isEmpty, added.isEmpty {
        counts.unchanged += 1
      } else {
        counts.changed += 1
      }
    }
  }

  private func isSame(_ left: Timeline.State, _ right: Timeline.State) -> Bool {
    left.from == right.from && left.to == right.to && left.digest == right.digest
  }
}
