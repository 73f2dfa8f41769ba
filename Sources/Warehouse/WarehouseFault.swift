import GRDB
import SQLitePages

extension WarehouseError {
  /// What the world did to a warehouse, as SQLite or who writes its pages tells it; nil for everything else, a faulty statement above all.
  ///
  /// Only what SQLite calls corrupt is a damaged file: one that is held, or cannot be written just now, is whole.
  init?(_ error: any Error, of path: String) {
    if case PageFileError.system(let file, let operation, let reason)? = error as? PageFileError {
      self = .system(path: file, action: operation, reason: reason)
      return
    }
    guard let error = error as? DatabaseError else { return nil }
    let reason = error.message ?? "SQLite's code \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .heldByAnotherProgram(path: path)
    case .SQLITE_FULL: self = .noRoom(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .notAllowed(path: path, action: "write it")
    case .SQLITE_CANTOPEN: self = .notAllowed(path: path, action: "open it, or make a file beside it")
    case .SQLITE_IOERR:
      self = .system(
        path: path, action: "read or write it",
        reason: "\(reason) (SQLite's code \(error.extendedResultCode.rawValue))")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path: path, reason: reason)
    default: return nil
    }
  }
}

extension Warehouse {
  /// Tells what the world does to a file as what it is; other errors are thrown on as they are.
  static func telling<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw WarehouseError(error, of: path) as (any Error)? ?? error
    }
  }
}
