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
    for parent in parents { parent.identities.reserve(count) }
    self.parents = parents
    slots = try ParentSlots(parents: parents.count, folder: folder)
    if !parents.isEmpty {
      let load = { @Sendable [parts] number in try parts[number].rows() }
      try forEachMadeAhead(parts.count, load) { [slots] _, batch in
        try slots.addPart(rows: batch.count) { Self.fill($0, with: parents, of: batch) }
      }
    }
    registry.stream(identities, as: .init(system: system, entity: entity))
  }

  private static func fill(
    _ slots: UnsafeMutablePointer<Int32>, with parents: [Parent], of batch: EntityBatch
  ) {
    PartRows.with(batch, file: 0) { rows in
      for (number, parent) in parents.enumerated() {
        var (cell, slot) = (rows.cells + parent.column, slots + number)
        for _ in 0..<batch.count {
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

  /// A part's rows, back in memory, with what belongs to them.
  struct Loaded: Sendable {
    let batch: EntityBatch
    /// Of what each row refers to, row after row, by parent.
    let keys: [Int64]
    fileprivate let digests: [UInt64]
  }

  /// Brings back parts, on any thread; with the rows' digests where they are wanted.
  func loader(digested: Bool) -> @Sendable (Int) throws -> Loaded {
    let (parts, entity) = (parts, entity)
    let keys =
      parents.isEmpty ? nil : slots.loader(rows: parts.map(\.count), keys: parents.map(\.identities.keys))
    return { number in
      let batch = try parts[number].rows()
      return Loaded(
        batch: batch, keys: try keys?(number) ?? [], digests: digested ? Self.digests(batch, entity) : [])
    }
  }

  private static func digests(_ batch: EntityBatch, _ entity: EntityKind) -> [UInt64] {
    let isText = entity.columns.map { $0.kind == .text }
    let firstColumns = entity.firstColumnCount
    return PartRows.with(batch, file: 0) { rows in
      isText.withUnsafeBufferPointer { isText in
        (0..<batch.count).map { row in
          rowDigest(
            UnsafeBufferPointer(start: rows.cells + row * rows.width, count: rows.width), isText, rows.texts,
            firstColumns: firstColumns)
        }
      }
    }
  }

  /// Hands out each row with its position, its place in its part, whether it is the part's last, and the keys of its parents. Parts are
  /// brought back, and digested, on another thread while the one before is handed out.
  @inline(__always)
  func forEach(
    digested: Bool,
    _ body: (
      Int, PartRows, UnsafePointer<Int64>, Int, _ isLast: Bool, UnsafeBufferPointer<Int64>, [UInt64]
    ) throws -> Void
  ) throws {
    var index = 0
    try forEachMadeAhead(parts.count, loader(digested: digested)) { number, loaded in
      try PartRows.with(loaded.batch, file: parts[number].file) { rows in
        try loaded.keys.withUnsafeBufferPointer { keys in
          for row in 0..<loaded.batch.count {
            let parents = UnsafeBufferPointer(
              rebasing: keys[row * parents.count..<(row + 1) * parents.count])
            try body(
              index, rows, rows.cells + row * rows.width, row, row + 1 == loaded.batch.count, parents,
              loaded.digests)
            index += 1
          }
        }
      }
    }
  }

  /// Writes all rows, once their identities have keys.
  func write(to writer: any VersionWriter, source: Int64, firstFile: Int64) throws -> ChangeSummary.Counts {
    try forEach(digested: true) { index, rows, cells, row, _, parents, digests in
      try writer.add(
        cells, arena: rows.texts, parents: parents,
        VersionStamp(
          identity: identities.first + Int64(index), source: source, digest: digests[row],
          file: firstFile + Int64(rows.file), line: rows.lines[row]))
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
