import Glibc

/// Writes whole tables and indexes into a SQLite file, page by page, where inserting row after row would take most of the time.
///
/// sqlite3 makes the file and its schema. While no connection has it open, empty trees are filled here, several at a time if need be; memory holds one page per
/// level of each. Afterwards the file is as any other: sqlite3 may change it, and another `PageFile` may fill trees that are still empty.
///
/// There is no journal. Until `finish` has begun to write the roots the database is the one it was before, and letting go of a `PageFile` without
/// `finish` cuts the file back to that. A crash during `finish` leaves a file to throw away: build beside, then rename.
///
/// Not for use by several threads at once. Source of the format: sqlite.org/fileformat2.html.
public final class PageFile {
  private let path: String
  private let header: DatabaseHeader
  private let descriptor: Int32
  private let output: PageOutput
  private var trees: [UInt32: any Tree] = [:]

  /// Opens a file and checks that it may be written to.
  ///
  /// Throws `refused` for what is not a SQLite file of whole pages, and for one with free pages, auto-vacuum, reserved bytes, a text encoding other than UTF-8, a
  /// journal or write-ahead log beside it, or a lock on it. WAL mode is no hindrance once the log is gone.
  public convenience init(path: String) throws(PageFileError) {
    try self.init(path: path, passesCache: true)
  }

  /// With `passesCache` full blocks go to the disk alone, where the file system can.
  init(path: String, passesCache: Bool) throws(PageFileError) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", path: path) }
    do {
      header = try Self.check(descriptor, path: path)
    } catch {
      _ = close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    output = PageOutput(
      path: path, descriptor: descriptor, header: header, passesCache: passesCache)
  }

  deinit { output.close(commit: false) }

  /// The builder of the rowid table whose root page is `root` (`sqlite_schema.rootpage`), which must be empty.
  public func table(root: UInt32) throws(PageFileError) -> TableBuilder {
    try checkEmpty(root, .tableLeaf)
    let table = TableBuilder(root: root, output: output)
    trees[root] = table
    return table
  }

  /// The builder of the index, or of the WITHOUT ROWID table, whose root page is `root`, which must be empty.
  ///
  /// - Parameters:
  ///   - uniqueKeyColumns: Rows that agree in so many of their first columns are refused; 0 refuses only rows that agree in all. Of a WITHOUT ROWID
  ///     table give the columns of its primary key.
  ///   - nullsAreDistinct: A NULL among those columns makes a row unlike every other, as in a UNIQUE index. False for a primary key.
  public func index(
    root: UInt32, uniqueKeyColumns: Int = 0, nullsAreDistinct: Bool = true
  ) throws(PageFileError) -> IndexBuilder {
    try checkEmpty(root, .indexLeaf)
    let order = KeyOrder(uniqueColumns: uniqueKeyColumns, nullsAreDistinct: nullsAreDistinct)
    let index = IndexBuilder(root: root, order: order, output: output)
    trees[root] = index
    return index
  }

  /// Completes every tree, writes what is still in memory and closes the file.
  ///
  /// - Parameter sync: Waits until the file is on the disk.
  public func finish(sync: Bool = false) throws(PageFileError) {
    guard output.isOpen else { throw .finished(path: path) }
    // In the order of their roots, so that equal rows make equal files.
    for (_, tree) in trees.sorted(by: { $0.key < $1.key }) { try tree.finish() }
    try output.finish(header, sync: sync)
  }

  private static func check(_ descriptor: Int32, path: String) throws(PageFileError) -> DatabaseHeader {
    for suffix in ["-journal", "-wal"] {
      var status = stat()
      if stat(path + suffix, &status) == 0, status.st_size > 0 {
        throw .refused(path: path, reason: "\(path + suffix) lies beside it")
      }
    }
    guard SQLiteLock.take(descriptor) else { throw .refused(path: path, reason: "is in use") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("stat", path: path) }
    var bytes = [UInt8](repeating: 0, count: DatabaseHeader.size)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw .system("read", path: path) }
    do {
      return try DatabaseHeader(Array(bytes[..<count]), fileSize: Int64(status.st_size))
    } catch {
      throw .refused(path: path, reason: error.reason)
    }
  }

  private func checkEmpty(_ root: UInt32, _ kind: CellPage.Kind) throws(PageFileError) {
    guard output.isOpen else { throw .finished(path: path) }
    var bytes = [UInt8](repeating: 0, count: 8)
    guard (2...max(header.pages, 2)).contains(root), trees[root] == nil else {
      throw .refused(path: path, reason: "page \(root) is no tree to begin")
    }
    let count = pread(descriptor, &bytes, bytes.count, off_t(root - 1) * off_t(header.pageSize))
    guard count >= 0 else { throw .system("read", path: path) }
    guard count == bytes.count, bytes[0] == kind.rawValue, bytes[3] == 0, bytes[4] == 0 else {
      throw .refused(
        path: path, reason: "page \(root) is no empty \(kind == .tableLeaf ? "table" : "index")")
    }
  }
}

/// What `PageFile` completes.
protocol Tree: AnyObject {
  func finish() throws(PageFileError)
}
