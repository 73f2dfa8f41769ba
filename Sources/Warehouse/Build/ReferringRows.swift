/// Rows of an index and what each is found by, collected in the order of the rows: millions, so eight bytes each where keys allow it.
struct ReferringRows {
  /// The key above 32 bits of the row.
  private var packed: [UInt64] = []
  /// All of them, once a key did not fit.
  private var wide: [KeyedRow] = []

  var isEmpty: Bool { packed.isEmpty && wide.isEmpty }

  /// - Parameter row: its number, which is less than 2^31.
  @inline(__always)
  mutating func append(key: UInt64, row: Int32) {
    if wide.isEmpty, key >> 32 == 0 {
      packed.append(key << 32 | UInt64(UInt32(bitPattern: row)))
    } else {
      widen()
      wide.append((key, row))
    }
  }

  private mutating func widen() {
    guard !packed.isEmpty else { return }
    wide = packed.map { ($0 >> 32, Int32(truncatingIfNeeded: $0)) }
    packed = []
  }

  /// By key, then in the order they came; there are none afterwards.
  mutating func takeInOrder(_ body: (UInt64, Int32) throws -> Void) rethrows {
    sortByRadix(&packed) { $0 >> 32 }
    sortByRadix(&wide)
    for entry in packed { try body(entry >> 32, Int32(truncatingIfNeeded: entry)) }
    for entry in wide { try body(entry.key, entry.index) }
    (packed, wide) = ([], [])
  }
}
