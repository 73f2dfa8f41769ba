import GRDB
import GRDBSQLite

/// The bytes that are kept of a source's records, as they lie in the file: many, and wanted in memory once.
struct KnownRecordContent: ~Copyable {
  private let blob: OpaquePointer
  private let database: Database

  init(_ database: Database, source: Int64, isWritten: Bool) throws {
    self.database = database
    var blob: OpaquePointer?
    let code = sqlite3_blob_open(
      database.sqliteConnection, "main", "known_record", "content", source, isWritten ? 1 : 0, &blob)
    guard code == SQLITE_OK, let blob else { throw Self.failure(code, database) }
    self.blob = blob
  }

  deinit { sqlite3_blob_close(blob) }

  var count: Int { Int(sqlite3_blob_bytes(blob)) }

  func read(into bytes: UnsafeMutableRawBufferPointer, at place: Int) throws {
    guard bytes.count > 0 else { return }
    let code = sqlite3_blob_read(blob, bytes.baseAddress, Int32(bytes.count), Int32(place))
    guard code == SQLITE_OK else { throw Self.failure(code, database) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws {
    guard bytes.count > 0 else { return }
    let code = sqlite3_blob_write(blob, bytes.baseAddress, Int32(bytes.count), Int32(place))
    guard code == SQLITE_OK else { throw Self.failure(code, database) }
  }

  private static func failure(_ code: Int32, _ database: Database) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) })
  }
}
