import Model

/// The rows of a read in which no id stands twice, neither in its rows nor in its quarantine: there is nothing to settle, and the
/// rows stay where they were put.
///
/// Told by ids that ascend, as exports mostly have them; of any others ``DuplicateSettlement`` finds out.
struct DistinctRows {
  let source: SourceConfiguration
  let members: [SourceAssembler.Member]
  /// By file, then by entity.
  let rows: [[RowSegments]]

  /// Asked only where rows were put away: what is in memory is settled there.
  func holds() throws -> Bool {
    guard rows.contains(where: { $0.contains { $0.segments.contains { $0.held.isPutAway } } }) else {
      return false
    }
    for (entity, mapping) in source.entities.enumerated() {
      guard members.allSatisfy({ $0.mapper.entities[entity].identity.numberedBy == nil }) else {
        return false
      }
      let isState = mapping.rows == .currentState
      let scopes = Dictionary(grouping: members.indices) { isState ? members[$0].file.snapshot : nil }
      for files in scopes.values where !ascend(files.sorted(), entity) { return false }
    }
    return try !quarantineHasKnownIds()
  }

  private func ascend(_ files: [Int], _ entity: Int) -> Bool {
    var last: [UInt8]?
    for file in files {
      guard rows[file][entity].ascends else { return false }
      let filled = rows[file][entity].segments.filter { $0.held.count > 0 }
      guard let first = filled.first, let end = filled.last else { continue }
      if let last, !follows(first.first, last) { return false }
      last = end.last
    }
    return true
  }

  private func quarantineHasKnownIds() throws -> Bool {
    for (entity, mapping) in source.entities.enumerated() {
      for file in rows.indices {
        var finder = IdFinder(rows[file][entity])
        for member in members {
          for entry in member.mapper.pending where entry.row.entity == mapping.entity {
            if let key = entry.row.key, try finder.contains(key) { return true }
          }
        }
      }
    }
    return false
  }

  var parts: [SourceRead.Part] {
    rows.enumerated().flatMap { file, entities in
      entities.flatMap { $0.segments.filter { $0.held.count > 0 } }.map {
        SourceRead.Part(file: file, held: $0.held)
      }
    }
  }

  /// By file and line; of one record in the order of its entities.
  var quarantined: [QuarantinedRow] { members.flatMap(\.mapper.pending.inOrder) }
}

/// Looks ids up among rows whose ids ascend, one segment in memory at a time.
private struct IdFinder {
  private let segments: [RowSegments.Segment]
  private var loaded: (segment: Int, batch: EntityBatch)?

  init(_ rows: RowSegments) { segments = rows.segments.filter { $0.held.count > 0 } }

  mutating func contains(_ key: String) throws -> Bool {
    let key = Array(key.utf8)
    let segment = segments.partitioningIndex { !follows(key, $0.last) }
    guard segment < segments.count, !follows(segments[segment].first, key) else { return false }
    if loaded?.segment != segment { loaded = (segment, try segments[segment].held.rows()) }
    guard let batch = loaded?.batch else { return false }
    var (low, high) = (0, batch.count)
    while low < high {
      let middle = (low + high) / 2
      if follows(key, Array(batch.texts[batch.keyRange(ofRow: middle)])) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < batch.count && batch.texts[batch.keyRange(ofRow: low)].elementsEqual(key)
  }
}
