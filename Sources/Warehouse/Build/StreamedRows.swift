import Model

/// The rows of one entity on their way from where they were put to the pages of an empty table, one part in memory at a time.
///
/// For rows that nothing refers to, in a warehouse without history: each of them is new, whatever it says.
struct StreamedRows {
  let parts: [SourceRead.Part]
  let entity: EntityKind
  let identities: StreamedIdentities
  let parents: ParentSlots
  /// Where those slots are, by parent.
  let parentIndexes: [IdentityIndex]

  init(_ read: SourceRead, _ entity: EntityKind, _ registry: IdentityRegistry) throws {
    self.entity = entity
    parts = read.parts.filter { $0.kind == entity && $0.count > 0 }
    identities = StreamedIdentities(parts.map(\.held))
    let (system, count) = (read.source.system, identities.count)
    let referred = try entity.columns.indices.compactMap { column in
      try referredEntity(of: entity.columns[column].name, in: entity).map {
        (column, try registry.index(.init(system: system, entity: $0), asked: count))
      }
    }
    parentIndexes = referred.map(\.1)
    parents = ParentSlots(rows: count, parents: referred.count)
    var number = 0
    for part in parts where !referred.isEmpty {
      let batch = try part.rows()
      PartRows.with(batch, file: part.file) { rows in
        for row in 0..<part.count {
          for (parent, (column, index)) in referred.enumerated() {
            let cell = rows.cells[row * rows.width + column]
            guard cell != EntityColumn.null else { continue }
            let text = UnsafeBufferPointer(rebasing: rows.texts[EntityBatch.range(ofText: cell)])
            parents.set(parent, of: number, to: index.slot(adding: text))
          }
          number += 1
        }
      }
    }
    registry.stream(identities, as: .init(system: system, entity: entity))
  }

  /// Writes all rows, once their identities have keys.
  func write(to writer: any VersionWriter, source: Int64, firstFile: Int64) throws -> ChangeSummary.Counts {
    let isText = entity.columns.map { $0.kind == .text }
    let firstColumns = entity.firstColumnCount
    var index = 0
    try isText.withUnsafeBufferPointer { isText in
      for part in parts {
        try PartRows.with(try part.rows(), file: part.file) { rows in
          for row in 0..<part.count {
            let cells = rows.cells + row * rows.width
            let digest = rowDigest(
              UnsafeBufferPointer(start: cells, count: rows.width), isText, rows.texts,
              firstColumns: firstColumns)
            try writer.add(
              cells, arena: rows.texts, parents: parents.of(index),
              VersionStamp(
                identity: identities.first + Int64(index), source: source, digest: digest,
                file: firstFile + Int64(rows.file), line: rows.lines[row]))
            index += 1
          }
        }
      }
    }
    var counts = ChangeSummary.Counts()
    counts.new = index
    return counts
  }
}

extension RunTransaction {
  /// Whether the rows of an entity are new, distinct and so many that they are not held in memory.
  func streams(_ read: SourceRead, _ entity: EntityKind, _ mode: SourceConfiguration.Rows) -> Bool {
    guard let build, mode == .periods, read.changes == nil, read.trail?.known == nil,
      !isReferredTo(entity), read.source.entities.count(where: { $0.entity == entity }) == 1
    else { return false }
    // What was put away is known to be distinct: of anything else all is in memory.
    return read.parts.contains { $0.kind == entity && $0.held.isPutAway }
      && !build.isFilled(versionTableName(entity))
      && registry.isNew(.init(system: read.source.system, entity: entity))
  }
}

/// The identities of an entity's rows that were read, row after row.
enum RowIdentities {
  case list([Int64])
  /// One after the other.
  case counted(from: Int64, count: Int)

  subscript(row: Int) -> Int64 {
    switch self {
    case .list(let identities): identities[row]
    case .counted(let first, _): first + Int64(row)
    }
  }

  var largest: Int64 {
    switch self {
    case .list(let identities): identities.max() ?? 0
    case .counted(let first, let count): first + Int64(count)
    }
  }
}
