import GRDB
import Glibc
import Model
import Synchronization

/// The project's one SQLite file, open for writing.
///
/// Everything a run changes becomes visible at once, when ``run(_:holding:now:_:)`` commits; readers (``WarehouseReader``) see the
/// state before until then.
public final class Warehouse: Sendable {
  public let path: String
  private let connection: Mutex<DatabaseQueue?>
  /// Whether a first run writes whole pages; the other way is the reference it is held to.
  let buildsFirst: Bool

  /// Opens a warehouse, creating it where there is none. One of an older schema is copied beside itself and then migrated.
  ///
  /// Throws ``WarehouseError`` for a file that is not a warehouse, was written by a later version, is damaged, held by another
  /// program or out of reach.
  public convenience init(opening path: String) throws { try self.init(opening: path, buildsFirst: true) }

  init(opening path: String, buildsFirst: Bool) throws {
    self.path = path
    self.buildsFirst = buildsFirst
    try makeFolder(of: path)
    connection = Mutex(try Self.telling(path) { try Self.prepare(path) })
  }

  /// Connects, and brings the schema up to date.
  private static func prepare(_ path: String) throws -> DatabaseQueue {
    let isNew = try inspect(path, writing: true)
    let queue: DatabaseQueue
    do {
      queue = try connect(path)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      throw WarehouseError.notAWarehouse(path: path, reason: "it is no SQLite file")
    }
    let found = try queue.read { try Int.fetchOne($0, sql: "pragma user_version") ?? 0 }
    if !isNew, found < schemaVersion { try backUp(queue, as: path + ".schema-\(found).backup") }
    try schemaMigrator().migrate(queue)
    return queue
  }

  private static func connect(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { database in
      // Where SQLite is built to overwrite what is deleted, pages that become free would each be written, and there are thousands.
      try database.execute(
        sql: """
          pragma synchronous = normal; pragma cache_size = -\(Room.ample.rawValue); pragma temp_store = memory;
          pragma cell_size_check = on; pragma secure_delete = fast
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Memory for pages of the file, in KiB.
  enum Room: Int {
    case ample = 200_000
    /// For who comes to most pages once: fresh memory costs more than reading some of them again.
    case scant = 32_000
    /// For what is read once from its beginning to its end.
    case passing = 2_000
  }

  /// The one connection, opened anew after ``disconnect()``.
  var queue: DatabaseQueue {
    get throws {
      try connection.withLock { connection in
        if let connection { return connection }
        let opened = try Self.connect(path)
        connection = opened
        return opened
      }
    }
  }

  /// Closes the connection and leaves one plain file without a write-ahead log; false when another connection keeps it from that.
  func disconnect() throws -> Bool {
    try connection.withLock { connection in
      guard let queue = connection else { return true }
      let mode = try queue.writeWithoutTransaction { database in
        try database.execute(sql: "pragma busy_timeout = 0")
        defer { try? database.execute(sql: "pragma busy_timeout = 30000") }
        return try? String.fetchOne(database, sql: "pragma journal_mode = delete")
      }
      guard mode == "delete" else { return false }
      try queue.close()
      connection = nil
      return true
    }
  }

  /// Looks through every page of the file: seconds of processor time for a gigabyte, and what the disk takes to read it.
  ///
  /// Throws ``WarehouseError/damaged(path:reason:)`` for the first that contradicts itself or another.
  public func checkPages() throws {
    try Self.telling(path) {
      let found = try queue.read { try String.fetchAll($0, sql: "pragma quick_check(1)") }
      guard found == ["ok"] else {
        throw WarehouseError.damaged(path: path, reason: found.joined(separator: "; "))
      }
    }
  }

  /// Takes the lock that keeps other runs out; see ``WarehouseLock``.
  public static func lock(_ path: String) throws(WarehouseError) -> WarehouseLock {
    try WarehouseLock(warehouse: path)
  }

  /// True when there is nothing to read yet. Looks through SQLite, since the header may still be in the write-ahead log.
  ///
  /// The migrator's own table comes before ours: a file that holds it alone is a first run's that has only begun, or
  /// was killed there.
  @discardableResult
  static func inspect(_ path: String, writing: Bool, patience: Int = 30) throws -> Bool {
    guard access(path, F_OK) == 0 else {
      if errno == EACCES { throw WarehouseError.notAllowed(path: path, action: "open it") }
      if writing { return true }
      throw hasBegun(path) ? WarehouseError.unfinished(path: path) : .missing(path: path)
    }
    do {
      let queue: DatabaseQueue
      if writing || canWrite(path) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(patience))
        queue = try DatabaseQueue(path: path, configuration: configuration)
      } else {
        queue = try UnwrittenFile.open(path, patience: patience).queue
      }
      let (application, version, tables) = try queue.read { database in
        (
          try Int.fetchOne(database, sql: "pragma application_id") ?? 0,
          try Int.fetchOne(database, sql: "pragma user_version") ?? 0,
          try Int.fetchOne(
            database, sql: "select count(*) from sqlite_master where tbl_name <> 'grdb_migrations'")
            ?? 0
        )
      }
      let isNew = tables == 0 && application == 0
      // One that was broken off while its schema was made has nothing to migrate.
      let isOlder = application == applicationID && version < schemaVersion
      let isBrokenOff = try isOlder && !queue.read(Self.hasContent)
      if isNew || isBrokenOff {
        if writing { return true }
        throw WarehouseError.unfinished(path: path)
      }
      guard application == applicationID else {
        throw WarehouseError.notAWarehouse(path: path, reason: "it is a SQLite file of another program")
      }
      if version > schemaVersion {
        throw WarehouseError.newerSchema(path: path, found: version, known: schemaVersion)
      }
      if !writing, version < schemaVersion {
        throw WarehouseError.olderSchema(path: path, found: version, known: schemaVersion)
      }
      return false
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      throw WarehouseError.notAWarehouse(path: path, reason: "it is no SQLite file")
    }
  }

  /// Whether any run was ever begun in the file, or anything is known there.
  private static func hasContent(_ database: Database) throws -> Bool {
    guard try database.tableExists("run") else { return false }
    let sql = "select exists (select 1 from run) or exists (select 1 from identity)"
    return try Bool.fetchOne(database, sql: sql) ?? false
  }

  /// The lock's file stays from the first run on.
  private static func hasBegun(_ path: String) -> Bool { access(path + ".lock", F_OK) == 0 }

  /// A copy beside the warehouse, by SQLite itself, so that what is still in the write-ahead log is in it.
  private static func backUp(_ queue: DatabaseQueue, as copy: String) throws {
    unlink(copy)
    try queue.writeWithoutTransaction { try $0.execute(sql: "vacuum into ?", arguments: [copy]) }
  }
}
