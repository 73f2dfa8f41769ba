/// Fills an empty index or WITHOUT ROWID table, one entry after another.
///
/// An entry of a rowid table's index is the indexed columns, then the rowid; of a WITHOUT ROWID table's index the indexed columns, then those of the primary
/// key not yet among them; of a WITHOUT ROWID table the primary key's columns, then the others. All ascending, texts in BINARY collation: an index with
/// DESC or another collation is not for this builder.
public final class IndexBuilder: RecordWriter, Tree {
  private let root: UInt32
  private let output: PageOutput
  private let order: KeyOrder
  private let spill: Spill
  private let leaf: CellPage
  private var levels: InteriorLevels
  private var large = LargeRecord()
  private let previous: UnsafeMutablePointer<RecordBuffer>
  /// The previous entry's first column, where it is an integer.
  private var leading: Int64?
  private var isEmpty = true

  init(root: UInt32, order: KeyOrder, output: PageOutput) {
    self.root = root
    self.output = output
    self.order = order
    previous = .allocate(capacity: 1)
    previous.initialize(to: RecordBuffer())
    spill = Spill(.indexLeaf, pageSize: output.pageSize)
    leaf = CellPage(.indexLeaf, size: output.pageSize)
    levels = InteriorLevels(.indexInterior, output: output)
  }

  deinit {
    large.deallocate()
    previous.pointee.deallocate()
    previous.deallocate()
  }

  /// Ends the entry. Entries ascend; one that does not is refused with `outOfOrder`, one whose key was there already with `duplicate`, and is not taken.
  public func end() throws(PageFileError) {
    guard output.isOpen else { throw .finished(path: output.path) }
    var cursor = RecordCursor(record.pointee)
    let first: Int64? = cursor.advance() && cursor.isInteger ? cursor.integer : nil
    if !isEmpty { try check(leading: first) }
    let size = record.pointee.seal()
    if size <= spill.most {
      let cell = try allocate(size: size, local: size)
      record.pointee.copy(to: cell)
    } else {
      let local = spill.local(size)
      let overflow = try large.spill(record.pointee, size: size, local: local, spill: spill, to: output)
      let cell = try allocate(size: size, local: local + 4)
      large.copy(local: local, overflow: overflow, to: cell)
    }
    isEmpty = false
    leading = first
    swap(&record.pointee, &previous.pointee)
    record.pointee.clear()
  }

  @inline(__always)
  private func check(leading next: Int64?) throws(PageFileError) {
    // Most entries differ in an integer that comes first.
    if let next, let leading, leading < next { return }
    switch order.judge(previous.pointee, record.pointee) {
    case .ascending: return
    case .duplicate: throw .duplicate(path: output.path, root: root)
    case .outOfOrder: throw .outOfOrder(path: output.path, root: root)
    }
  }

  /// Makes room for a cell, writes what comes before the record and returns where its `local` bytes go.
  @inline(__always)
  private func allocate(size: Int, local: Int) throws(PageFileError) -> UnsafeMutablePointer<UInt8> {
    let size = UInt64(truncatingIfNeeded: size)
    // A leaf's cell never takes less than four bytes.
    let length = max(Varint.size(size) &+ local, 4)
    if !leaf.hasRoom(for: length) { try turnPage() }
    return Varint.write(size, to: leaf.allocate(length))
  }

  /// The page's last entry leaves it and separates it from the next page.
  private func turnPage() throws(PageFileError) {
    var entry = leaf.removeLast()
    // An interior page's cell has its child to be long enough, so it goes without what filled it up.
    if entry.count == 4 { entry = UnsafeRawBufferPointer(rebasing: entry[..<(1 + Int(entry[0]))]) }
    let page = try output.append(leaf, right: 0)
    try levels.add(child: page, separator: entry)
    leaf.clear()
  }

  func finish() throws(PageFileError) {
    if !isEmpty { try levels.finish(leaf: leaf, root: root) }
  }
}
