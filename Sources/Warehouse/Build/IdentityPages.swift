import GRDB
import Model
import SQLitePages

extension FirstBuild {
  /// Writes all identities numbered so far, with the index that keeps natural ids unique.
  func writeIdentities(_ registry: IdentityRegistry, _ database: Database) throws {
    guard claim("identity") else { return }
    let scopes = try registry.takeAll()
    guard scopes.contains(where: { $0.count > 0 }) else { return }
    let roots = (
      table: try root(of: "identity", database), index: try root(of: "sqlite_autoindex_identity_1", database)
    )
    let file = try open(database)
    let sorters = scopes.map { _ in TextSorter(folder: folderOfFile(path)) }
    try writeTable(scopes, sorters, file.table(root: roots.table))
    let index = try file.index(root: roots.index, uniqueKeyColumns: 2, nullsAreDistinct: true)
    for (scope, sorter) in zip(scopes, sorters) {
      func add(_ key: Int64, _ id: UnsafeBufferPointer<UInt8>) throws {
        index.begin()
        index.append(scope.key)
        index.append(text: id)
        index.append(key)
        try index.end()
      }
      switch scope.ids {
      case .held(let identities): try identities.forEachInOrder(add)
      case .streamed: try sorter.forEachInOrder { try add($1, $0) }
      }
    }
    try close(file, database)
  }

  /// In the order of the keys. Ids that are read on the way are sorted by then.
  private func writeTable(
    _ scopes: [IdentityRegistry.NumberedScope], _ sorters: [TextSorter], _ table: TableBuilder
  ) throws {
    // By key, without those that are counted off: which scope's which slot.
    var places: [(scope: Int32, slot: Int32)] = []
    var counted: [(position: Int, identities: StreamedIdentities)] = []
    for (position, scope) in scopes.enumerated() {
      if case .streamed(let identities) = scope.ids { counted.append((position, identities)) }
    }
    counted.sort { $0.identities.first < $1.identities.first }
    places = Array(
      repeating: (-1, -1),
      count: scopes.reduce(0) { $0 + $1.count } - counted.reduce(0) { $0 + $1.identities.count })
    for (position, scope) in scopes.enumerated() {
      guard case .held(let index) = scope.ids else { continue }
      for (slot, key) in index.keys.enumerated() {
        let before = counted.reduce(0) { $0 + ($1.identities.first < key ? $1.identities.count : 0) }
        places[Int(key) - 1 - before] = (Int32(position), Int32(slot))
      }
    }
    // Beside the scopes, whose names and ids would be retained for every row.
    let kinds = scopes.map { (key: $0.key, isCustomer: $0.entity == .customer) }
    func write(
      _ key: Int64, _ kind: (key: Int64, isCustomer: Bool), _ id: UnsafeBufferPointer<UInt8>
    ) throws {
      table.begin()
      table.appendNull()
      table.append(kind.key)
      table.append(text: id)
      if kind.isCustomer { table.append(key) } else { table.appendNull() }
      try table.end(rowid: key)
    }
    var key: Int64 = 1
    var next = 0
    func writeCounted() throws {
      while next < counted.count, counted[next].identities.first == key {
        let (position, identities) = counted[next]
        let (sorter, kind) = (sorters[position], kinds[position])
        try identities.forEachID { key, id in
          try write(key, kind, id)
          try sorter.add(id, key)
        }
        key += Int64(identities.count)
        next += 1
      }
    }
    for place in places {
      try writeCounted()
      if case .held(let index) = scopes[Int(place.scope)].ids {
        try index.withText(of: place.slot) { try write(key, kinds[Int(place.scope)], $0) }
      }
      key += 1
    }
    try writeCounted()
  }
}
