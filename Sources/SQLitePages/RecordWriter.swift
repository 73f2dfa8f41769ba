import Glibc

/// Takes one row's columns after another, in the order in which the schema stores them; `TableBuilder` and `IndexBuilder` end the row.
///
/// Values are stored as they are given: no affinity is applied and nothing is checked against the schema, so give integers to INTEGER
/// columns, reals to REAL columns and text to TEXT columns (a STRICT table's rules). Columns may be left off at the end,
/// all but the first; they read as their default. One row allocates nothing, unless it is larger than every row before it.
public class RecordWriter {
  // Behind a pointer, since a class's own fields cost a check for overlapping access at every column.
  @usableFromInline let record: UnsafeMutablePointer<RecordBuffer>

  init() {
    record = .allocate(capacity: 1)
    record.initialize(to: RecordBuffer())
  }

  deinit {
    record.pointee.deallocate()
    record.deallocate()
  }

  /// Starts a row; columns appended since the last ended row are forgotten.
  @inlinable @inline(__always)
  public final func begin() {
    record.pointee.clear()
  }

  /// Appends NULL; also for the INTEGER PRIMARY KEY of a rowid table, whose value is the rowid.
  @inlinable @inline(__always)
  public final func appendNull() {
    record.pointee.reserve(0)
    record.pointee.headerEnd.pointee = 0
    record.pointee.headerEnd += 1
  }

  /// Appends an integer in the fewest bytes the format has for it.
  @inlinable @inline(__always)
  public final func append(_ value: Int64) {
    record.pointee.reserve(8)
    // Bits below the sign, in whole bytes, choose type and width from tables of one byte per entry: no branch depends on the value.
    let bits = 64 &- (value ^ (value &>> 63)).leadingZeroBitCount
    let entry = UInt64(truncatingIfNeeded: bits & 0x38)
    let isConstant = UInt64(bitPattern: value) < 2
    let type = isConstant ? 8 &+ UInt64(bitPattern: value) : (0x0606_0505_0403_0201 &>> entry) & 0xff
    let width = isConstant ? 0 : (0x0808_0606_0403_0201 &>> entry) & 0xff
    let aligned = UInt64(bitPattern: value) &<< (64 &- 8 &* width)
    UnsafeMutableRawPointer(record.pointee.bodyEnd).storeBytes(of: aligned.bigEndian, as: UInt64.self)
    record.pointee.bodyEnd += Int(truncatingIfNeeded: width)
    record.pointee.headerEnd.pointee = UInt8(truncatingIfNeeded: type)
    record.pointee.headerEnd += 1
  }

  /// Appends a real as eight bytes; NaN becomes NULL, as SQLite does it.
  ///
  /// In REAL columns SQLite itself stores a real without fraction as an integer, to save space, and reads either back as the same real.
  /// Columns of any other affinity but BLOB would keep 3.0 as the integer 3: do not give them reals.
  @inlinable @inline(__always)
  public final func append(_ value: Double) {
    guard !value.isNaN else { return appendNull() }
    record.pointee.reserve(8)
    UnsafeMutableRawPointer(record.pointee.bodyEnd).storeBytes(
      of: value.bitPattern.bigEndian, as: UInt64.self)
    record.pointee.bodyEnd += 8
    record.pointee.headerEnd.pointee = 7
    record.pointee.headerEnd += 1
  }

  /// Appends a text, which should be UTF-8; its bytes are stored as they are, NUL included.
  @inlinable @inline(__always)
  public final func append(text: UnsafeBufferPointer<UInt8>) {
    append(UnsafeRawBufferPointer(text), type: 13)
  }

  /// Appends a text.
  @inlinable
  public final func append(text: String) {
    var text = text
    text.withUTF8 { append(text: $0) }
  }

  /// Appends a blob.
  @inlinable @inline(__always)
  public final func append(blob: UnsafeRawBufferPointer) {
    append(blob, type: 12)
  }

  /// `type` is that of no bytes at all; each byte adds two to it.
  @inlinable @inline(__always)
  final func append(_ bytes: UnsafeRawBufferPointer, type: UInt64) {
    let count = bytes.count
    record.pointee.reserve(count)
    let type = type &+ 2 &* UInt64(truncatingIfNeeded: count)
    if type < 0x80 {
      record.pointee.headerEnd.pointee = UInt8(truncatingIfNeeded: type)
      record.pointee.headerEnd += 1
    } else {
      record.pointee.appendLongType(type)
    }
    guard let start = bytes.baseAddress else { return }
    memcpy(record.pointee.bodyEnd, start, count)
    record.pointee.bodyEnd += count
  }
}
