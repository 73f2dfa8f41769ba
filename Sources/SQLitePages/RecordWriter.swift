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

  /// Starts a row of at most so many columns and hands out what writes them; ``take(_:)`` takes it back.
  ///
  /// There is room for that many numbers and long types; each text asks for its own by ``reserve(_:_:columns:)``.
  @inlinable @inline(__always)
  public final func start(columns: Int) -> RecordPen {
    record.pointee.clear()
    record.pointee.reserve(columns: columns, bytes: columns * 8)
    return record.pointee.pen
  }

  /// Makes room for a text of so many bytes beside as many columns as the row was started with.
  @inlinable @inline(__always)
  public final func reserve(_ bytes: Int, _ pen: inout RecordPen, columns: Int) {
    guard record.pointee.bodyLimit - pen.body < bytes + columns * 8 else { return }
    record.pointee.pen = pen
    record.pointee.reserve(columns: columns, bytes: bytes + columns * 8)
    pen = record.pointee.pen
  }

  /// Takes the columns that were written with a pen.
  @inlinable @inline(__always)
  public final func take(_ pen: RecordPen) { record.pointee.pen = pen }

  /// Appends NULL; also for the INTEGER PRIMARY KEY of a rowid table, whose value is the rowid.
  @inlinable @inline(__always)
  public final func appendNull() {
    record.pointee.reserve(0)
    record.pointee.pen.appendNull()
  }

  /// Appends an integer in the fewest bytes the format has for it.
  @inlinable @inline(__always)
  public final func append(_ value: Int64) {
    record.pointee.reserve(8)
    record.pointee.pen.append(value)
  }

  /// Appends a real as eight bytes; NaN becomes NULL, as SQLite does it.
  ///
  /// In REAL columns SQLite itself stores a real without fraction as an integer, to save space, and reads either back as the same real.
  /// Columns of any other affinity but BLOB would keep 3.0 as the integer 3: do not give them reals.
  @inlinable @inline(__always)
  public final func append(_ value: Double) {
    guard !value.isNaN else { return appendNull() }
    record.pointee.reserve(8)
    record.pointee.pen.append(real: value.bitPattern)
  }

  /// Appends a text, which should be UTF-8; its bytes are stored as they are, NUL included.
  @inlinable @inline(__always)
  public final func append(text: UnsafeBufferPointer<UInt8>) {
    record.pointee.reserve(text.count)
    record.pointee.pen.append(text: text)
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
    record.pointee.reserve(blob.count)
    record.pointee.pen.append(blob, type: 12)
  }
}
