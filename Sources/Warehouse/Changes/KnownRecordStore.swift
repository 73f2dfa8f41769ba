import GRDB
import Model

extension RunTransaction {
  /// The records of a source's last published read; nil where they have to be read again: another program or configuration read
  /// them, or what they say is not told by each alone.
  public func knownRecords(of source: SourceConfiguration) throws -> KnownRecords? {
    guard build == nil, source.leavesTrail else { return nil }
    let select = try RawStatement(
      database,
      """
      select k.source, k.shape, k.entities, k.records from known_record k join source s on s.source = k.source
      where s.name = ? and k.terms = ?
      """)
    select.bind(1, source.name)
    select.bind(2, recordTerms)
    guard try select.step() else { return nil }
    defer { select.reset() }
    let known = KnownRecords(shape: select.text(1), entities: Int(select.integer(2)))
    let blocks = KnownRecordBlocks(database, source: select.integer(0), entities: known.entities)
    return try passing { try blocks.read(known, count: Int(select.integer(3))) }
  }

  /// Runs what reads many pages once, and keeps few of them: memory that was never touched costs more than to read a page. Pages that were
  /// changed stay where they are, and are not written before their time.
  private func passing<Result>(_ body: () throws -> Result) throws -> Result {
    func keep(_ room: Warehouse.Room, _ changed: Int) throws {
      try database.execute(
        sql: "pragma cache_size = -\(room.rawValue); pragma cache_spill = \(changed)")
    }
    try keep(.passing, Int(Int32.max))
    let result = try body()
    try keep(.ample, 1)
    return result
  }

  /// Whether rows that were read could say something of rows that were passed over, so that all have to be read: they have the id of
  /// one, they are of an older snapshot than one known, or they are so many that passing over saves nothing.
  public func contradictsKnown(_ read: SourceRead) throws -> Bool {
    guard let trail = read.trail, let known = trail.known else { return false }
    let parsed = read.parts.reduce(0) { $0 + $1.count } + read.quarantined.count
    guard parsed <= max(1_000, trail.count / 8), known.entities == read.source.entities.count,
      try !isOlderThanKnown(read)
    else { return true }
    let stated = Set(try read.source.entities.indices.flatMap { try identities(ofRead: read, entity: $0) })
    guard !stated.isEmpty else { return false }
    return trail.passesOver(anyOf: stated, known)
  }

  /// The stored identities of one entity's rows that were read, in quarantine or not.
  private func identities(ofRead read: SourceRead, entity: Int) throws -> [UInt32] {
    let kind = read.source.entities[entity].entity
    let find = try RawStatement(
      database,
      """
      select i.identity from identity_scope s join identity i on i.scope = s.scope
      where s.system = ? and s.entity = ? and i.natural_id = ?
      """)
    find.bind(1, read.source.system)
    find.bind(2, kind.rawValue)
    let quarantined = read.quarantined.compactMap { $0.entity == kind ? $0.key : nil }
    let keys = try read.parts.filter { $0.kind == kind }.flatMap { try $0.rows().texts(ofColumn: 0) }
    var found: [UInt32] = []
    for key in keys + quarantined {
      find.bind(3, key)
      while try find.step() { found.append(UInt32(clamping: find.integer(0))) }
    }
    return found
  }

  private func isOlderThanKnown(_ read: SourceRead) throws -> Bool {
    guard let moment = ReadRows.snapshots(of: read).first else { return true }
    let latest = try String.fetchOne(
      database,
      sql: "select max(at) from snapshot k join source s on s.source = k.source where s.name = ?",
      arguments: [read.source.name])
    return latest.flatMap { Moment(iso: $0) }.map { moment.packed < $0.packed } ?? false
  }

  /// Keeps what a read saw for the next one, and forgets what was kept before it. `identities` are those of the rows read, by entity and by row;
  /// `kept` those that hold although no row has them: the next read has to ask for them again.
  func keepRecords(
    of read: SourceRead, source: Int64, _ identities: [RowIdentities], kept: [[Int64]]
  ) throws {
    // Nothing changed: the same records in the same order.
    if let trail = read.trail, let known = trail.known, !read.source.entities.isEmpty,
      trail.count == known.digests.count, trail.passedOver == trail.count
    {
      return
    }
    // Records that make no rows, of a stream that is kept in the landing folder only, are not worth knowing.
    if let trail = read.trail, !read.source.entities.isEmpty, trail.canBeKept(read, identities, kept),
      try trail.tellsOfAllRecords(read)
    {
      let insert = try RawStatement(database, "insert or replace into known_record values (?, ?, ?, ?, ?)")
      insert.bind(1, source)
      insert.bind(2, recordTerms)
      insert.bind(3, trail.shape)
      insert.bind(4, Int64(read.source.entities.count))
      insert.bind(5, Int64(trail.count + kept.reduce(0) { $0 + $1.count }))
      try insert.run()
      let blocks = KnownRecordBlocks(database, source: source, entities: read.source.entities.count)
      return try blocks.write(over: trail.known) { try trail.write(read, identities, kept, to: &$0) }
    }
    // Their blocks are left for the next that are kept: to free them takes as long as to write them.
    try database.execute(sql: "delete from known_record where source = ?", arguments: [source])
  }

  private var recordTerms: String { "\(program)\n\(configuration)" }
}

extension RecordTrail {
  /// False where an entity has two kinds of rows, or an identity does not fit four bytes.
  fileprivate func canBeKept(_ read: SourceRead, _ identities: [RowIdentities], _ held: [[Int64]]) -> Bool {
    Set(read.source.entities.map(\.entity)).count == read.source.entities.count
      && identities.allSatisfy { $0.largest <= UInt32.max }
      && held.allSatisfy { $0.allSatisfy { $0 <= UInt32.max } }
  }

  /// Whether each record has its rows or stands in quarantine. Asked before anything is written: what is written and taken back leaves
  /// free pages in a file that pages are still to be added to.
  fileprivate func tellsOfAllRecords(_ read: SourceRead) throws -> Bool {
    let bad = Set(read.quarantined.compactMap { $0.place.line.map { Int32(clamping: $0) } })
    var cursors = read.source.entities.map {
      LineCursor(read.parts, of: $0.entity, records: known == nil ? digests.count : -1)
    }
    for line in lines {
      for entity in cursors.indices {
        let isThere = try cursors[entity].row(ofLine: line) != nil
        guard isThere || bad.contains(line) else { return false }
      }
    }
    return true
  }

  /// Writes digests and identities of all records, of which each is good or stands in quarantine.
  fileprivate func write(
    _ read: SourceRead, _ identities: [RowIdentities], _ held: [[Int64]], to writer: inout KnownRecordWriter
  ) throws {
    let entities = read.source.entities.count
    var cursors = read.source.entities.map {
      LineCursor(read.parts, of: $0.entity, records: known == nil ? digests.count : -1)
    }
    var record = 0
    for run in runs {
      if let first = run.known, let known {
        try writer.add(known, first..<first + run.count)
        continue
      }
      for record in record..<record + run.count {
        var digest = digests[record]
        for entity in 0..<entities {
          let row = try cursors[entity].row(ofLine: lines[record])
          if row == nil { digest = 0 }
          writer.add(identity: row.map { UInt32(identities[entity][$0]) } ?? 0)
        }
        try writer.add(digest: digest)
      }
      record += run.count
    }
    // Records that no bytes equal, one for each identity that holds without a row.
    for (entity, holding) in held.enumerated() {
      for identity in holding.sorted() {
        for other in 0..<entities { writer.add(identity: other == entity ? UInt32(identity) : 0) }
        try writer.add(digest: 0)
      }
    }
  }

  /// By entity: identities of known records that were not seen again.
  func gone(entity: Int) -> [UInt32] {
    guard let known else { return [] }
    return unseen.joined().map { known.identities[$0 * known.entities + entity] }.filter { $0 != 0 }
  }

  /// Whether a record that was passed over has a row of any of these identities.
  fileprivate func passesOver(anyOf identities: Set<UInt32>, _ known: KnownRecords) -> Bool {
    // Most are told apart without being looked up.
    var marks = [Bool](repeating: false, count: 1 << 16)
    for identity in identities { marks[Int(identity & 0xFFFF)] = true }
    return runs.contains { run in
      guard let first = run.known else { return false }
      return known.identities[first * known.entities..<(first + run.count) * known.entities].contains {
        marks[Int($0 & 0xFFFF)] && identities.contains($0)
      }
    }
  }
}

/// Goes through the lines of one entity's rows in their order.
private struct LineCursor {
  private let parts: [SourceRead.Part]
  private var next = 0
  private var lines: [Int32] = []
  private var place = 0
  /// Rows before this one, in all parts.
  private var row = 0

  /// Whether every record has a row, so that none has to be asked for its line.
  private let isWhole: Bool

  /// `records` that were read; -1 where others were passed over.
  init(_ parts: [SourceRead.Part], of entity: EntityKind, records: Int) {
    self.parts = parts.filter { $0.kind == entity }
    isWhole = self.parts.reduce(0) { $0 + $1.count } == records
  }

  /// The number of the row that comes next, if it is of this line; nil where another one comes next.
  mutating func row(ofLine line: Int32) throws -> Int? {
    if isWhole {
      defer { row += 1 }
      return row
    }
    while place == lines.count {
      guard next < parts.count else { return nil }
      lines = try parts[next].rows().lines
      next += 1
      place = 0
    }
    guard lines[place] == line else { return nil }
    defer {
      place += 1
      row += 1
    }
    return row
  }
}
