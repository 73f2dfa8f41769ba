import GRDB
import GRDBSQLite

/// Writes the digests and the identities of a source's records into the row that has room for them, some at a time: all of them twice
/// in memory would be the most a large read takes.
struct KnownRecordWriter: ~Copyable {
  private static let most = 1 << 20

  private let blob: OpaquePointer
  private let database: Database
  private var digests: [UInt64] = []
  private var identities: [UInt32] = []
  /// Where the next ones go.
  private var digestPlace = 0
  private var identityPlace: Int

  /// For `count` records of a source.
  init(_ database: Database, source: Int64, count: Int) throws {
    self.database = database
    identityPlace = count * 8
    var blob: OpaquePointer?
    let code = sqlite3_blob_open(
      database.sqliteConnection, "main", "known_record", "content", source, 1, &blob)
    guard code == SQLITE_OK, let blob else { throw Self.failure(code, database) }
    self.blob = blob
  }

  deinit { sqlite3_blob_close(blob) }

  @inline(__always) mutating func add(digest: UInt64) throws {
    digests.append(digest)
    if digests.count * 8 >= Self.most { try writeDigests() }
  }

  @inline(__always) mutating func add(identity: UInt32) throws {
    identities.append(identity)
    if identities.count * 4 >= Self.most { try writeIdentities() }
  }

  /// Writes what is still in memory.
  consuming func finish() throws {
    try writeDigests()
    try writeIdentities()
  }

  private mutating func writeDigests() throws {
    try digests.withUnsafeBytes { try write($0, at: digestPlace) }
    digestPlace += digests.count * 8
    digests.removeAll(keepingCapacity: true)
  }

  private mutating func writeIdentities() throws {
    try identities.withUnsafeBytes { try write($0, at: identityPlace) }
    identityPlace += identities.count * 4
    identities.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws {
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
