import Dispatch
@preconcurrency import Glibc
import Warehouse

/// A folder for a warehouse that is only looked into, by whoever holds its lock.
final class EarlierPlace {
  private static let mark = ".known-at-"
  private let folder: String
  private var watchers: [any DispatchSourceSignal] = []
  private let lock: WarehouseLock

  init(besides warehouse: String) throws {
    let beside = absolutePath(warehouse.lastIndex(of: "/").map { String(warehouse[..<$0]) } ?? ".")
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    for parent in [beside, temporary] { Self.clearUp(parent) }
    var made: String?
    for parent in [beside, temporary] where made == nil {
      var template = Array("\(parent)/\(Self.mark)XXXXXX".utf8CString)
      made = mkdtemp(&template).map { String(cString: $0) }
    }
    guard let made else {
      throw WarehouseError.system(
        path: temporary, action: "make a folder", reason: String(cString: strerror(errno)))
    }
    folder = made
    lock = try Warehouse.lock(made + "/warehouse.sqlite")
    watch()
  }

  /// Whoever breaks the program off leaves no copy of the data.
  private func watch() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let watcher = DispatchSource.makeSignalSource(signal: number, queue: .global())
      watcher.setEventHandler { [folder] in
        Self.remove(folder)
        // As a shell tells it of a program that a signal ended.
        _exit(128 + number)
      }
      watcher.resume()
      watchers.append(watcher)
    }
  }

  var warehouse: String { folder + "/warehouse.sqlite" }

  func remove() {
    lock.release()
    Self.remove(folder)
  }

  /// Takes away what was left where somebody ended the program.
  private static func clearUp(_ parent: String) {
    for name in names(in: parent) where name.hasPrefix(mark) {
      let left = parent + "/" + name
      // In a folder that others write to, too, a name proves nothing.
      var found = stat()
      guard lstat(left, &found) == 0, found.st_mode & S_IFMT == S_IFDIR, found.st_uid == geteuid() else {
        continue
      }
      // One without a lock is just being made.
      guard access(left + "/warehouse.sqlite.lock", F_OK) == 0,
        let lock = try? Warehouse.lock(left + "/warehouse.sqlite")
      else { continue }
      lock.release()
      remove(left)
    }
  }

  private static func remove(_ folder: String) {
    for name in names(in: folder) { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  private static func names(in folder: String) -> [String] {
    guard let opened = opendir(folder) else { return [] }
    defer { closedir(opened) }
    var names: [String] = []
    while let entry = readdir(opened) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
