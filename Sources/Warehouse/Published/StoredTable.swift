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
    try database.execute(sql: "delete from \(rows.table)")
    try insert(rows)
    try note(digest.value, of: rows.table)
  }

  private func insert(_ rows: some StoredRows) throws {
    guard rows.count > 0 else { return }
    let columns =
      try Int.fetchOne(
        database, sql: "select count(*) from pragma_table_info(?)", arguments: [rows.table]) ?? 0
    let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
    let statement = try RawStatement(database, "insert into \(rows.table) values (\(marks))")
    var sink = InsertSink(statement)
    for position in 0..<rows.count {
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
