import GRDB
import Glibc

/// A warehouse's file, opened so that nothing is written into it.
struct UnwrittenFile {
  private let path: String
  let queue: DatabaseQueue
  /// What the file was like when it was opened without any lock; nil where SQLite keeps readers and writers apart.
  private let unlocked: Traces?

  /// Opens it as SQLite does, and where that would have to write beside it and must not, as a file nobody changes.
  ///
  /// Throws ``WarehouseError/changesUnread(path:log:)`` where the file alone is not the whole state.
  static func open(_ path: String, patience: Int) throws -> UnwrittenFile {
    do {
      return UnwrittenFile(path: path, queue: try connect(path, patience), unlocked: nil)
    } catch let error as DatabaseError
      where [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_IOERR].contains(error.resultCode)
      && !Warehouse.canWrite(path) && access(path, R_OK) == 0
    {
      let traces = Traces(path)
      if let log = traces.unmerged { throw WarehouseError.changesUnread(path: path, log: log) }
      return UnwrittenFile(path: path, queue: try connect(immutable(path), patience), unlocked: traces)
    }
  }

  private static func connect(_ path: String, _ patience: Int) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(Double(patience))
    configuration.prepareDatabase {
      try $0.execute(
        sql: "pragma query_only = on; pragma cache_size = -100000; pragma cell_size_check = on")
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// The address that tells SQLite to look for no log and to take no lock.
  private static func immutable(_ path: String) -> String {
    let absolute = Warehouse.place(of: path)
    let plain: (UInt8) -> Bool = {
      (0x61...0x7A).contains($0 | 0x20) || (0x2D...0x39).contains($0) || $0 == 0x5F
    }
    let hex = Array("0123456789ABCDEF")
    let escaped = absolute.utf8.map { byte in
      plain(byte)
        ? String(UnicodeScalar(byte)) : "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
    }
    return "file:\(escaped.joined())?immutable=1"
  }

  /// Throws ``WarehouseError/changedMeanwhile(path:)`` where what was read may be of two states.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    guard let unlocked else { return try queue.read(body) }
    do {
      let result = try queue.read(body)
      if Traces(path) == unlocked { return result }
    } catch {
      if Traces(path) == unlocked { throw error }
    }
    throw WarehouseError.changedMeanwhile(path: path)
  }
}

/// What shows from outside that a file was written to.
private struct Traces: Equatable {
  private struct Trace: Equatable {
    var number: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  private var traces: [String: Trace] = [:]
  /// A log with content: the state of the file is in both.
  private(set) var unmerged: String?

  init(_ path: String) {
    let place = Warehouse.place(of: path)
    for suffix in ["", "-wal", "-journal"] {
      var found = stat()
      guard stat(place + suffix, &found) == 0 else { continue }
      traces[suffix] = Trace(
        number: UInt(found.st_ino), size: Int(found.st_size), seconds: Int(found.st_mtim.tv_sec),
        nanoseconds: Int(found.st_mtim.tv_nsec))
      if !suffix.isEmpty, found.st_size > 0 { unmerged = place + suffix }
    }
  }
}

extension Warehouse {
  /// Where a path leads, links followed.
  static func place(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether this account may write the file, and make others beside it.
  static func canWrite(_ path: String) -> Bool {
    let place = place(of: path)
    return access(place, W_OK) == 0 && access(folderOfFile(place), W_OK) == 0
  }
}
