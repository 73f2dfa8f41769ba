import Model

/// The 64-bit digest by which a row of an export is compared with the version the warehouse knows.
///
/// Each word is folded in by a 64 x 64 -> 128 bit multiplication (as in wyhash), so that cells do not cancel each other out.
/// Stored, so the constants and the order of cells never change.
struct RowDigest {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always) mutating func add(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    state =
      (product.high ^ product.low) &+ 0xE703_7ED1_A0B4_28DB
      &+ word.multipliedReportingOverflow(by: 3).partialValue
  }

  @inline(__always) mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    add(UInt64(truncatingIfNeeded: bytes.count) | 1 << 63)
    var index = 0
    while index + 8 <= bytes.count {
      add(
        UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped).loadUnaligned(
          fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var rest: UInt64 = 0
    while index < bytes.count {
      rest = rest << 8 | UInt64(bytes[index])
      index += 1
    }
    add(rest)
  }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  @inline(__always) var value: UInt64 {
    let product = (state ^ 0x8EBC_6AF0_9C88_C6E3).multipliedFullWidth(by: 0x5899_65CC_7537_4CC3)
    return product.high ^ product.low
  }
}

/// The digest of a row's cells without its id: file and line are no part of what it says, and of columns that came later
/// (``EntityKind/firstColumnCount``) only what they hold.
@inline(__always)
func rowDigest(
  _ cells: UnsafeBufferPointer<Int64>, _ isText: UnsafeBufferPointer<Bool>,
  _ arena: UnsafeBufferPointer<UInt8>, firstColumns: Int
) -> UInt64 {
  var digest = RowDigest()
  for column in 1..<cells.count {
    let cell = cells[column]
    if column >= firstColumns {
      if cell == EntityColumn.null { continue }
      digest.add(UInt64(column))
    }
    if cell == EntityColumn.null {
      digest.add(0x7FFF_FFFF_FFFF_FFFF)
    } else if isText[column] {
      digest.add(UnsafeBufferPointer(rebasing: arena[EntityBatch.range(ofText: cell)]))
    } else {
      digest.add(UInt64(bitPattern: cell))
    }
  }
  return digest.value
}
