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
      select k.shape, k.entities, k.content from known_record k join source s on s.source = k.source
      where s.name = ? and k.terms = ?
      """)
    select.bind(1, source.name)
    select.bind(2, recordTerms)
    guard try select.step() else { return nil }
    defer { select.reset() }
    return KnownRecords(
      shape: select.text(0), entities: Int(select.integer(1)), bytes: select.rawBytes(2))
  }

  /// Whether rows that were read could say something of rows that were passed over, so that all have to be read: they have the id of
  /// one, they are of an older snapshot than one known, or they are so many that passing over saves nothing.
  public func contradictsKnown(_ read: SourceRead) throws -> Bool {
    guard let trail = read.trail, let known = trail.known else { return false }
    let parsed = read.parts.reduce(0) { $0 + $1.batch.count } + read.quarantined.count
    guard parsed <= max(1_000, trail.digests.count / 8), known.entities == read.source.entities.count,
      try !isOlderThanKnown(read)
    else { return true }
    let passed = Set(try read.source.entities.indices.flatMap { try identities(ofRead: read, entity: $0) })
    guard !passed.isEmpty else { return false }
    return trail.positions.contains { position in
      guard position >= 0 else { return false }
      let first = Int(position) * known.entities
      return (first..<first + known.entities).contains { passed.contains(known.identities[$0]) }
    }
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
    let keys = read.parts.lazy.filter { $0.batch.kind == kind }.flatMap { part in
      (0..<part.batch.count).compactMap { part.batch.text(part.batch[$0, 0]) }
    }
    var found: [UInt32] = []
    for key in Array(keys) + quarantined {
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
    of read: SourceRead, source: Int64, _ identities: [[Int64]], kept: [[Int64]]
  ) throws {
    // Records that make no rows, of a stream that is kept in the landing folder only, are not worth knowing.
    guard let trail = read.trail, !read.source.entities.isEmpty,
      let content = trail.content(read, identities, kept)
    else {
      try database.execute(sql: "delete from known_record where source = ?", arguments: [source])
      return
    }
    // Nothing changed: the same records in the same order.
    if let known = trail.known, trail.positions.count == known.digests.count,
      !trail.positions.contains(-1)
    {
      return
    }
    let insert = try RawStatement(
      database, "insert or replace into known_record values (?, ?, ?, ?, ?)")
    insert.bind(1, source)
    insert.bind(2, recordTerms)
    insert.bind(3, trail.shape)
    insert.bind(4, Int64(read.source.entities.count))
    insert.bind(5, blob: content)
    try insert.run()
  }

  private var recordTerms: String { "\(program)\n\(configuration)" }
}

extension RecordTrail {
  /// Digests and identities of all records as bytes; nil where some record can neither be told to be good nor stands in quarantine,
  /// or an identity does not fit.
  fileprivate func content(_ read: SourceRead, _ identities: [[Int64]], _ held: [[Int64]]) -> [UInt8]? {
    let entities = read.source.entities.count
    let parts = read.source.entities.map { mapping in
      read.parts.firstIndex { $0.batch.kind == mapping.entity }
    }
    guard Set(read.source.entities.map(\.entity)).count == entities else { return nil }
    // Identities are kept in four bytes.
    guard (identities + held).allSatisfy({ $0.allSatisfy { $0 <= UInt32.max } }) else { return nil }
    let bad = Set(read.quarantined.compactMap { $0.place.line.map { Int32(clamping: $0) } })
    var kept = digests
    var ids = [UInt32](repeating: 0, count: digests.count * entities)
    var rows = [Int](repeating: 0, count: entities)
    for record in digests.indices {
      let position = Int(positions[record])
      if position >= 0, let known {
        for entity in 0..<entities {
          ids[record * entities + entity] = known.identities[position * entities + entity]
        }
        continue
      }
      for entity in 0..<entities {
        guard let part = parts[entity], rows[entity] < read.parts[part].batch.count,
          read.parts[part].batch.lines[rows[entity]] == lines[record]
        else {
          guard bad.contains(lines[record]) else { return nil }
          kept[record] = 0
          continue
        }
        ids[record * entities + entity] = UInt32(identities[entity][rows[entity]])
        rows[entity] += 1
      }
    }
    // Records that no bytes equal, one for each identity that holds without a row.
    for (entity, holding) in held.enumerated() {
      for identity in holding.sorted() {
        kept.append(0)
        for other in 0..<entities { ids.append(other == entity ? UInt32(identity) : 0) }
      }
    }
    return kept.withUnsafeBytes(Array.init) + ids.withUnsafeBytes(Array.init)
  }

  /// By entity: identities of known records that were not seen again.
  func gone(entity: Int) -> [UInt32] {
    guard let known else { return [] }
    var isSeen = [Bool](repeating: false, count: known.digests.count)
    for position in positions where position >= 0 { isSeen[Int(position)] = true }
    return isSeen.indices.lazy.filter { !isSeen[$0] }.map { known.identities[$0 * known.entities + entity] }
      .filter { $0 != 0 }
  }

  var passedOver: Int { positions.count { $0 >= 0 } }
}

extension KnownRecords {
  /// nil for bytes of another length than so many entities take.
  fileprivate init?(shape: String, entities: Int, bytes: UnsafeRawBufferPointer) {
    let size = 8 + 4 * entities
    guard bytes.count % size == 0 else { return nil }
    let count = bytes.count / size
    self.init(
      shape: shape, entities: entities,
      digests: [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[..<(8 * count)]))
        filled = count
      },
      identities: [UInt32](unsafeUninitializedCapacity: count * entities) { buffer, filled in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[(8 * count)...]))
        filled = count * entities
      })
  }
}
