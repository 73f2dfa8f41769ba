import Model

/// The cells of texts a column had lately, for columns that say the same again and again: countries, plans,
/// statuses, currencies.
///
/// A small table with one place for each hash, of texts of at most 16 bytes. It gives up on a column whose texts
/// hardly repeat.
struct RecentCells {
  struct Entry {
    var first: UInt64
    var last: UInt64
    /// Of the text; -1 where the place is free.
    var count: Int
    var cell: Int64
  }

  static let size = 64
  private static let free = Entry(first: 0, last: 0, count: -1, cell: 0)

  private let entries: UnsafeMutablePointer<Entry>
  /// Hits count for it, misses against it.
  private var worth = 64

  /// `entries` has room for ``size``.
  init(_ entries: UnsafeMutablePointer<Entry>) {
    self.entries = entries
    entries.initialize(repeating: Self.free, count: Self.size)
  }

  @inline(__always) var isWorthwhile: Bool { worth > 0 }

  /// The place of a text, which holds its cell or that of another one; nil for a long text.
  @inline(__always) func place(of text: FieldBytes) -> (key: Entry, index: Int)? {
    guard text.count <= 16, let start = text.baseAddress else { return nil }
    let first = packedShort(start, min(text.count, 8))
    let last =
      text.count > 8
      ? UnsafeRawPointer(start).loadUnaligned(fromByteOffset: text.count &- 8, as: UInt64.self) : 0
    let hash = (first ^ last &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    return (Entry(first: first, last: last, count: text.count, cell: 0), Int(hash &>> 58))
  }

  @inline(__always) mutating func cell(_ place: (key: Entry, index: Int)) -> Int64? {
    let entry = entries[place.index]
    guard entry.first == place.key.first, entry.last == place.key.last, entry.count == place.key.count else {
      worth &-= 1
      return nil
    }
    worth &+= 1
    return entry.cell
  }

  @inline(__always) func keep(_ cell: Int64, at place: (key: Entry, index: Int)) {
    entries[place.index] = place.key
    entries[place.index].cell = cell
  }
}
