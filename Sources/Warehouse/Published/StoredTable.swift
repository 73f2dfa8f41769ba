import GRDB
import Model

/// One value of a stored row.
enum StoredValue {
  case integer(Int64)
  case real(Double)
  case text(String)
  case null

  init(_ value: Int64?) { self = value.map(Self.integer) ?? .null }
  init(_ value: Int32) { self = .integer(Int64(value)) }
  init(_ value: String?) { self = value.map(Self.text) ?? .null }
}

/// Replaces a published table's rows, unless they are those it has: then its bytes stay as they are.
///
/// `values` gives the row at a position, always the same number of values; positions in the order of the primary key.
func replace(
  _ table: String, count: Int, _ database: Database, values: (Int, inout [StoredValue]) throws -> Void
) throws {
  var digest = RowDigest()
  var row: [StoredValue] = []
  digest.add(UInt64(count))
  for position in 0..<count {
    row.removeAll(keepingCapacity: true)
    try values(position, &row)
    for value in row {
      switch value {
      case .integer(let number): digest.add(UInt64(bitPattern: number))
      case .real(let number): digest.add(number.bitPattern ^ 1)
      case .text(let text): digest.add(text)
      case .null: digest.add(0x7FFF_FFFF_FFFF_FFFF)
      }
    }
  }
  let stored = Int64(bitPattern: digest.value)
  let known = try Int64.fetchOne(
    database, sql: "select digest from stored_digest where name = ?", arguments: [table])
  if known == stored { return }
  try database.execute(sql: "delete from \(table)")
  if count > 0 {
    let marks = Array(repeating: "?", count: row.count).joined(separator: ", ")
    let insert = try RawStatement(database, "insert into \(table) values (\(marks))")
    for position in 0..<count {
      row.removeAll(keepingCapacity: true)
      try values(position, &row)
      for (index, value) in row.enumerated() {
        switch value {
        case .integer(let number): insert.bind(Int32(index + 1), number)
        case .real(let number): insert.bind(Int32(index + 1), number)
        case .text(let text): insert.bind(Int32(index + 1), text)
        case .null: insert.bindNull(Int32(index + 1))
        }
      }
      try insert.run()
    }
  }
  try database.execute(
    sql: "insert into stored_digest values (?, ?) on conflict (name) do update set digest = excluded.digest",
    arguments: [table, stored])
}
