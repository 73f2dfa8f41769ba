import GRDB
import Model

/// What became of one entity's rows in one read.
struct EntityOutcome {
  var counts: ChangeSummary.Counts
  var findings: [Finding]
  /// Slots that keep their state although the read has no row of them.
  var kept: [Int32]
}

/// What the changes of one entity in one read are worked out from.
struct EntityChange {
  let read: SourceRead
  let entity: EntityKind
  let source: Int64
  let firstFile: Int64
  let rows: ReadRows
  let loaded: LoadedPart
  let suspects: Suspects
  let identities: IdentityIndex
  let writer: any VersionWriter
  let run: Int64
  let database: Database
  /// Whether only the read's own identities are looked at: nothing follows from what a delta does not say, nor from records that
  /// were passed over.
  let looksUp: Bool
  /// Where the read does not hold everything but says what is not there any more: the slots of that, and of what may still be there.
  let gone: [Int32]?

  /// Whether what is missing from this read may be ended by it, apart from quarantine.
  var endsRows: Bool { !read.isPlainDelta && !read.findings.contains { $0.severity == .error } }

  /// Writes a row of a part that is at hand.
  @inline(__always)
  func write(_ index: Int, in part: PartRows, from: Moment? = nil, to: Moment? = nil) throws {
    let row = Int(rows.row[index])
    let stamp = VersionStamp(
      identity: identities.keys[Int(rows.slot[index])], source: source, validFrom: from, validTo: to,
      digest: rows.digest[index], file: firstFile + Int64(part.file), line: part.lines[row])
    // By itself, or all of the change would be retained for every row.
    let writer = writer
    try rows.withParents(of: index) { parents in
      try writer.add(part.cells + row * part.width, arena: part.texts, parents: parents, stamp)
    }
  }

  func write(_ index: Int, from: Moment? = nil, to: Moment? = nil) throws {
    let part = Int(rows.part[index])
    try PartRows.with(try loaded.batch(part), file: read.parts[part].file) {
      try write(index, in: $0, from: from, to: to)
    }
  }

  /// Calls `body` with the rows of each part in turn, and their numbers among all rows of the entity.
  func forEachPart(_ body: (Range<Int>, PartRows) throws -> Void) throws {
    var first = 0
    for part in read.parts where part.kind == entity && part.count > 0 {
      try PartRows.with(try part.rows(), file: part.file) { try body(first..<first + part.count, $0) }
      first += part.count
    }
  }

  func place(_ index: Int) throws -> Place {
    let part = Int(rows.part[index])
    let number = read.parts[part].file
    let file = read.files.indices.contains(number) ? read.files[number].path : ""
    return Place(file: file, line: Int(try loaded.batch(part).lines[Int(rows.row[index])]))
  }

  /// Orders rows of equal content: the first by path and line is the one whose place is kept.
  func precedes(_ left: Int, _ right: Int) throws -> Bool {
    let (first, second) = (try place(left), try place(right))
    return (first.file, first.line ?? 0) < (second.file, second.line ?? 0)
  }
}

/// The rows of one part where they lie in memory: rows are written by the million, and an array asks at each whether it is shared.
struct PartRows {
  let cells: UnsafePointer<Int64>
  let width: Int
  let texts: UnsafeBufferPointer<UInt8>
  let lines: UnsafePointer<Int32>
  let file: Int

  /// Valid within `body`.
  static func with<Result>(_ batch: EntityBatch, file: Int, _ body: (PartRows) throws -> Result) rethrows
    -> Result
  {
    try batch.cells.withUnsafeBufferPointer { cells in
      try batch.texts.withUnsafeBufferPointer { texts in
        try batch.lines.withUnsafeBufferPointer { lines in
          try body(
            PartRows(
              cells: cells.baseAddress.unsafelyUnwrapped, width: batch.width, texts: texts,
              lines: lines.baseAddress.unsafelyUnwrapped, file: file))
        }
      }
    }
  }
}

/// The rows of the part that was asked for last: rows are mostly asked for in their order.
final class LoadedPart {
  private let parts: [SourceRead.Part]
  private var number = -1
  private var batch: EntityBatch?

  init(_ parts: [SourceRead.Part]) { self.parts = parts }

  func batch(_ part: Int) throws -> EntityBatch {
    if number == part, let batch { return batch }
    batch = nil
    let loaded = try parts[part].rows()
    batch = loaded
    number = part
    return loaded
  }
}

extension SourceRead {
  /// Whether its rows are changes and nothing follows for any others.
  var isPlainDelta: Bool { source.extent == .delta && changes == nil }
}

extension RunTransaction {
  func applyRead(_ read: SourceRead, firstFile: Int64) throws -> ChangeSummary {
    var summary = ChangeSummary(source: read.source.name)
    let (source, fedBefore) = try register(read.source)
    // A stream without records is a read all the same.
    guard !read.files.isEmpty || read.stream != nil else { return summary }
    /// Rows read in another way than before concern all that are known.
    func looksUp(_ entity: EntityKind, _ mode: SourceConfiguration.Rows) throws -> Bool {
      if read.trail?.known != nil { return true }
      guard read.source.extent == .delta, fedBefore[entity.rawValue] == mode.rawValue else { return false }
      return try registry.isFew(ReadRows.count(read, entity))
    }
    var rowsModes: [(EntityKind, SourceConfiguration.Rows)] = []
    for mapping in read.source.entities where !rowsModes.contains(where: { $0.0 == mapping.entity }) {
      rowsModes.append((mapping.entity, mapping.rows))
    }
    let goneTexts = try goneIDs(of: read, source: source)
    var resolved: [EntityKind: (ReadRows, Suspects)] = [:]
    var gone: [EntityKind: [Int32]] = [:]
    var kept: [EntityKind: [Int64]] = [:]
    var streamed: [EntityKind: StreamedRows] = [:]
    for (entity, mode) in rowsModes {
      if streams(read, entity, mode) {
        streamed[entity] = try StreamedRows(read, entity, registry, folder: folder)
        continue
      }
      var rows = ReadRows(read)
      try rows.resolve(read, entity, looksUp: try looksUp(entity, mode), registry)
      let identities = try registry.index(.init(system: read.source.system, entity: entity), asked: 0)
      gone[entity] = goneTexts?[entity]?.map { identities.slot(adding: $0) }
      resolved[entity] = (
        rows, Suspects(read, entity, rows.moments, identities, addsKeys: mode == .currentState)
      )
    }
    try registry.save()
    for (entity, mode) in rowsModes {
      if let rows = streamed[entity] {
        let writer = try writer(of: entity)
        summary.entities[entity] = try rows.write(to: writer, source: source, firstFile: firstFile)
        try writer.finish()
        build?.streamed[entity] = rows
        continue
      }
      guard let (rows, suspects) = resolved[entity] else { continue }
      let change = EntityChange(
        read: read, entity: entity, source: source, firstFile: firstFile, rows: rows,
        loaded: LoadedPart(read.parts), suspects: suspects,
        identities: try registry.index(.init(system: read.source.system, entity: entity), asked: 0),
        writer: try writer(of: entity),
        run: run, database: database, looksUp: try looksUp(entity, mode),
        gone: gone[entity])
      let outcome =
        switch mode {
        case .periods: try change.applyPeriods()
        case .currentState: try change.applyStates()
        }
      try change.writer.finish()
      summary.entities[entity] = outcome.counts
      summary.findings += outcome.findings
      kept[entity] = outcome.kept.map { change.identities.keys[Int($0)] }
    }
    try keepRecords(
      of: read, source: source,
      read.source.entities.map { mapping in
        if let identities = streamed[mapping.entity]?.identities {
          return .counted(from: identities.first, count: identities.count)
        }
        guard let (rows, _) = resolved[mapping.entity] else { return .list([]) }
        let keys = try registry.index(.init(system: read.source.system, entity: mapping.entity), asked: 0)
          .keys
        return .list(rows.slot.map { keys[Int($0)] })
      },
      kept: read.source.entities.map { kept[$0.entity] ?? [] })
    summary.findings += try keepCursor(of: read, source: source)
    return summary
  }

  /// The natural ids, by entity, of rows that were known and that only the read's own rows can say to be there still; nil where that
  /// are all.
  private func goneIDs(of read: SourceRead, source: Int64) throws -> [EntityKind: [String]]? {
    if let rows = try RecordRows(read, source: source, database) {
      return try Dictionary(
        uniqueKeysWithValues: Set(read.source.entities.map(\.entity)).map { ($0, try rows.ids(of: $0)) })
    }
    guard let trail = read.trail, trail.known != nil else { return nil }
    let names = try NaturalIDs(database)
    var gone: [EntityKind: [String]] = [:]
    for (position, mapping) in read.source.entities.enumerated() {
      gone[mapping.entity] = trail.gone(entity: position).map { names.text(Int64($0)) }
    }
    try names.check()
    return gone
  }

  private func writer(of entity: EntityKind) throws -> any VersionWriter {
    if let build, let pages = try build.versions(of: entity, database) {
      return pages
    }
    build?.streamed[entity] = nil
    return try VersionStatements(entity, run: run, changed: changed, database)
  }

  /// Notes the system of sources and what they feed, as configured for a run that is published again.
  public func register(_ sources: [SourceConfiguration]) throws {
    for source in sources { _ = try register(source) }
  }

  /// The source's key, and in which way it fed entities before; notes its system and what it feeds as configured now.
  private func register(_ source: SourceConfiguration) throws -> (key: Int64, before: [String: String]) {
    try database.execute(
      sql: """
        insert into source (name, system) values (?1, ?2)
        on conflict (name) do update set system = excluded.system where system <> excluded.system
        """, arguments: [source.name, source.system])
    let key =
      try Int64.fetchOne(database, sql: "select source from source where name = ?", arguments: [source.name])
      ?? 0
    let fed = source.entities.map { $0.entity.rawValue }
    var before: [String: String] = [:]
    for row in try Row.fetchAll(
      database, sql: "select entity, \"rows\" from source_entity where source = ?", arguments: [key])
    {
      before[row[0]] = row[1]
    }
    for entity in before.keys where !fed.contains(entity) {
      try database.execute(
        sql: "delete from source_entity where source = ? and entity = ?", arguments: [key, entity])
    }
    for mapping in source.entities {
      try database.execute(
        sql: """
          insert into source_entity values (?, ?, ?)
          on conflict (source, entity) do update set "rows" = excluded."rows" where "rows" <> excluded."rows"
          """, arguments: [key, mapping.entity.rawValue, mapping.rows.rawValue])
    }
    return (key, before)
  }
}
