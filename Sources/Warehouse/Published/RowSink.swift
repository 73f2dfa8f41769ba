import Model

/// Where the values of one row go, in the order of the table's columns.
protocol RowSink {
  mutating func add(_ value: Int64)
  mutating func add(_ value: Double)
  mutating func add(_ text: UnsafeBufferPointer<UInt8>)
  mutating func addNull()
}

extension RowSink {
  @inline(__always) mutating func add(_ value: Int32) { add(Int64(value)) }

  @inline(__always) mutating func add(_ value: Int64?) {
    if let value { add(value) } else { addNull() }
  }

  @inline(__always) mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  mutating func add(_ text: String?) {
    if let text { add(text) } else { addNull() }
  }

  /// Its three letters.
  @inline(__always) mutating func add(_ currency: Currency) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 3) { letters in
      letters[0] = UInt8(truncatingIfNeeded: currency.packed >> 16)
      letters[1] = UInt8(truncatingIfNeeded: currency.packed >> 8)
      letters[2] = UInt8(truncatingIfNeeded: currency.packed)
      add(UnsafeBufferPointer(letters))
    }
  }
}

/// The rows of one published table, in the order of its primary key.
protocol StoredRows {
  var table: String { get }
  var count: Int { get }
  /// Whether the schema says more of the rows than their types and keys: then they go through it.
  var isCheckedBySchema: Bool { get }
  /// How many of the first columns are the primary key, all integers, three at most; 0 for another key.
  var integerKeys: Int { get }
  /// How many of them are integers and texts that tell rows apart, in whose order the rows come; 0 for another key.
  var keys: Int { get }
  /// Puts all values of the row at a position into the sink.
  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink)
}

extension StoredRows {
  var isCheckedBySchema: Bool { false }
  var integerKeys: Int { 0 }
  var keys: Int { integerKeys }
}

extension StoredRows {
  /// A row's key, where it is of integers, and a digest of the whole row.
  func keyed(_ position: Int) -> (key: RowKey, digest: Int64) {
    var sink = KeySink(keys: integerKeys)
    write(position, to: &sink)
    return (sink.key, sink.digest.value)
  }
}

/// A key of up to three integers.
struct RowKey: Hashable {
  private var values = SIMD4<Int64>()

  subscript(index: Int) -> Int64 {
    get { values[index] }
    set { values[index] = newValue }
  }
}

/// Takes a row's key out of its values.
private struct KeySink: RowSink {
  private(set) var key = RowKey()
  private var column = 0
  private(set) var digest = DigestSink(count: 1)
  private let keys: Int

  init(keys: Int) { self.keys = keys }

  mutating func add(_ value: Int64) {
    if column < keys {
      key[column] = value
      column += 1
    }
    digest.add(value)
  }

  mutating func add(_ value: Double) { digest.add(value) }
  mutating func add(_ text: UnsafeBufferPointer<UInt8>) { digest.add(text) }
  mutating func addNull() { digest.addNull() }
}

/// Digests rows, by which a night's rows are compared with the stored ones.
struct DigestSink: RowSink {
  private(set) var digest = RowDigest()

  init(count: Int) { digest.add(UInt64(count)) }

  @inline(__always) mutating func add(_ value: Int64) { digest.add(UInt64(bitPattern: value)) }
  @inline(__always) mutating func add(_ value: Double) { digest.add(value.bitPattern ^ 1) }
  @inline(__always) mutating func add(_ text: UnsafeBufferPointer<UInt8>) { digest.add(text) }
  @inline(__always) mutating func addNull() { digest.add(0x7FFF_FFFF_FFFF_FFFF) }

  /// As stored in `stored_digest`.
  var value: Int64 { Int64(bitPattern: digest.value) }
}

/// Binds a row's values to an insert.
struct InsertSink: RowSink {
  private let statement: RawStatement
  private var column: Int32 = 0

  init(_ statement: RawStatement) { self.statement = statement }

  mutating func add(_ value: Int64) {
    column += 1
    statement.bind(column, value)
  }

  mutating func add(_ value: Double) {
    column += 1
    statement.bind(column, value)
  }

  mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    column += 1
    statement.bind(column, copying: text)
  }

  mutating func addNull() {
    column += 1
    statement.bindNull(column)
  }

  /// Inserts what was added, and begins the next row.
  mutating func end() throws {
    column = 0
    try statement.run()
  }
}

/// Compares a row with the stored one a statement stands at.
struct CompareSink: RowSink {
  /// Where the row belongs beside the stored one, by their keys.
  private(set) var order = 0
  private(set) var isEqual = true
  private let stored: RawStatement
  private let keys: Int
  private var column: Int32 = 0

  init(_ stored: RawStatement, keys: Int) {
    self.stored = stored
    self.keys = keys
  }

  mutating func add(_ value: Int64) {
    let other = stored.integer(column)
    if column < keys, order == 0 { order = value < other ? -1 : value > other ? 1 : 0 }
    note(value == other && stored.isInteger(column))
  }

  mutating func add(_ value: Double) { note(value == stored.double(column) && stored.isDouble(column)) }

  mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    let other = stored.bytes(column)
    let isSame = other.elementsEqual(text)
    if column < keys, order == 0, !isSame { order = text.lexicographicallyPrecedes(other) ? -1 : 1 }
    note(isSame && stored.isText(column))
  }

  mutating func addNull() { note(stored.isNull(column)) }

  private mutating func note(_ isSame: Bool) {
    if !isSame { isEqual = false }
    column += 1
  }
}
