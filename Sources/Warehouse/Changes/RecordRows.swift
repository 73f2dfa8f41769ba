import GRDB
import Model

/// Finds the rows, known now, of the records that a read of changes holds or says to be deleted: those of them that the read does not have
/// have ended.
struct RecordRows {
  private let database: Database
  private let source: Int64
  private let system: String
  private let at: Moment
  private let columns: [EntityKind: String]
  /// Keys of the records the read says something of.
  private let keys: Set<String>

  /// nil for a read that is not one of changes.
  init?(_ read: SourceRead, source: Int64, _ database: Database) throws {
    guard let changes = read.changes else { return nil }
    self.database = database
    self.source = source
    system = read.source.system
    at = read.dataThrough
    columns = changes.columns
    keys = try read.recordKeys()
  }

  /// Natural ids of the rows of an entity; none of one that is no record's own.
  func ids(of entity: EntityKind) throws -> [String] {
    guard let column = columns[entity], !keys.isEmpty else { return [] }
    if column == "id" { return try known(keys, of: entity).map(\.key) }
    guard let owner = referredEntity(of: column, in: entity) else {
      return try rows(of: entity, by: column, texts: keys)
    }
    return try rows(of: entity, by: column, owners: known(keys, of: owner).map(\.identity))
  }

  private func known(_ keys: Set<String>, of entity: EntityKind) throws -> [(key: String, identity: Int64)] {
    let find = try RawStatement(
      database,
      """
      select i.identity from identity_scope s join identity i on i.scope = s.scope
      where s.system = ? and s.entity = ? and i.natural_id = ?
      """)
    find.bind(1, system)
    find.bind(2, entity.rawValue)
    var found: [(key: String, identity: Int64)] = []
    for key in keys.sorted() {
      find.bind(3, key)
      while try find.step() { found.append((key, find.integer(0))) }
    }
    return found
  }

  private func select(_ entity: EntityKind, by column: String, _ condition: String = "") throws
    -> RawStatement
  {
    try RawStatement(
      database,
      """
      select identity, valid_from, valid_to, \(quoted(column)) from \(versionTableName(entity))
      where seen_to is null and source = \(source)\(condition)
      """)
  }

  private func rows(of entity: EntityKind, by column: String, owners: [Int64]) throws -> [String] {
    guard referenceIndexes.contains(where: { $0.entity == entity && $0.column == column }) else {
      let wanted = Set(owners)
      return try scan(entity, by: column) { $0.optionalInteger(3).map(wanted.contains) ?? false }
    }
    let select = try select(entity, by: column, " and \(quoted(column)) = ?")
    var found: [Int64] = []
    for owner in owners {
      select.bind(1, owner)
      while try select.step() { if isThere(select) { found.append(select.integer(0)) } }
    }
    return try texts(of: found)
  }

  private func rows(of entity: EntityKind, by column: String, texts: Set<String>) throws -> [String] {
    try scan(entity, by: column) { $0.optionalText(3).map(texts.contains) ?? false }
  }

  private func scan(
    _ entity: EntityKind, by column: String, _ isWanted: (RawStatement) -> Bool
  ) throws -> [String] {
    let select = try select(entity, by: column)
    var found: [Int64] = []
    while try select.step() { if isWanted(select), isThere(select) { found.append(select.integer(0)) } }
    return try texts(of: found)
  }

  private func texts(of identities: [Int64]) throws -> [String] {
    let names = try NaturalIDs(database)
    let texts = identities.map { names.text($0) }
    try names.check()
    return texts
  }

  /// A state that had ended by then may tell of another record than the row is of since.
  private func isThere(_ version: RawStatement) -> Bool {
    guard let from = version.moment(1) else { return true }
    return from.packed <= at.packed && version.moment(2).map { at.packed < $0.packed } ?? true
  }
}

extension SourceRead {
  /// Of a read of changes: keys of the records it says something of, by what it is told, by their rows, and by their quarantined ones.
  func recordKeys() throws -> Set<String> {
    guard let changes else { return [] }
    var keys = Set(changes.held + changes.deleted)
    for part in parts {
      guard let column = changes.columns[part.kind].flatMap({ part.kind.index(of: $0) }) else { continue }
      keys.formUnion(try part.rows().texts(ofColumn: column))
    }
    for row in quarantined {
      if let key = row.key, let entity = row.entity, changes.columns[entity] == "id" { keys.insert(key) }
    }
    return keys
  }
}

extension EntityBatch {
  /// The texts of one column, row after row, without missing ones.
  func texts(ofColumn column: Int) -> [String] { (0..<count).compactMap { text(self[$0, column]) } }
}
