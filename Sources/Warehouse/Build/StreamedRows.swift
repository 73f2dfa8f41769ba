import Model

/// The rows of one entity on their way from where they were put to the pages of an empty table, one part in memory at a time.
///
/// For rows that nothing refers to, in a warehouse without history: each of them is new, whatever it says.
struct StreamedRows {
  let parts: [SourceRead.Part]
  let entity: EntityKind
  let identities: StreamedIdentities
  /// What the rows refer to, by parent.
  let parents: [Parent]
  private let slots: ParentSlots

  struct Parent {
    let column: Int
    let identities: IdentityIndex
  }

  /// - Parameter folder: For what does not stay in memory.
  init(_ read: SourceRead, _ entity: EntityKind, _ registry: IdentityRegistry, folder: String) throws {
    self.entity = entity
    parts = read.parts.filter { $0.kind == entity && $0.count > 0 }
    identities = StreamedIdentities(parts.map(\.held))
    let (system, count) = (read.source.system, identities.count)
    let parents = try entity.columns.indices.compactMap { column in
      try referredEntity(of: entity.columns[column].name, in: entity).map {
        Parent(
          column: column, identities: try registry.index(.init(system: system, entity: $0), asked: count))
      }
    }
    self.parents = parents
    slots = try ParentSlots(parents: parents.count, folder: folder)
    for part in parts where !parents.isEmpty {
      let batch = try part.rows()
      try slots.addPart(rows: part.count) { slots in
        PartRows.with(batch, file: part.file) { rows in
          for (number, parent) in parents.enumerated() {
            var (cell, slot) = (rows.cells + parent.column, slots + number)
            for _ in 0..<part.count {
              if cell.pointee != EntityColumn.null {
                slot.pointee = parent.identities.slot(
                  adding: UnsafeBufferPointer(rebasing: rows.texts[EntityBatch.range(ofText: cell.pointee)]))
              }
              cell += rows.width
              slot += parents.count
            }
          }
        }
      }
    }
    registry.stream(identities, as: .init(system: system, entity: entity))
  }

  /// Hands out each row with its position and the slots of its parents.
  @inline(__always)
  func forEach(
    _ body: (Int, PartRows, UnsafePointer<Int64>, Int, UnsafeBufferPointer<Int32>) throws -> Void
  ) throws {
    var index = 0
    for (number, part) in parts.enumerated() {
      try PartRows.with(try part.rows(), file: part.file) { rows in
        func handOut(_ slots: UnsafePointer<Int32>?) throws {
          for row in 0..<part.count {
            let own = slots.map { $0 + row * parents.count }
            try body(
              index, rows, rows.cells + row * rows.width, row,
              UnsafeBufferPointer(start: own, count: own == nil ? 0 : parents.count))
            index += 1
          }
        }
        if parents.isEmpty { return try handOut(nil) }
        try slots.withPart(number, rows: part.count) { try handOut($0) }
      }
    }
  }

  /// Writes all rows, once their identities have keys.
  func write(to writer: any VersionWriter, source: Int64, firstFile: Int64) throws -> ChangeSummary.Counts {
    let isText = entity.columns.map { $0.kind == .text }
    let firstColumns = entity.firstColumnCount
    try isText.withUnsafeBufferPointer { isText in
      try forEach { index, rows, cells, row, parents in
        let digest = rowDigest(
          UnsafeBufferPointer(start: cells, count: rows.width), isText, rows.texts, firstColumns: firstColumns
        )
        try writer.add(
          cells, arena: rows.texts, parents: parents,
          VersionStamp(
            identity: identities.first + Int64(index), source: source, digest: digest,
            file: firstFile + Int64(rows.file), line: rows.lines[row]))
      }
    }
    var counts = ChangeSummary.Counts()
    counts.new = identities.count
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
