import GRDB
import Model

/// The identities of a run, loaded scope by scope as they are needed, with new ones given keys.
final class IdentityRegistry {
  struct Scope: Hashable {
    var system: String
    var entity: EntityKind
  }

  private let database: Database
  private var indices: [Scope: IdentityIndex] = [:]
  /// Whether identities are only numbered here, to be written all at once later.
  private var isBuilding: Bool
  private var lastKey: Int64?
  private var storedAtFirst: Int64?

  init(_ database: Database, isBuilding: Bool = false) {
    self.database = database
    self.isBuilding = isBuilding
  }

  /// The identities of a scope: all of them, or for so few ids that it is quicker each when it is asked for.
  ///
  /// `count` is how many ids are going to be asked for; nil when all identities have to be there.
  func index(_ scope: Scope, asked count: Int?) throws -> IdentityIndex {
    let known = indices[scope]
    if let known, known.stored == nil { return known }
    let index = known ?? IdentityIndex()
    indices[scope] = index
    guard let key = try scopeKey(scope) else { return index }
    if let count, try isFew(count) {
      if known == nil { try lookUp(key, for: index) }
      return index
    }
    index.stored = nil
    let select = try RawStatement(
      database, "select identity, natural_id from identity where scope = \(key) order by identity")
    while try select.step() { _ = index.slot(adding: select.bytes(1), key: select.integer(0)) }
    return index
  }

  /// Whether so many rows are better looked up one by one than found by reading all that is stored.
  func isFew(_ count: Int) throws -> Bool {
    if isBuilding { return false }
    let stored =
      try storedAtFirst ?? Int64.fetchOne(database, sql: "select max(identity) from identity") ?? 0
    storedAtFirst = stored
    return Int64(count) * 16 < stored
  }

  private func lookUp(_ scope: Int64, for index: IdentityIndex) throws {
    let select = try RawStatement(
      database, "select identity from identity where scope = \(scope) and natural_id = ?")
    index.stored = { id in
      if let start = id.baseAddress, !id.isEmpty {
        select.bind(1, text: start, count: id.count)
      } else {
        select.bind(1, "")
      }
      // A file that cannot be read fails at the next statement that says so.
      guard (try? select.step()) == true else { return 0 }
      defer { select.reset() }
      return select.integer(0)
    }
  }

  /// Writes the identities added since the last time. Those of customers and plans get keys in the order of their ids, so that the
  /// order of an export's rows shows nowhere outside.
  func save() throws {
    for (scope, index) in indices.sorted(by: {
      ($0.key.system, $0.key.entity.rawValue) < ($1.key.system, $1.key.entity.rawValue)
    })
    where !index.fresh.isEmpty {
      let scopeKey = try self.scopeKey(scope) ?? addScope(scope)
      let last =
        try lastKey ?? Int64.fetchOne(database, sql: "select max(identity) from identity") ?? 0
      lastKey = last + Int64(index.fresh.count)
      let isCustomer = scope.entity == .customer
      let isSorted = isCustomer || scope.entity == .plan
      if isBuilding {
        index.assignKeys(after: last, sorted: isSorted) { _, _ in }
        continue
      }
      let insert = try RawStatement(
        database, "insert into identity (identity, scope, natural_id, customer_id) values (?1, ?2, ?3, ?4)")
      insert.bind(2, scopeKey)
      try index.assignKeys(after: last, sorted: isSorted) { key, id in
        insert.bind(1, key)
        if let start = id.baseAddress {
          insert.bind(3, text: start, count: id.count)
        } else {
          insert.bind(3, "")
        }
        if isCustomer { insert.bind(4, key) }
        try insert.run()
      }
    }
  }

  /// All identities numbered so far, scope by scope in the order of the scopes' keys, for who writes them all; from now on new ones are written
  /// by ``save()``.
  func takeAll() throws -> [(scope: Int64, entity: EntityKind, index: IdentityIndex)] {
    isBuilding = false
    return try indices.compactMap { scope, index in
      try scopeKey(scope).map { ($0, scope.entity, index) }
    }.sorted { $0.0 < $1.0 }
  }

  private func scopeKey(_ scope: Scope) throws -> Int64? {
    try Int64.fetchOne(
      database, sql: "select scope from identity_scope where system = ? and entity = ?",
      arguments: [scope.system, scope.entity.rawValue])
  }

  private func addScope(_ scope: Scope) throws -> Int64 {
    try database.execute(
      sql: "insert into identity_scope (system, entity) values (?, ?)",
      arguments: [scope.system, scope.entity.rawValue])
    return database.lastInsertedRowID
  }
}
