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
  private var streamed: [Scope: StreamedIdentities] = [:]
  /// Whether identities are only numbered here, to be written all at once later.
  private var isBuilding: Bool
  private var lastKey: Int64?
  private var storedAtFirst: Int64?
  /// What kept an identity from being looked up: it may stand in the file.
  private var failure: (any Error)?

  init(_ database: Database, isBuilding: Bool = false) {
    self.database = database
    self.isBuilding = isBuilding
  }

  /// The identities of a scope: all of them, or for so few ids that it is quicker each when it is asked for.
  ///
  /// `count` is how many ids are going to be asked for; nil when all identities have to be there.
  func index(_ scope: Scope, asked count: Int?) throws -> IdentityIndex {
    if let counted = streamed.removeValue(forKey: scope) {
      let index = try counted.index()
      indices[scope] = index
      return index
    }
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

  /// Whether no identity of a scope was asked for in this run, and none is stored.
  func isNew(_ scope: Scope) -> Bool { isBuilding && indices[scope] == nil && streamed[scope] == nil }

  /// Takes identities of a new scope that are not held in memory.
  func stream(_ identities: StreamedIdentities, as scope: Scope) { streamed[scope] = identities }

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
    index.stored = { [weak self] id in
      if let start = id.baseAddress, !id.isEmpty {
        select.bind(1, text: start, count: id.count)
      } else {
        select.bind(1, "")
      }
      do {
        guard try select.step() else { return 0 }
        defer { select.reset() }
        return select.integer(0)
      } catch {
        self?.failure = error
        return 0
      }
    }
  }

  /// Writes the identities added since the last time. Those of customers and plans get keys in the order of their ids, so that the
  /// order of an export's rows shows nowhere outside.
  func save() throws {
    if let failure { throw failure }
    let waiting =
      indices.filter { !$0.value.fresh.isEmpty }.map(\.key)
      + streamed.filter { $0.value.first == 0 && $0.value.count > 0 }.map(\.key)
    for scope in waiting.sorted(by: { ($0.system, $0.entity.rawValue) < ($1.system, $1.entity.rawValue) }) {
      let scopeKey = try self.scopeKey(scope) ?? addScope(scope)
      let last =
        try lastKey ?? Int64.fetchOne(database, sql: "select max(identity) from identity") ?? 0
      if let identities = streamed[scope] {
        identities.first = last + 1
        lastKey = last + Int64(identities.count)
        continue
      }
      guard let index = indices[scope] else { continue }
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

  /// Hands over all identities numbered so far, scope by scope in the order of the scopes' keys, to who writes them all; from now on new ones are
  /// written by ``save()``, and those asked for are read again.
  func takeAll() throws -> [NumberedScope] {
    isBuilding = false
    defer {
      indices = [:]
      streamed = [:]
    }
    let held = try indices.compactMap { scope, index in
      try scopeKey(scope).map { NumberedScope(key: $0, entity: scope.entity, ids: .held(index)) }
    }
    let counted = try streamed.compactMap { scope, identities in
      try scopeKey(scope).map { NumberedScope(key: $0, entity: scope.entity, ids: .streamed(identities)) }
    }
    return (held + counted).sorted { $0.key < $1.key }
  }

  /// The identities of one system's entity.
  struct NumberedScope {
    enum IDs {
      case held(IdentityIndex)
      case streamed(StreamedIdentities)
    }

    var key: Int64
    var entity: EntityKind
    var ids: IDs

    var count: Int {
      switch ids {
      case .held(let index): index.count
      case .streamed(let identities): identities.count
      }
    }
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
