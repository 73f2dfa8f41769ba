import Glibc

/// How much of a record its cell holds, and the pages that take the rest.
struct Spill {
  private let capacity: Int
  /// A record up to this size stays in its cell whole.
  let most: Int
  private let least: Int

  /// `pageSize` in bytes, all of them usable.
  init(_ kind: CellPage.Kind, pageSize: Int) {
    capacity = pageSize - 4
    most = kind == .tableLeaf ? pageSize - 35 : (pageSize - 12) * 64 / 255 - 23
    least = (pageSize - 12) * 32 / 255 - 23
  }

  /// The bytes that stay in the cell of a record larger than `most`: so many that the last overflow page is full, if that is not too much.
  func local(_ record: Int) -> Int {
    let filling = least + (record - least) % capacity
    return filling <= most ? filling : least
  }

  /// Writes what the cell does not hold as a chain of pages and returns the first.
  func write(_ rest: UnsafeRawBufferPointer, to output: PageOutput) throws(PageFileError) -> UInt32 {
    var first: UInt32 = 0
    var position = 0
    while position < rest.count {
      let page = try output.newPage()
      if position == 0 { first = page.number }
      let count = min(capacity, rest.count - position)
      let next = position + count < rest.count ? output.nextNumber : 0
      UnsafeMutableRawPointer(page.bytes).storeBytes(of: next.bigEndian, as: UInt32.self)
      if let start = rest.baseAddress { memcpy(page.bytes + 4, start + position, count) }
      memset(page.bytes + 4 + count, 0, capacity - count)
      position += count
    }
    return first
  }
}
