import GRDB
import Model

extension EntityChange {
  /// Applies *periods* rows: the read says what is true of all time, as far as is known now.
  ///
  /// A read is all its files: a row vanishes when none of them has it; of differing rows of one id that of the later snapshot counts.
  func applyPeriods() throws -> EntityOutcome {
    var counts = ChangeSummary.Counts()
    var findings: [Finding] = []
    let known = try KnownPeriods(self)
    var chosen = ChosenRows(slots: identities.count)
    for index in 0..<rows.count { try chosen.consider(index, self) }
    try forEachPart { indices, part in
      for index in indices {
        let slot = Int(rows.slot[index])
        guard Int(chosen.bySlot[slot]) == index else { continue }
        let row = known.row(slot)
        if row == 0 {
          counts.new += 1
        } else if known.digest[slot] == rows.digest[index] {
          counts.unchanged += 1
          continue
        } else {
          counts.changed += 1
          try writer.end(row: row)
        }
        try write(index, in: part)
      }
    }
    let vanished = (gone ?? known.slots).filter { chosen.bySlot[Int($0)] < 0 && known.row(Int($0)) != 0 }
    for row in known.otherMode { try writer.end(row: row) }
    if gone != nil { counts.unchanged += read.trail?.passedOver ?? 0 }
    findings += try repetitionFindings(conflicts: chosen.conflicts, repeats: chosen.repeats)
    guard endsRows else { return EntityOutcome(counts: counts, findings: findings, kept: vanished) }
    let suspect = suspects.slots.reduce(into: Set<Int32>()) { $0.formUnion($1) }
    let gone = vanished.filter { !suspect.contains($0) }
    counts.kept = vanished.count - gone.count
    let unreadable = suspects.unreadable.reduce(0, +)
    if unreadable > 0 {
      counts.kept += gone.count
      if !gone.isEmpty { findings.append(withheldFinding(gone: gone.count, unreadable: unreadable)) }
      return EntityOutcome(counts: counts, findings: findings, kept: vanished)
    }
    for slot in gone { try writer.end(row: known.row(Int(slot))) }
    counts.vanished = gone.count
    return EntityOutcome(
      counts: counts, findings: findings, kept: vanished.filter { suspect.contains($0) })
  }

  func withheldFinding(gone: Int, unreadable: Int) -> Finding {
    Finding(
      .warning, "vanished-rows-kept", at: read.files.first.map { Place(file: $0.path) },
      "\(gone) rows of \(entity.rawValue) are missing from \(read.source.name), and \(unreadable) rows in its "
        + "quarantine could be them",
      consequence: "they keep their last good version and count as before",
      remedy: "mend the quarantined rows and run again: perennial quarantine")
  }

  func repetitionFindings(conflicts: [Int], repeats: Int) throws -> [Finding] {
    var findings: [Finding] = []
    if let first = try conflicts.min(by: precedes) {
      let isMoney = ![.customer, .plan, .subscription, .fxRate].contains(entity)
      findings.append(
        Finding(
          isMoney ? .error : .warning, "repeated-id", at: try place(first),
          "\(conflicts.count) rows of \(entity.rawValue) have an id that another row of the same read has, "
            + "with other content (the first: \(identities.text(of: rows.slot[first])))",
          consequence: isMoney
            ? "only one row of each id could count, so nothing is published" : "one row of each id is taken",
          remedy: "map `id` to what tells the rows apart, or to a template of several columns"))
    }
    if repeats > 0 {
      findings.append(
        Finding(
          .note, "repeated-row",
          "\(repeats) rows of \(entity.rawValue) in \(read.source.name) repeat another row",
          consequence: "each is counted once"))
    }
    return findings
  }
}

/// The versions of one source's entity as known now, by slot.
struct KnownPeriods {
  /// By slot; empty where no version is known.
  private var row: [Int64] = []
  private(set) var digest: [UInt64] = []
  /// Slots with a version.
  private(set) var slots: [Int32] = []
  /// Versions with valid time, from when the source's rows were read as states.
  private(set) var otherMode: [Int64] = []

  init(_ change: EntityChange) throws {
    guard !change.writer.isFirst else { return }
    row = Array(repeating: 0, count: change.identities.count)
    digest = Array(repeating: 0, count: change.identities.count)
    let slotOf = SlotOfKey(change.identities)
    try change.forEachKnown(#""row", identity, digest, valid_from is not null"#) { select in
      guard select.integer(3) == 0, let slot = slotOf[select.integer(1)] else {
        otherMode.append(select.integer(0))
        return
      }
      row[Int(slot)] = select.integer(0)
      digest[Int(slot)] = UInt64(bitPattern: select.integer(2))
      slots.append(slot)
    }
  }

  /// Row of the version table; 0 where there is none.
  @inline(__always) func row(_ slot: Int) -> Int64 { row.isEmpty ? 0 : row[slot] }
}

extension EntityChange {
  /// The source's versions as known now: all of them, or those of the read's own keys.
  func forEachKnown(_ columns: String, order: String = "", _ body: (RawStatement) throws -> Void) throws {
    let select =
      "select \(columns) from \(versionTableName(entity)) where seen_to is null and source = \(source)"
    guard looksUp else {
      let statement = try RawStatement(database, select + order)
      while try statement.step() { try body(statement) }
      return
    }
    let statement = try RawStatement(database, select + " and identity = ?" + order)
    for key in identities.keys {
      statement.bind(1, key)
      while try statement.step() { try body(statement) }
    }
  }
}

/// From the warehouse's identity keys back to slots.
struct SlotOfKey {
  private var slots: [Int32]
  private let first: Int64

  init(_ identities: IdentityIndex) {
    first = identities.keys.min() ?? 0
    slots = Array(repeating: -1, count: Int((identities.keys.max() ?? -1) - first + 1))
    for (slot, key) in identities.keys.enumerated() { slots[Int(key - first)] = Int32(slot) }
  }

  subscript(key: Int64) -> Int32? {
    let index = Int(key - first)
    guard slots.indices.contains(index), slots[index] >= 0 else { return nil }
    return slots[index]
  }
}
