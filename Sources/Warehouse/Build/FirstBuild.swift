import GRDB
import Model
import SQLitePages

/// Fills the tables of a warehouse without history as whole pages, where row after row would take most of the night.
///
/// Works on a file nobody else sees, between the statements of its one connection: a table is filled at most once, while it is empty; whatever
/// comes after goes through SQL. What the schema checks of rows is guaranteed here: keys and parents are the registry's own, required
/// values are looked at, types are those of the columns.
final class FirstBuild {
  let path: String
  private let run: Int64
  private var filled: Set<String> = []
  /// By entity all that is in its table, where it was put away while it was read.
  var streamed: [EntityKind: StreamedRows] = [:]

  init(path: String, run: Int64) {
    self.path = path
    self.run = run
  }

  /// True the first time a table is asked for: it is still empty.
  func claim(_ table: String) -> Bool { filled.insert(table).inserted }

  /// Whether a table has been claimed before.
  func isFilled(_ table: String) -> Bool { filled.contains(table) }

  /// Opens the file's pages. The connection must not be used until ``close(_:_:)``.
  func open(_ database: Database) throws -> PageFile {
    try database.commit()
    return try PageFile(path: path)
  }

  /// Completes what was written, and gives the file back to the connection.
  func close(_ file: PageFile, _ database: Database) throws {
    try file.finish()
    try database.beginTransaction(.immediate)
  }

  func root(of name: String, _ database: Database) throws -> UInt32 {
    guard
      let root = try Int64.fetchOne(
        database, sql: "select rootpage from sqlite_master where name = ?", arguments: [name])
    else { throw DatabaseError(resultCode: .SQLITE_ERROR, message: "no such table or index: \(name)") }
    return UInt32(root)
  }

  /// The version table of an entity as pages; nil when it has rows already.
  func versions(of entity: EntityKind, _ database: Database) throws -> VersionPages? {
    let table = versionTableName(entity)
    guard claim(table) else { return nil }
    return try VersionPages(entity, run: run, database, self)
  }

  // MARK: Published tables

  /// How the rows of a published table lie in its tree.
  struct Tree {
    var root: UInt32
    /// Columns of the primary key of a table without rowid; nil when the first column is the rowid.
    var keyColumns: Int?
    let database: Database
  }

  /// The tree of a published table; nil where SQL has to fill it: it was filled before, has other indexes, or is checked by the schema.
  func tree(for rows: some StoredRows, _ database: Database) throws -> Tree? {
    guard !rows.isCheckedBySchema, rows.count > 0, claim(rows.table) else { return nil }
    let others = try Int.fetchOne(
      database, sql: "select count(*) from pragma_index_list(?) where origin <> 'pk'", arguments: [rows.table]
    )
    let hasRowid = try Bool.fetchOne(
      database, sql: "select not wr from pragma_table_list where name = ?", arguments: [rows.table])
    let key = try Int.fetchAll(
      database, sql: "select cid from pragma_table_info(?) where pk > 0 order by pk", arguments: [rows.table])
    guard others == 0, let hasRowid, !key.isEmpty, key == Array(0..<key.count) else { return nil }
    return Tree(
      root: try root(of: rows.table, database), keyColumns: hasRowid ? nil : key.count, database: database)
  }

  /// Writes all rows of a published table; returns their digest.
  func write(_ rows: some StoredRows, to tree: Tree) throws -> Int64 {
    let file = try open(tree.database)
    let digest: Int64
    if let columns = tree.keyColumns {
      let index = try file.index(root: tree.root, uniqueKeyColumns: columns, nullsAreDistinct: false)
      var sink = PageSink(index, count: rows.count, hasRowid: false)
      for position in 0..<rows.count {
        sink.begin()
        rows.write(position, to: &sink)
        try index.end()
      }
      digest = sink.digest.value
    } else {
      let table = try file.table(root: tree.root)
      var sink = PageSink(table, count: rows.count, hasRowid: true)
      for position in 0..<rows.count {
        sink.begin()
        rows.write(position, to: &sink)
        try table.end(rowid: sink.rowid)
      }
      digest = sink.digest.value
    }
    try close(file, tree.database)
    return digest
  }
}

/// Puts a row's values into a record, and digests them on the way.
struct PageSink<Record: RecordWriter>: RowSink {
  private let record: Record
  private(set) var digest: DigestSink
  /// The first value, where that is the rowid.
  private(set) var rowid: Int64 = 0
  private let hasRowid: Bool
  /// Whether the next value is the rowid.
  private var isRowid = false

  @inline(__always) init(_ record: Record, count: Int, hasRowid: Bool) {
    self.record = record
    digest = DigestSink(count: count)
    self.hasRowid = hasRowid
  }

  /// Begins a row.
  @inline(__always) mutating func begin() {
    isRowid = hasRowid
    record.begin()
  }

  @inline(__always) mutating func add(_ value: Int64) {
    digest.add(value)
    if isRowid {
      isRowid = false
      rowid = value
      record.appendNull()
    } else {
      record.append(value)
    }
  }

  @inline(__always) mutating func add(_ value: Double) {
    digest.add(value)
    record.append(value)
  }

  @inline(__always) mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    digest.add(text)
    record.append(text: text)
  }

  @inline(__always) mutating func addNull() {
    digest.addNull()
    record.appendNull()
  }
}
