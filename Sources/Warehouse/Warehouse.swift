import GRDB
import Glibc
import Model

/// The project's one SQLite file, open for writing.
///
/// Everything a run changes becomes visible at once, when ``run(_:holding:now:_:)`` commits; readers (``WarehouseReader``) see the
/// state before until then.
public final class Warehouse: Sendable {
  public let path: String
  let queue: DatabaseQueue

  /// Opens a warehouse, creating it where there is none. One of an older schema is copied beside itself and then migrated.
  ///
  /// Throws ``WarehouseError`` for a file that is not a warehouse or was written by a later version, GRDB's `DatabaseError`
  /// for a damaged one.
  public init(opening path: String) throws {
    self.path = path
    try makeFolder(of: path)
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: "pragma synchronous = normal; pragma cache_size = -200000; pragma temp_store = memory")
    }
    let isNew = try Self.inspect(path, writing: true)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      throw WarehouseError.notAWarehouse(path: path, reason: "it is no SQLite file")
    }
    let found = try queue.read { try Int.fetchOne($0, sql: "pragma user_version") ?? 0 }
    if !isNew, found < schemaVersion { try backUp(as: path + ".schema-\(found).backup") }
    try schemaMigrator().migrate(queue)
  }

  /// Takes the lock that keeps other runs out; see ``WarehouseLock``.
  public static func lock(_ path: String) throws(WarehouseError) -> WarehouseLock {
    try WarehouseLock(warehouse: path)
  }

  /// True when there is nothing to read yet. Looks through SQLite, since the header may still be in the write-ahead log.
  @discardableResult
  static func inspect(_ path: String, writing: Bool) throws -> Bool {
    guard access(path, F_OK) == 0 else {
      if writing { return true }
      throw WarehouseError.missing(path: path)
    }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let (application, version, tables) = try queue.read { database in
        (
          try Int.fetchOne(database, sql: "pragma application_id") ?? 0,
          try Int.fetchOne(database, sql: "pragma user_version") ?? 0,
          try Int.fetchOne(database, sql: "select count(*) from sqlite_master") ?? 0
        )
      }
      if tables == 0, application == 0 {
        if writing { return true }
        throw WarehouseError.missing(path: path)
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

  /// A copy beside the warehouse, by SQLite itself, so that what is still in the write-ahead log is in it.
  private func backUp(as copy: String) throws {
    unlink(copy)
    try queue.writeWithoutTransaction { try $0.execute(sql: "vacuum into ?", arguments: [copy]) }
  }
}
