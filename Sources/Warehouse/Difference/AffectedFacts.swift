import GRDB
import Model

/// Closes changed identities over everything that refers to them or that they refer to, before the change and after it; nil when
/// that is more than `limit`.
///
/// What refers to something is looked for after the change only: a row that did not change referred to the same before, and one that
/// did is among the changed. So does what a row refers to, but for the changed.
func affected(
  by changed: ChangedIdentities, before: References, after: References, limit: Int
) throws -> BookPart? {
  var part = BookPart(after.database, changed)
  var open: [EntityKind: [Int64]] = [:]
  func add(_ entity: EntityKind, _ identity: Int64) {
    if part.insert(identity, entity) { open[entity, default: []].append(identity) }
  }
  for entity in References.followed {
    for identity in changed.of(entity) { add(entity, identity) }
  }
  for identity in after.links.differing(from: before.links) { add(.customer, identity) }
  let names = try InvoiceNameReferences(before: before, after: after, changed)
  var versions: [EntityKind: KeySet] = [:]
  while !open.isEmpty {
    // All that are open at a time, in their order: what stands side by side in the file is read together.
    let wave = open
    open = [:]
    var found: [EntityKind: [Int64]] = [:]
    for entity in References.followed {
      guard let identities = wave[entity]?.sorted() else { continue }
      guard part.count <= limit else { return nil }
      try after.forEachVersion(of: entity, identities) { other, row in
        if versions[other, default: KeySet()].insert(row) { found[other, default: []].append(row) }
      }
      for identity in identities where changed.of(entity).contains(identity) {
        try before.forEachReferred(by: entity, identity, add)
      }
      if entity == .customer {
        for identity in identities {
          for other in before.accounts(with: identity) { add(.customer, other) }
          for other in after.accounts(with: identity) { add(.customer, other) }
        }
      }
      if let names, entity == .invoice || entity == .invoiceLine {
        for identity in identities { try names.forEachNamed(with: entity, identity, add) }
      }
    }
    for entity in References.followed {
      guard let rows = found[entity]?.sorted() else { continue }
      try after.read(rows, of: entity) { version in
        part.add(version, of: entity)
        add(entity, version.identity)
      } referred: {
        add($0, $1)
      }
    }
  }
  return part.count <= limit ? part : nil
}

/// What a state of the warehouse says of who refers to whom.
struct References {
  let links: CustomerLinks
  let database: Database
  private let groups: [Int64: [Int64]]
  private let tables: [EntityKind: Table]
  /// What may refer to an entity.
  private let referring: [EntityKind: [(entity: EntityKind, select: RawStatement)]]

  /// The entities whose rows belong together by what they refer to. A plan belongs to everybody.
  static let followed: [EntityKind] = EntityKind.allCases.filter { $0 != .plan && !columns(of: $0).isEmpty }

  /// The current versions of an entity.
  private struct Table {
    /// By identity: the row, found in an index alone.
    let rows: RawStatement
    /// By identity: what the versions refer to.
    let referred: RawStatement
    /// By row: which version it is, and what it refers to.
    let version: RawStatement
    /// The entities of the columns that refer to others.
    let parents: [EntityKind]

    init(_ entity: EntityKind, _ database: Database) throws {
      let columns = References.columns(of: entity)
      let names = columns.map { quoted($0.name) }.joined(separator: ", ")
      let table = versionTableName(entity)
      parents = columns.map(\.referred)
      rows = try RawStatement(
        database, "select \"row\" from \(table) where identity = ? and seen_to is null")
      referred = try RawStatement(
        database, "select \(names) from \(table) where identity = ? and seen_to is null")
      version = try RawStatement(
        database, "select identity, source, valid_from, \(names) from \(table) where \"row\" = ?")
    }
  }

  /// The columns of an entity that refer to others, without those to plans.
  private static func columns(of entity: EntityKind) -> [(name: String, referred: EntityKind)] {
    entity.columns.compactMap { column in
      let referred = referredEntity(of: column.name, in: entity)
      return referred.flatMap { $0 == .plan ? nil : (column.name, $0) }
    }
  }

  init(_ links: CustomerLinks, _ database: Database) throws {
    self.links = links
    self.database = database
    groups = links.groups
    let filled = try Self.followed.filter { try !Self.isEmpty($0, database) }
    tables = try Dictionary(uniqueKeysWithValues: filled.map { ($0, try Table($0, database)) })
    var referring: [EntityKind: [(entity: EntityKind, select: RawStatement)]] = [:]
    for index in referenceIndexes where !index.isByIdentity && filled.contains(index.entity) {
      guard let parent = referredEntity(of: index.column, in: index.entity) else { continue }
      let select = try RawStatement(
        database,
        """
        select "row" from \(versionTableName(index.entity)) where \(quoted(index.column)) = ? and seen_to is null
        """)
      referring[parent, default: []].append((index.entity, select))
    }
    self.referring = referring
  }

  private static func isEmpty(_ entity: EntityKind, _ database: Database) throws -> Bool {
    try Int64.fetchOne(database, sql: "select 1 from \(versionTableName(entity)) limit 1") == nil
  }

  /// What the current versions of a row refer to.
  func forEachReferred(
    by entity: EntityKind, _ identity: Int64, _ body: (EntityKind, Int64) -> Void
  ) throws {
    guard let table = tables[entity] else { return }
    table.referred.bind(1, identity)
    while try table.referred.step() {
      for (column, parent) in table.parents.enumerated() {
        if let found = table.referred.optionalInteger(Int32(column)) { body(parent, found) }
      }
    }
  }

  /// The accounts of a linked customer, by any of them.
  func accounts(with identity: Int64) -> [Int64] { groups[links.canonical(identity)] ?? [] }

  /// Rows of the current versions of identities, and of those that refer to them. Uses are read by their customers.
  func forEachVersion(
    of entity: EntityKind, _ identities: [Int64], _ body: (EntityKind, Int64) -> Void
  ) throws {
    if let rows = tables[entity]?.rows {
      for identity in identities {
        rows.bind(1, identity)
        while try rows.step() { body(entity, rows.integer(0)) }
      }
    }
    for (other, select) in referring[entity] ?? [] where other != .usageEvent {
      for identity in identities {
        select.bind(1, identity)
        while try select.step() { body(other, select.integer(0)) }
      }
    }
  }

  /// Reads versions by their rows, and what each refers to.
  func read(
    _ rows: [Int64], of entity: EntityKind, _ body: (BookPart.Version) -> Void,
    referred: (EntityKind, Int64) -> Void
  ) throws {
    guard let table = tables[entity] else { return }
    let select = table.version
    for row in rows {
      select.bind(1, row)
      while try select.step() {
        body(
          BookPart.Version(
            row: row, identity: select.integer(0), source: select.integer(1),
            from: select.isNull(2) ? "" : select.text(2)))
        for (column, parent) in table.parents.enumerated() {
          if let found = select.optionalInteger(Int32(column + 3)) { referred(parent, found) }
        }
      }
    }
  }
}
