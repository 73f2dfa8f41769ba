import Glibc

/// The interior pages of one tree, one page in memory per level, the level above the leaves first.
///
/// A page is written when the next cell does not fit. Its last cell then leaves it: the child becomes the page's right pointer, the separator goes
/// one level up, and the cell that did not fit starts the next page. So every page has a cell at any time, also where the tree ends.
struct InteriorLevels {
  private let kind: CellPage.Kind
  private let output: PageOutput
  private var levels: [CellPage] = []

  init(_ kind: CellPage.Kind, output: PageOutput) {
    self.kind = kind
    self.output = output
  }

  /// Takes a written page and what separates it from the page after it: a rowid, or an index entry.
  mutating func add(
    child: UInt32, separator: UnsafeRawBufferPointer, level: Int = 0
  ) throws(PageFileError) {
    if level == levels.count { levels.append(CellPage(kind, size: output.pageSize)) }
    let size = 4 + separator.count
    if !levels[level].hasRoom(for: size) {
      let last = levels[level].removeLast()
      let right = UInt32(bigEndian: last.loadUnaligned(as: UInt32.self))
      let page = try output.append(levels[level], right: right)
      try add(child: page, separator: UnsafeRawBufferPointer(rebasing: last[4...]), level: level + 1)
      levels[level].clear()
    }
    let cell = UnsafeMutableRawPointer(levels[level].allocate(size))
    cell.storeBytes(of: child.bigEndian, as: UInt32.self)
    if let start = separator.baseAddress { memcpy(cell + 4, start, separator.count) }
  }

  /// Writes what is still in memory, given the tree's last leaf; the uppermost page becomes the root.
  func finish(leaf: CellPage, root: UInt32) throws(PageFileError) {
    var page = leaf
    var right: UInt32 = 0
    for level in levels {
      right = try output.append(page, right: right)
      page = level
    }
    output.keep(page, right: right, root: root)
  }
}
