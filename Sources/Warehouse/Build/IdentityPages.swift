import GRDB
import Model
import SQLitePages

extension FirstBuild {
  /// Writes all identities numbered so far, with the index that keeps natural ids unique.
  func writeIdentities(_ registry: IdentityRegistry, _ database: Database) throws {
    guard claim("identity") else { return }
    let scopes = try registry.takeAll()
    let count = scopes.reduce(0) { $0 + $1.index.count }
    guard count > 0 else { return }
    let roots = (
      table: try root(of: "identity", database), index: try root(of: "sqlite_autoindex_identity_1", database)
    )
    let file = try open(database)
    try writeTable(scopes, count: count, file.table(root: roots.table))
    let index = try file.index(root: roots.index, uniqueKeyColumns: 2, nullsAreDistinct: true)
    for (scope, _, identities) in scopes {
      try identities.forEachInOrder { key, id in
        index.begin()
        index.append(scope)
        index.append(text: id)
        index.append(key)
        try index.end()
      }
    }
    try close(file, database)
  }

  private func writeTable(
    _ scopes: [(scope: Int64, entity: EntityKind, index: IdentityIndex)], count: Int, _ table: TableBuilder
  ) throws {
    // By key: which scope's which slot.
    var places = [(scope: Int32, slot: Int32)](repeating: (-1, -1), count: count)
    for (position, scope) in scopes.enumerated() {
      for (slot, key) in scope.index.keys.enumerated() {
        places[Int(key) - 1] = (Int32(position), Int32(slot))
      }
    }
    for (position, place) in places.enumerated() {
      let (scope, entity, index) = scopes[Int(place.scope)]
      let key = Int64(position) + 1
      table.begin()
      table.appendNull()
      table.append(scope)
      index.withText(of: place.slot) { table.append(text: $0) }
      if entity == .customer { table.append(key) } else { table.appendNull() }
      try table.end(rowid: key)
    }
  }
}
