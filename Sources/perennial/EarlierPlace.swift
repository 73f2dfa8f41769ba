import Glibc
import Warehouse

/// A folder for a warehouse that is only looked into, by whoever holds its lock.
struct EarlierPlace {
  private static let mark = ".known-at-"
  private let folder: String
  private let lock: WarehouseLock

  init(besides warehouse: String) throws {
    let beside = absolutePath(warehouse.lastIndex(of: "/").map { String(warehouse[..<$0]) } ?? ".")
    Self.clearUp(beside)
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
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
      guard let lock = try? Warehouse.lock(left + "/warehouse.sqlite") else { continue }
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
