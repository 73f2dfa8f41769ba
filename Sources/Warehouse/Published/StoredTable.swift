import GRDB
import Model

extension RunTransaction {
  /// Replaces a published table's rows, unless they are those it has: then its bytes stay as they are.
  func replace(_ rows: some StoredRows) throws {
    if let build, let tree = try build.tree(for: rows, database) {
      let digest = try build.write(rows, to: tree)
      return try note(digest, of: rows.table)
    }
    var digest = DigestSink(count: rows.count)
    for position in 0..<rows.count { rows.write(position, to: &digest) }
    let known = try Int64.fetchOne(
      database, sql: "select digest from stored_digest where name = ?", arguments: [rows.table])
    if known == digest.value { return }
    if try known == nil || rows.keys == 0 || !merge(rows) {
      try database.execute(sql: "delete from \(rows.table)")
      try insert(rows, 0..<rows.count)
    }
    try note(digest.value, of: rows.table)
  }

  /// Writes the difference only, which is small from one night to the next; false, and nothing written, where it is most of the table.
  private func merge(_ rows: some StoredRows) throws -> Bool {
    let columns = try columns(of: rows.table)
    let keys = columns.prefix(rows.keys)
    let stored = try RawStatement(
      database,
      "select \(columns.joined(separator: ", ")) from \(rows.table) order by \(keys.joined(separator: ", "))")
    var (added, changed): ([Int], [Int]) = ([], [])
    var removed: [[KeyValue]] = []
    var position = 0
    var isStored = try stored.step()
    while isStored || position < rows.count {
      var order = isStored ? 1 : -1
      var isEqual = false
      if isStored, position < rows.count {
        var sink = CompareSink(stored, keys: keys.count)
        rows.write(position, to: &sink)
        (order, isEqual) = (sink.order, sink.isEqual)
      }
      if order > 0 { removed.append(keys.indices.map { KeyValue(stored, Int32($0)) }) }
      if order < 0 { added.append(position) }
      if order == 0, !isEqual { changed.append(position) }
      if order <= 0 { position += 1 }
      if order >= 0 { isStored = try stored.step() }
      if (added.count + removed.count + 2 * changed.count) * 4 > rows.count + 1000 {
        stored.reset()
        return false
      }
    }
    try delete(from: rows.table, keys: keys.count, removed) { statement, key in
      for (index, value) in key.enumerated() { value.bind(to: statement, Int32(index + 1)) }
    }
    try insert(rows, changed, isInPlace: true)
    try insert(rows, added)
    return true
  }

  /// Puts rows in place of those that a condition holds for; the others stay as they are.
  func replace(_ rows: some StoredRows, where condition: String) throws {
    try database.execute(sql: "delete from \(rows.table) where \(condition)")
    try insert(rows, 0..<rows.count)
    try note(0, of: rows.table)
  }

  /// Replaces some of a published table's rows by others. What is in both stays as it is.
  func replace<Rows: StoredRows>(_ before: Rows, by after: Rows) throws {
    var known: [RowKey: Int64] = [:]
    known.reserveCapacity(before.count)
    for position in 0..<before.count {
      let row = before.keyed(position)
      known[row.key] = row.digest
    }
    var (added, changed): ([Int], [Int]) = ([], [])
    for position in 0..<after.count {
      let row = after.keyed(position)
      switch known.removeValue(forKey: row.key) {
      case nil: added.append(position)
      case row.digest: break
      default: changed.append(position)
      }
    }
    guard !known.isEmpty || !added.isEmpty || !changed.isEmpty else { return }
    let keys = before.integerKeys
    try delete(from: before.table, keys: keys, known.keys) { statement, key in
      for index in 0..<keys { statement.bind(Int32(index + 1), key[index]) }
    }
    try insert(after, changed, isInPlace: true)
    try insert(after, added)
    // The digest of all rows is not known without reading them: it is none that they could have had.
    try note(0, of: before.table)
  }

  private func columns(of table: String) throws -> [String] {
    try String.fetchAll(
      database, sql: "select name from pragma_table_info(?) order by cid", arguments: [table]
    ).map(quoted)
  }

  private func delete<Key>(
    from table: String, keys: Int, _ removed: some Collection<Key>, bind: (RawStatement, Key) -> Void
  ) throws {
    guard !removed.isEmpty else { return }
    let condition = try columns(of: table).prefix(keys).map { "\($0) = ?" }.joined(separator: " and ")
    let statement = try RawStatement(database, "delete from \(table) where \(condition)")
    for key in removed {
      bind(statement, key)
      try statement.run()
    }
  }

  /// - Parameter isInPlace: Whether each row takes the place of a stored one of its key.
  private func insert(
    _ rows: some StoredRows, _ positions: some Collection<Int>, isInPlace: Bool = false
  ) throws {
    guard !positions.isEmpty else { return }
    let marks = try columns(of: rows.table).map { _ in "?" }.joined(separator: ", ")
    let statement = try RawStatement(
      database, "insert \(isInPlace ? "or replace " : "")into \(rows.table) values (\(marks))")
    var sink = InsertSink(statement)
    for position in positions {
      rows.write(position, to: &sink)
      try sink.end()
    }
  }

  private func note(_ digest: Int64, of table: String) throws {
    try database.execute(
      sql:
        "insert into stored_digest values (?, ?) on conflict (name) do update set digest = excluded.digest",
      arguments: [table, digest])
  }
}

/// A value of a stored row's key.
private enum KeyValue {
  case integer(Int64)
  case text(String)

  init(_ stored: RawStatement, _ column: Int32) {
    self = stored.isText(column) ? .text(stored.text(column)) : .integer(stored.integer(column))
  }

  func bind(to statement: RawStatement, _ index: Int32) {
    switch self {
    case .integer(let value): statement.bind(index, value)
    case .text(let value): statement.bind(index, value)
    }
  }
}
