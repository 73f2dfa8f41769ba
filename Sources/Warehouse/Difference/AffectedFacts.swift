import GRDB
import Model

/// Closes changed identities over everything that refers to them or that they refer to, before the change and after it; nil when
/// that is more than `limit`.
///
/// What refers to something is looked for after the change only: a row that did not change referred to the same before, and one that
/// did is among the changed.
func affected(
  by changed: ChangedIdentities, before: References, after: References, limit: Int
) throws -> BookPart? {
  var part = BookPart()
  var open: [(entity: EntityKind, identity: Int64)] = []
  func add(_ entity: EntityKind, _ identity: Int64) {
    if part.insert(identity, entity) { open.append((entity, identity)) }
  }
  for entity in References.followed {
    for identity in changed.of(entity) { add(entity, identity) }
  }
  for identity in after.links.differing(from: before.links) { add(.customer, identity) }
  let names = try InvoiceNameReferences(before: before, after: after, changed)
  while let (entity, identity) = open.popLast() {
    guard part.count <= limit else { return nil }
    try after.forEachReferred(by: entity, identity, add)
    if changed.of(entity).contains(identity) || entity == .customer {
      try before.forEachReferred(by: entity, identity, add)
    }
    try after.forEachReferring(to: entity, identity, add)
    try names?.forEachNamed(with: entity, identity, add)
  }
  return part
}

/// What a state of the warehouse says of who refers to whom.
struct References {
  let links: CustomerLinks
  let database: Database
  private let groups: [Int64: [Int64]]
  private let referred: [EntityKind: Referred]
  private let referring: [EntityKind: [(entity: EntityKind, select: RawStatement)]]

  /// The entities whose rows belong together by what they refer to. A plan belongs to everybody.
  static let followed: [EntityKind] = EntityKind.allCases.filter { $0 != .plan && !columns(of: $0).isEmpty }

  private struct Referred {
    var select: RawStatement
    var entities: [EntityKind]
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
    var referred: [EntityKind: Referred] = [:]
    let empty = try Set(Self.followed.filter { try Self.isEmpty($0, database) })
    for entity in Self.followed where !empty.contains(entity) {
      let columns = Self.columns(of: entity)
      let select = try RawStatement(
        database,
        """
        select \(columns.map { quoted($0.name) }.joined(separator: ", ")) from \(versionTableName(entity))
        where identity = ? and seen_to is null
        """)
      referred[entity] = Referred(select: select, entities: columns.map(\.referred))
    }
    self.referred = referred
    var referring: [EntityKind: [(entity: EntityKind, select: RawStatement)]] = [:]
    for index in referenceIndexes where !index.isByIdentity && !empty.contains(index.entity) {
      guard let parent = referredEntity(of: index.column, in: index.entity) else { continue }
      let select = try RawStatement(
        database,
        """
        select identity from \(versionTableName(index.entity)) where \(quoted(index.column)) = ? and seen_to is null
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
    if let referred = referred[entity] {
      referred.select.bind(1, identity)
      while try referred.select.step() {
        for (column, parent) in referred.entities.enumerated() {
          if let found = referred.select.optionalInteger(Int32(column)) { body(parent, found) }
        }
      }
    }
    guard entity == .customer else { return }
    for other in groups[links.canonical(identity)] ?? [] { body(.customer, other) }
  }

  /// What refers to something. Uses are read by their customers.
  func forEachReferring(
    to entity: EntityKind, _ identity: Int64, _ body: (EntityKind, Int64) -> Void
  ) throws {
    for (other, select) in referring[entity] ?? [] where other != .usageEvent {
      select.bind(1, identity)
      while try select.step() { body(other, select.integer(0)) }
    }
  }
}
