import Glibc

/// SQLite's order of index entries, ascending, texts by their bytes (BINARY).
struct KeyOrder {
  enum Verdict { case ascending, duplicate, outOfOrder }

  /// Entries that agree in so many first columns are duplicates; 0: in all.
  let uniqueColumns: Int
  let nullsAreDistinct: Bool

  /// How `next` stands to the entry before it; both are sealed or not.
  func judge(_ previous: RecordBuffer, _ next: RecordBuffer) -> Verdict {
    var left = RecordCursor(previous)
    var right = RecordCursor(next)
    var column = 0
    var hasNull = false
    while left.advance() {
      guard right.advance() else { return .outOfOrder }
      let order = left.compare(right)
      if order != 0 {
        return order < 0 ? .ascending : .outOfOrder
      }
      hasNull = hasNull || left.type == 0
      column += 1
      if column == uniqueColumns, !(hasNull && nullsAreDistinct) { return .duplicate }
    }
    return right.advance() ? .ascending : .duplicate
  }
}

/// Reads a record column by column.
struct RecordCursor {
  private var header: UnsafePointer<UInt8>
  private let headerEnd: UnsafePointer<UInt8>
  private var body: UnsafePointer<UInt8>
  private(set) var type: UInt64 = 0
  private var bytes: UnsafePointer<UInt8>
  private var count = 0

  init(_ record: RecordBuffer) {
    header = UnsafePointer(record.header)
    headerEnd = UnsafePointer(record.pen.header)
    body = UnsafePointer(record.body)
    bytes = body
  }

  /// Moves to the next column; false at the end.
  @inline(__always)
  mutating func advance() -> Bool {
    guard header < headerEnd else { return false }
    type = Varint.read(&header)
    bytes = body
    // The widths of the types 0 to 9, one byte each; 8 and 9 have none.
    count =
      type < 8
      ? Int((0x0808_0604_0302_0100 as UInt64) &>> (8 &* type)) & 0xff
      : type < 12 ? 0 : Int(type &- 12) / 2
    body += count
    return true
  }

  /// Below, at or above 0 where the column sorts before, like or after the other's.
  @inline(__always)
  func compare(_ other: RecordCursor) -> Int {
    if isInteger && other.isInteger { return Self.order(integer, other.integer) }
    let rank = rank
    if rank != other.rank { return rank - other.rank }
    switch rank {
    case 0: return 0
    case 1: return compareNumber(other)
    default:
      let order = Int(memcmp(bytes, other.bytes, min(count, other.count)))
      return order != 0 ? order : count - other.count
    }
  }

  /// NULL, number, text, blob.
  private var rank: Int { type == 0 ? 0 : type < 10 ? 1 : type & 1 == 1 ? 2 : 3 }

  @inline(__always)
  var isInteger: Bool { type < 10 && type != 0 && type != 7 }

  @inline(__always)
  var integer: Int64 {
    if type >= 8 { return Int64(type &- 8) }
    // Past the value lies what is shifted out, within the buffer's slack.
    let bits = Int64(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: Int64.self))
    return bits &>> Int64(64 &- 8 &* count)
  }

  private var real: Double {
    Double(bitPattern: UInt64(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)))
  }

  private func compareNumber(_ other: RecordCursor) -> Int {
    if isInteger { return Self.order(integer, other.real) }
    if other.isInteger { return -Self.order(other.integer, real) }
    return Self.order(real, other.real)
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  /// Exact, although not every integer is a real.
  private static func order(_ left: Int64, _ right: Double) -> Int {
    if right >= 0x1p63 { return -1 }
    if right < -0x1p63 { return 1 }
    let whole = Int64(right)
    return left != whole ? order(left, whole) : order(Double(whole), right)
  }
}
