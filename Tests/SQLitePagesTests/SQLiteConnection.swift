import GRDBSQLite

/// sqlite3 itself, against which what the pages hold is told.
final class SQLiteConnection {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private var handle: OpaquePointer?

  init(_ path: String) throws {
    try check(sqlite3_open(path, &handle))
    // Nothing here outlives the test.
    try execute("pragma synchronous = off")
  }

  deinit { sqlite3_close(handle) }

  private func check(_ code: CInt) throws {
    guard code != SQLITE_OK, code != SQLITE_DONE, code != SQLITE_ROW else { return }
    throw Failure(description: handle.map { String(cString: sqlite3_errmsg($0)) } ?? "code \(code)")
  }

  func execute(_ sql: String) throws {
    try check(sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// Runs one statement once per row of parameters.
  func execute(_ sql: String, _ rows: [[Value]]) throws {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
    defer { sqlite3_finalize(statement) }
    try execute("begin")
    for row in rows {
      for (index, value) in row.enumerated() { try bind(value, statement, CInt(index + 1)) }
      try check(sqlite3_step(statement))
      try check(sqlite3_reset(statement))
    }
    try execute("commit")
  }

  private func bind(_ value: Value, _ statement: OpaquePointer?, _ index: CInt) throws {
    let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: try check(sqlite3_bind_null(statement, index))
    case .integer(let value): try check(sqlite3_bind_int64(statement, index, value))
    case .real(let value): try check(sqlite3_bind_double(statement, index, value))
    case .text(let bytes):
      try (bytes + [0]).withUnsafeBytes {
        try check(
          sqlite3_bind_text(
            statement, index, $0.bindMemory(to: CChar.self).baseAddress, CInt(bytes.count), copy))
      }
    case .blob(let bytes):
      if bytes.isEmpty { return try check(sqlite3_bind_zeroblob(statement, index, 0)) }
      try bytes.withUnsafeBytes {
        try check(sqlite3_bind_blob(statement, index, $0.baseAddress, CInt(bytes.count), copy))
      }
    }
  }

  func rows(_ sql: String) throws -> [[Value]] {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
    defer { sqlite3_finalize(statement) }
    var rows: [[Value]] = []
    while true {
      let code = sqlite3_step(statement)
      guard code == SQLITE_ROW else {
        try check(code)
        return rows
      }
      rows.append((0..<sqlite3_column_count(statement)).map { value(statement, $0) })
    }
  }

  private func value(_ statement: OpaquePointer?, _ column: CInt) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      let start = sqlite3_column_text(statement, column)
      let count = Int(sqlite3_column_bytes(statement, column))
      return .text(Array(UnsafeBufferPointer(start: start, count: count)))
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(statement, column)
      let count = Int(sqlite3_column_bytes(statement, column))
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }

  /// "ok", or what is wrong with the file.
  func integrity() throws -> String {
    let faults = try rows("pragma integrity_check") + rows("pragma foreign_key_check")
    return faults == [[.text(Array("ok".utf8))]] ? "ok" : "\(faults)"
  }

  /// The root page of a table or index.
  func root(_ name: String) throws -> UInt32 {
    guard
      case .integer(let root)? = try rows("select rootpage from sqlite_schema where name = '\(name)'").first?
        .first
    else { throw Failure(description: "no \(name)") }
    return UInt32(root)
  }
}
