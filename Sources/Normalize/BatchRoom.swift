import Glibc
import Model

/// Room for all rows of a file, made once its first batch shows how long they are: a batch that grows by doubling
/// copies every row twice, and asks the system for three times the memory.
struct BatchRoom {
  /// Bytes of the file, and of those the first records took.
  let fileSize: Int
  let taken: Int

  /// Less is not worth a thought, more is left to growing: a file whose first rows are unlike the others must not
  /// claim memory that nothing will use.
  private static let worthwhile = 1 << 22
  private static let most = 1 << 30

  /// Makes room behind rows that stand for the bytes taken.
  func make(in batch: inout EntityBatch) {
    make(in: &batch.cells)
    make(in: &batch.texts)
    make(in: &batch.lines)
  }

  private func make<Element: BitwiseCopyable>(in array: inout [Element]) {
    let used = array.count * MemoryLayout<Element>.stride
    guard taken > 0, fileSize > taken, used > 0 else { return }
    let factor = fileSize / taken + 1
    let (expected, overflow) = used.multipliedReportingOverflow(by: factor + factor / 4 + 1)
    guard !overflow, expected > Self.worthwhile, expected <= Self.most else { return }
    array.reserveCapacity(expected / MemoryLayout<Element>.stride)
  }

}

/// How much memory behind the rows of a batch the system has handed over.
///
/// Asked for a megabyte at a time, in one call for many pages: touching them one after the other would interrupt the
/// work at each.
struct ReadyMemory {
  private static let step = 1 << 20
  private static let page = 1 << 12

  private var cells = 0
  private var texts = 0

  /// Readies memory for another `rows` rows like those there are.
  mutating func extend(_ batch: inout EntityBatch, rows: Int) {
    guard batch.count > 0 else { return }
    Self.extend(&batch.cells, rows * batch.width, ready: &cells)
    Self.extend(&batch.texts, rows * (batch.texts.count / batch.count + 1), ready: &texts)
  }

  private static func extend<Element: BitwiseCopyable>(
    _ array: inout [Element], _ count: Int, ready: inout Int
  ) {
    let stride = MemoryLayout<Element>.stride
    let (used, all) = (array.count * stride, array.capacity * stride)
    guard all > step, used + count * stride > ready else { return }
    let end = min(used + count * stride + step, all)
    array.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let start = Int(bitPattern: base)
      let first = (start + max(used, ready) + page - 1) / page * page
      let length = (start + end) / page * page - first
      // MADV_POPULATE_WRITE. Only advice: a kernel that does not know it (before 5.14) refuses, and nothing is lost.
      if length > 0 { _ = madvise(UnsafeMutableRawPointer(bitPattern: first), length, 23) }
    }
    ready = end
  }
}
