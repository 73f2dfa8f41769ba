/// Fills an empty rowid table, one row after another.
public final class TableBuilder: RecordWriter, Tree {
  private let root: UInt32
  private let output: PageOutput
  private let spill: Spill
  private let leaf: CellPage
  private var levels: InteriorLevels
  private var large = LargeRecord()
  private let separator = UnsafeMutablePointer<UInt8>.allocate(capacity: 9)
  private var lastRowid = Int64.min
  private var isEmpty = true

  init(root: UInt32, output: PageOutput) {
    self.root = root
    self.output = output
    spill = Spill(.tableLeaf, pageSize: output.pageSize)
    leaf = CellPage(.tableLeaf, size: output.pageSize)
    levels = InteriorLevels(.tableInterior, output: output)
  }

  deinit {
    large.deallocate()
    separator.deallocate()
  }

  /// Ends the row. Rowids ascend; one that does not is refused with `outOfOrder` and its row not taken.
  ///
  /// A table's AUTOINCREMENT counter is not kept.
  public func end(rowid: Int64) throws(PageFileError) {
    guard rowid > lastRowid || isEmpty, output.isOpen else { throw refusal }
    let size = record.pointee.seal()
    if size <= spill.most {
      let cell = try allocate(rowid, size: size, local: size)
      record.pointee.copy(to: cell)
    } else {
      let local = spill.local(size)
      let overflow = try large.spill(record.pointee, size: size, local: local, spill: spill, to: output)
      let cell = try allocate(rowid, size: size, local: local + 4)
      large.copy(local: local, overflow: overflow, to: cell)
    }
    lastRowid = rowid
    isEmpty = false
    record.pointee.clear()
  }

  private var refusal: PageFileError {
    output.isOpen ? .outOfOrder(path: output.path, root: root) : .finished(path: output.path)
  }

  /// Makes room for a cell, writes what comes before the record and returns where its `local` bytes go.
  @inline(__always)
  private func allocate(
    _ rowid: Int64, size: Int, local: Int
  ) throws(PageFileError) -> UnsafeMutablePointer<UInt8> {
    let size = UInt64(truncatingIfNeeded: size)
    let key = UInt64(bitPattern: rowid)
    // A cell never takes less than four bytes.
    let length = max(Varint.size(size) &+ Varint.size(key) &+ local, 4)
    if !leaf.hasRoom(for: length) { try turnPage() }
    return Varint.write(key, to: Varint.write(size, to: leaf.allocate(length)))
  }

  private func turnPage() throws(PageFileError) {
    let page = try output.append(leaf, right: 0)
    let end = Varint.write(UInt64(bitPattern: lastRowid), to: separator)
    try levels.add(child: page, separator: UnsafeRawBufferPointer(start: separator, count: end - separator))
    leaf.clear()
  }

  func finish() throws(PageFileError) {
    if !isEmpty { try levels.finish(leaf: leaf, root: root) }
  }
}
