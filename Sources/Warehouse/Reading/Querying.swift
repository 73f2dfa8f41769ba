import GRDB
import GRDBSQLite
import Model

/// One value of a query's row.
public enum QueryValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

extension WarehouseReader {
  /// Runs one reading statement, handing over its column names once and then row after row, all of one state of the file.
  ///
  /// Throws ``WarehouseError/notReadOnly`` for several statements or one that could write, GRDB's `DatabaseError` for faulty SQL.
  public func query(
    _ sql: String, columns: ([String]) throws -> Void, row: ([QueryValue]) throws -> Void
  ) throws {
    try read { database in
      let statement: Statement
      do {
        statement = try database.makeStatement(sql: sql)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_MISUSE {
        throw WarehouseError.notReadOnly
      }
      guard statement.isReadonly else { throw WarehouseError.notReadOnly }
      try columns(statement.columnNames)
      let raw = try RawStatement(database, sql)
      let width = raw.columnCount
      do {
        while try raw.step() {
          try row((0..<width).map { raw.value($0) })
        }
      } catch let error as DatabaseError
        where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
      {
        // Of a file it would attach: the warehouse is open.
        throw WarehouseError.notReadOnly
      }
    }
  }

  /// What is wrong with the file, one line each; empty when it is whole.
  public func integrityProblems() throws -> [String] {
    try read { database in
      var problems: [String] = []
      for line in try String.fetchAll(database, sql: "pragma integrity_check(20)") where line != "ok" {
        problems.append("damaged: " + line)
      }
      for row in try Row.fetchAll(database, sql: "pragma foreign_key_check").prefix(20) {
        problems.append(
          "\(row[0] as String): row \(row[1] as Int64? ?? 0) refers to a missing row of \(row[2] as String)")
      }
      for view in try String.fetchAll(
        database, sql: "select name from sqlite_master where type = 'view' order by name")
      {
        do {
          _ = try Row.fetchOne(database, sql: "select * from \(quoted(view)) limit 1")
        } catch let error as DatabaseError
          where [.SQLITE_ERROR, .SQLITE_CORRUPT].contains(error.resultCode)
        {
          problems.append("\(view): cannot be read: \(error)")
        }
      }
      return problems
    }
  }

  /// The public views and log tables with their columns, as `create` statements, and with what the views hold.
  public func schemaText() throws -> String {
    try read { database in
      let statements = try Row.fetchAll(
        database,
        sql: """
          select name, sql from sqlite_master
          where type = 'view' or name in ('run', 'stage_run', 'source_file', 'source_read', 'stream_read', 'stream_cursor',
            'finding', 'quarantined_row')
          order by type desc, name
          """)
      return statements.map { row in
        (viewDescriptions[row[0]].map { comment($0) } ?? "") + "\(row[1] as String);\n"
      }.joined(separator: "\n")
    }
  }
}

/// Lines of SQL that say nothing to SQLite.
private func comment(_ text: String) -> String {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + word.count < 118 {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append("-- " + word)
    }
  }
  return lines.joined(separator: "\n") + "\n"
}

extension RawStatement {
  fileprivate func value(_ column: Int32) -> QueryValue {
    switch type(column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(double(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_NULL: .null
    default: .blob(Array(bytes(column)))
    }
  }
}
