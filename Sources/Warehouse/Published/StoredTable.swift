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
    if try known == nil || rows.integerKeys == 0 || !merge(rows) {
      try database.execute(sql: "delete from \(rows.table)")
      try insert(rows, 0..<rows.count)
    }
    try note(digest.value, of: rows.table)
  }

  /// Writes the difference only, which is small from one night to the next; false, and nothing written, where it is most of the table.
  private func merge(_ rows: some StoredRows) throws -> Bool {
    let columns = try String.fetchAll(
      database, sql: "select name from pragma_table_info(?) order by cid", arguments: [rows.table])
    let keys = columns.prefix(rows.integerKeys).map(quoted)
    let stored = try RawStatement(
      database,
      "select \(columns.map(quoted).joined(separator: ", ")) from \(rows.table) order by \(keys.joined(separator: ", "))"
    )
    var added: [Int] = []
    var removed: [[Int64]] = []
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
      if !isEqual, order >= 0 { removed.append(keys.indices.map { stored.integer(Int32($0)) }) }
      if !isEqual, order <= 0 { added.append(position) }
      if order <= 0 { position += 1 }
      if order >= 0 { isStored = try stored.step() }
      if (added.count + removed.count) * 4 > rows.count + 1000 {
        stored.reset()
        return false
      }
    }
    try delete(from: rows.table, keys: keys.count, removed)
    try insert(rows, added)
    return true
  }

  /// Replaces some of a published table's rows by others. What is in both stays as it is.
  func replace<Rows: StoredRows>(_ before: Rows, by after: Rows) throws {
    var known: [[Int64]: Int64] = [:]
    for position in 0..<before.count {
      let row = before.keyed(position)
      known[row.key] = row.digest
    }
    var added: [Int] = []
    for position in 0..<after.count {
      let row = after.keyed(position)
      if known[row.key] == row.digest { known[row.key] = nil } else { added.append(position) }
    }
    guard !known.isEmpty || !added.isEmpty else { return }
    try delete(from: before.table, keys: before.integerKeys, Array(known.keys))
    try insert(after, added)
    // The digest of all rows is not known without reading them: it is none that they could have had.
    try note(0, of: before.table)
  }

  private func delete(from table: String, keys: Int, _ removed: [[Int64]]) throws {
    let columns = try String.fetchAll(
      database, sql: "select name from pragma_table_info(?) order by cid", arguments: [table])
    let statement = try RawStatement(
      database,
      "delete from \(table) where \(columns.prefix(keys).map { "\(quoted($0)) = ?" }.joined(separator: " and "))"
    )
    for key in removed {
      for (index, value) in key.enumerated() { statement.bind(Int32(index + 1), value) }
      try statement.run()
    }
  }

  private func insert(_ rows: some StoredRows, _ positions: some Collection<Int>) throws {
    guard !positions.isEmpty else { return }
    let columns =
      try Int.fetchOne(
        database, sql: "select count(*) from pragma_table_info(?)", arguments: [rows.table]) ?? 0
    let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
    let statement = try RawStatement(database, "insert into \(rows.table) values (\(marks))")
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
