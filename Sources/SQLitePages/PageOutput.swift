import Glibc

/// The end of the file, to which pages are appended in large blocks, and the root pages, which wait until all else is written.
///
/// After a failure every further call fails alike: a page may be missing.
final class PageOutput {
  private static let blockSize = 1 << 20

  let path: String
  let pageSize: Int
  private(set) var isOpen = true
  private let descriptor: Int32
  private let pagesBefore: UInt32
  private let lockPage: UInt32
  private let writer: BlockWriter
  private let blockPages: UInt32
  private var blockFirst: UInt32
  private var blockCount: UInt32 = 0
  private var roots: [(number: UInt32, bytes: [UInt8])] = []
  private var failure: PageFileError?

  /// Takes `descriptor` over.
  init(path: String, descriptor: Int32, header: DatabaseHeader, passesCache: Bool) {
    self.path = path
    self.descriptor = descriptor
    pageSize = header.pageSize
    pagesBefore = header.pages
    // SQLite's locks are bytes of this page, which holds nothing.
    lockPage = UInt32(0x4000_0000 / header.pageSize + 1)
    blockPages = UInt32(max(Self.blockSize / header.pageSize, 1))
    writer = BlockWriter(
      path: path, descriptor: descriptor, size: Int(blockPages) * header.pageSize, passesCache: passesCache)
    blockFirst = header.pages + 1
  }

  deinit { close(commit: false) }

  /// The number the next page will have.
  var nextNumber: UInt32 {
    let number = blockFirst + blockCount
    return number == lockPage ? number + 1 : number
  }

  /// Room for one more page, to be filled before the next call.
  func newPage() throws(PageFileError) -> (number: UInt32, bytes: UnsafeMutablePointer<UInt8>) {
    if blockFirst + blockCount == lockPage { memset(try nextSlot(), 0, pageSize) }
    let bytes = try nextSlot()
    return (blockFirst + blockCount - 1, bytes)
  }

  private func nextSlot() throws(PageFileError) -> UnsafeMutablePointer<UInt8> {
    if blockCount == blockPages { try flush() }
    if blockFirst + blockCount == UInt32.max - 1 {
      throw fail(.refused(path: path, reason: "no more pages fit a SQLite file"))
    }
    blockCount += 1
    return writer.block + Int(blockCount - 1) * pageSize
  }

  /// Appends a page and returns its number.
  func append(_ page: CellPage, right: UInt32) throws(PageFileError) -> UInt32 {
    let place = try newPage()
    page.seal(right: right)
    memcpy(place.bytes, page.bytes, pageSize)
    return place.number
  }

  /// Keeps a root page until everything below it is written.
  func keep(_ page: CellPage, right: UInt32, root: UInt32) {
    page.seal(right: right)
    roots.append((root, Array(UnsafeBufferPointer(start: page.bytes, count: pageSize))))
  }

  /// Writes what is left: appended pages, then roots, then `header` with the new count of pages.
  func finish(_ header: DatabaseHeader, sync: Bool) throws(PageFileError) {
    try flush()
    do throws(PageFileError) { try writer.finish() } catch { throw fail(error) }
    if sync { try synchronize() }
    for root in roots {
      try write(root.bytes, count: pageSize, at: Int(root.number - 1) * pageSize)
    }
    let first = header.bytes(pages: blockFirst - 1)
    try write(first, count: first.count, at: 0)
    if sync { try synchronize() }
    close(commit: true)
  }

  /// A full block is on its way when this returns. What is less is soon read or written again: it is written here, the ordinary way,
  /// once every block before it is.
  private func flush() throws(PageFileError) {
    if let failure { throw failure }
    let (count, offset) = (Int(blockCount) * pageSize, Int(blockFirst - 1) * pageSize)
    do throws(PageFileError) {
      if blockCount == blockPages {
        try writer.write(count: count, at: offset)
      } else {
        try writer.finish()
        try writeWhole(writer.block, count: count, at: offset, descriptor, path: path)
      }
    } catch {
      throw fail(error)
    }
    blockFirst += blockCount
    blockCount = 0
  }

  private func write(_ bytes: UnsafePointer<UInt8>, count: Int, at offset: Int) throws(PageFileError) {
    do throws(PageFileError) {
      try writeWhole(bytes, count: count, at: offset, descriptor, path: path)
    } catch {
      throw fail(error)
    }
  }

  private func synchronize() throws(PageFileError) {
    if fsync(descriptor) != 0 { throw fail(.system("fsync", path: path)) }
  }

  private func fail(_ error: PageFileError) -> PageFileError {
    failure = error
    return error
  }

  /// Closes the file; what was appended is cut off again unless it was committed.
  func close(commit: Bool) {
    guard isOpen else { return }
    isOpen = false
    writer.close()
    if !commit { _ = ftruncate(descriptor, Int(pagesBefore) * pageSize) }
    _ = Glibc.close(descriptor)
  }
}
