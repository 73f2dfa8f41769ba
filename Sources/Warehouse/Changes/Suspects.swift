import Model

/// What is missing from a read but may stand in its quarantine, snapshot by snapshot.
struct Suspects {
  /// Keys in quarantine, per snapshot.
  private(set) var slots: [Set<Int32>]
  /// Rows in quarantine that could be of any key, per snapshot.
  private(set) var unreadable: [Int]

  /// With `addsKeys` a key never seen before gets an identity: that it was unknown at this snapshot has to be remembered.
  init(
    _ read: SourceRead, _ entity: EntityKind, _ moments: [Moment], _ identities: IdentityIndex, addsKeys: Bool
  ) {
    slots = Array(repeating: [], count: moments.count)
    unreadable = Array(repeating: 0, count: moments.count)
    let quarantined = read.quarantined + read.standing
    guard !quarantined.isEmpty else { return }
    var groups: [String: Int] = [:]
    for (file, at) in zip(read.files, ReadRows.snapshots(of: read)) {
      groups[file.path] = moments.firstIndex(of: at)
    }
    // A refused record is listed for each entity whose id could be read, and for none when nothing could.
    for row in quarantined where row.entity == nil || row.entity == entity {
      let key = row.entity == nil ? nil : row.key
      let slot: Int32? =
        key.flatMap { addsKeys ? identities.slot(adding: $0) : identities.slot(of: $0) }
      for group in groups[row.place.file].map({ $0..<$0 + 1 }) ?? 0..<moments.count {
        if let slot { slots[group].insert(slot) } else if key == nil { unreadable[group] += 1 }
      }
    }
  }
}
