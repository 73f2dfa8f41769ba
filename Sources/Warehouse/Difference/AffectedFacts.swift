import GRDB
import Model

/// Closes changed identities over everything that refers to them or that they refer to, before the change and after it; nil when
/// that is more than `limit`.
///
/// What refers to something is looked for after the change only: a row that did not change referred to the same before, and one that
/// did is among the changed. So does what a row refers to, but for the changed.
///
/// Where lines stand alone (see ``BookReader/linesStandAlone``), those of one subscription belong together and to nobody else: a customer
/// is concerned by a line only where the line is of no subscription, or where no other row of the customer is sure to be there.
func affected(
  by changed: ChangedIdentities, before: References, after: References, limit: Int
) throws -> BookPart? {
  var part = BookPart(changed)
  var open: [EntityKind: [Int64]] = [:]
  func add(_ entity: EntityKind, _ identity: Int64) {
    if part.insert(identity, entity) { open[entity, default: []].append(identity) }
  }
  /// Customers that lines of subscriptions name, and those all of whose lines are wanted.
  var (named, billed) = (OpenKeys(), OpenKeys())
  func addCustomer(ofLine customer: Int64, _ isOfSubscription: Bool) {
    if isOfSubscription { return named.insert(customer) }
    add(.customer, customer)
    billed.insert(customer)
  }
  for entity in References.followed {
    for identity in changed.of(entity) { add(entity, identity) }
  }
  for identity in after.links.differing(from: before.links) { add(.customer, identity) }
  let names = try InvoiceNameReferences(before: before, after: after, changed)
  var known: [EntityKind: KeySet] = [:]
  var kept: [EntityKind: KeptVersions] = [:]
  while !open.isEmpty || !named.isEmpty || !billed.isEmpty {
    for customer in named.takeAll() where try !after.isSettled(customer, changed) {
      addCustomer(ofLine: customer, false)
    }
    // All that are open at a time, in their order: what stands side by side in the file is read together.
    let wave = open
    open = [:]
    var found: [EntityKind: [Int64]] = [:]
    func find(_ entity: EntityKind, _ row: Int64) {
      if known[entity, default: KeySet()].insert(row) { found[entity, default: []].append(row) }
    }
    for entity in References.followed {
      guard let identities = wave[entity]?.sorted() else { continue }
      guard part.count <= limit else { return nil }
      try after.forEachVersion(of: entity, identities, find)
      for identity in identities where changed.of(entity).contains(identity) {
        try before.forEachReferred(by: entity, identity, add, customerOfLine: addCustomer)
      }
      if entity == .customer {
        for identity in identities {
          for other in before.accounts(with: identity) { add(.customer, other) }
          for other in after.accounts(with: identity) { add(.customer, other) }
          if after.linesStandAlone, try !after.isSettled(identity, changed) { billed.insert(identity) }
        }
      }
      if let names, entity == .invoice || entity == .invoiceLine {
        for identity in identities { try names.forEachNamed(with: entity, identity, add) }
      }
    }
    try after.forEachLine(of: billed.takeAll().sorted(), find)
    for entity in References.followed {
      guard let rows = found[entity]?.sorted() else { continue }
      let versions = kept[entity] ?? KeptVersions(columns: References.columns(of: entity))
      kept[entity] = versions
      try after.read(rows, of: entity, into: versions, add, customerOfLine: addCustomer)
    }
  }
  guard part.count <= limit else { return nil }
  part.keep(kept)
  return part
}

/// Keys that came up and wait for being followed, each once.
private struct OpenKeys {
  private var seen = KeySet()
  private var open: [Int64] = []

  var isEmpty: Bool { open.isEmpty }

  mutating func insert(_ key: Int64) {
    if seen.insert(key) { open.append(key) }
  }

  mutating func takeAll() -> [Int64] {
    defer { open = [] }
    return open
  }
}

/// What a state of the warehouse says of who refers to whom.
struct References {
  let links: CustomerLinks
  let database: Database
  private let groups: [Int64: [Int64]]
  private let tables: [EntityKind: Table]
  /// What may refer to an entity.
  private let referring: [EntityKind: [(entity: EntityKind, select: RawStatement)]]
  let linesStandAlone: Bool
  private let described: RawStatement

  /// The entities whose rows belong together by what they refer to. A plan belongs to everybody.
  static let followed: [EntityKind] = EntityKind.allCases.filter { $0 != .plan && !parents(of: $0).isEmpty }

  /// The current versions of an entity.
  private struct Table {
    /// By identity: the row, found in an index alone.
    let rows: RawStatement
    /// By identity: what the versions refer to.
    let referred: RawStatement
    /// By row: the version, as a book reads it.
    let version: RawStatement
    /// The entities of the columns that refer to others, and where those stand in a version.
    let parents: [(entity: EntityKind, column: Int32)]

    init(_ entity: EntityKind, _ database: Database) throws {
      let (columns, parents) = (References.columns(of: entity), References.parents(of: entity))
      self.parents = parents.map { parent in
        (parent.entity, Int32(VersionReader.leading + (columns.firstIndex(of: parent.column) ?? 0)))
      }
      let current = "from \(versionTableName(entity)) where identity = ? and seen_to is null"
      rows = try RawStatement(database, "select \"row\" \(current)")
      referred = try RawStatement(
        database, "select \(parents.map { quoted($0.column) }.joined(separator: ", ")) \(current)")
      version = try RawStatement(database, VersionReader.select(columns, of: entity) + " and \"row\" = ?")
    }
  }

  /// The columns of an entity that a book is made of.
  static func columns(of entity: EntityKind) -> [String] {
    entity == .invoiceLine ? LineColumns.names : VersionReader.columns(of: entity)
  }

  /// The columns of an entity that refer to others, without those to plans.
  private static func parents(of entity: EntityKind) -> [(entity: EntityKind, column: String)] {
    entity.columns.compactMap { column in
      let referred = referredEntity(of: column.name, in: entity)
      return referred.flatMap { $0 == .plan ? nil : ($0, column.name) }
    }
  }

  /// - Parameter linesStandAlone: Whether they do before and after.
  init(_ reader: BookReader, linesStandAlone: Bool) throws {
    self.linesStandAlone = linesStandAlone
    let database = reader.database
    (links, self.database) = (reader.links, database)
    described = try RawStatement(
      database,
      """
      select exists (
        select 1 from customer_version where identity = ? and seen_to is null\(reader.sources.condition))
      """)
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

  /// What the current versions of a row refer to. Where lines stand alone, their customers are told of by themselves, and whether the line
  /// is of a subscription.
  func forEachReferred(
    by entity: EntityKind, _ identity: Int64, _ body: (EntityKind, Int64) -> Void,
    customerOfLine: (Int64, Bool) -> Void
  ) throws {
    guard let table = tables[entity] else { return }
    table.referred.bind(1, identity)
    let columns = table.parents.indices.map { (table.parents[$0].entity, Int32($0)) }
    while try table.referred.step() {
      forEachParent(in: columns, of: entity, table.referred, body, customerOfLine)
    }
  }

  @inline(__always) private func forEachParent(
    in columns: [(entity: EntityKind, column: Int32)], of entity: EntityKind, _ version: RawStatement,
    _ body: (EntityKind, Int64) -> Void, _ customerOfLine: (Int64, Bool) -> Void
  ) {
    let isAlone = linesStandAlone && entity == .invoiceLine
    for (parent, column) in columns {
      guard let found = version.optionalInteger(column) else { continue }
      if isAlone, parent == .customer {
        customerOfLine(found, columns.contains { $0.entity == .subscription && !version.isNull($0.column) })
      } else {
        body(parent, found)
      }
    }
  }

  /// Whether a customer is there whatever lines say: a row describes it, as one did before.
  func isSettled(_ customer: Int64, _ changed: ChangedIdentities) throws -> Bool {
    guard !changed.of(.customer).contains(customer) else { return false }
    described.bind(1, customer)
    defer { described.reset() }
    return try described.step() && described.integer(0) == 1
  }

  /// Rows of the current versions of all lines of customers.
  func forEachLine(of customers: [Int64], _ body: (EntityKind, Int64) -> Void) throws {
    for (entity, select) in referring[.customer] ?? [] where entity == .invoiceLine {
      for customer in customers {
        select.bind(1, customer)
        while try select.step() { body(entity, select.integer(0)) }
      }
    }
  }

  /// The accounts of a linked customer, by any of them.
  func accounts(with identity: Int64) -> [Int64] { groups[links.canonical(identity)] ?? [] }

  /// Rows of the current versions of identities, and of those that refer to them. Uses are read by their customers; so are lines, where they
  /// stand alone.
  func forEachVersion(
    of entity: EntityKind, _ identities: [Int64], _ body: (EntityKind, Int64) -> Void
  ) throws {
    if let rows = tables[entity]?.rows {
      for identity in identities {
        rows.bind(1, identity)
        while try rows.step() { body(entity, rows.integer(0)) }
      }
    }
    for (other, select) in referring[entity] ?? []
    where other != .usageEvent && !(linesStandAlone && entity == .customer && other == .invoiceLine) {
      for identity in identities {
        select.bind(1, identity)
        while try select.step() { body(other, select.integer(0)) }
      }
    }
  }

  /// Reads versions by their rows; `body` gets the identity of each, and what it refers to, as with ``forEachReferred(by:_:_:customerOfLine:)``.
  func read(
    _ rows: [Int64], of entity: EntityKind, into versions: KeptVersions, _ body: (EntityKind, Int64) -> Void,
    customerOfLine: (Int64, Bool) -> Void
  ) throws {
    guard let table = tables[entity] else { return }
    let version = table.version
    for row in rows {
      version.bind(1, row)
      while try version.step() {
        versions.keep(version)
        body(entity, version.integer(1))
        forEachParent(in: table.parents, of: entity, version, body, customerOfLine)
      }
    }
  }
}
