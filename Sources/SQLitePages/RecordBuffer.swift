import Glibc

/// One record while its columns are appended: the header of serial types and the body of values grow side by side, since a record's
/// header comes first and its length is known last.
///
/// Memory is kept from record to record; whoever holds the buffer deallocates it. Bytes past the body's end may be written and read
/// up to `slack`, so that an integer is stored and loaded as eight bytes whatever its width.
@usableFromInline
struct RecordBuffer {
  @usableFromInline static var slack: Int { 16 }
  /// Room before the header for its own length.
  private static var prefix: Int { 3 }

  private var headerMemory: UnsafeMutablePointer<UInt8>
  @usableFromInline var header: UnsafeMutablePointer<UInt8>
  /// At the ends of both.
  @usableFromInline var pen: RecordPen
  /// Up to here one more serial type has room.
  @usableFromInline var headerLimit: UnsafeMutablePointer<UInt8>
  @usableFromInline var body: UnsafeMutablePointer<UInt8>
  /// Up to here one more number has room.
  @usableFromInline var bodyLimit: UnsafeMutablePointer<UInt8>
  /// Where the sealed header starts: at its own length.
  private(set) var sealedHeader: UnsafeMutablePointer<UInt8>

  init() {
    headerMemory = .allocate(capacity: Self.prefix + 128 + Self.slack)
    header = headerMemory + Self.prefix
    headerLimit = header + 128
    sealedHeader = header
    body = .allocate(capacity: 1024 + Self.slack)
    bodyLimit = body + 1024
    pen = RecordPen(header: header, body: body)
  }

  func deallocate() {
    headerMemory.deallocate()
    body.deallocate()
  }

  /// Forgets the columns appended so far.
  @inlinable @inline(__always)
  mutating func clear() {
    pen = RecordPen(header: header, body: body)
  }

  /// Makes room for one more serial type and `bytes` more of body.
  @inlinable @inline(__always)
  mutating func reserve(_ bytes: Int) {
    if pen.header >= headerLimit || bodyLimit - pen.body < bytes { grow(1, bytes) }
  }

  /// Makes room for so many more columns, of at most `bytes` more of body together.
  @inlinable @inline(__always)
  mutating func reserve(columns: Int, bytes: Int) {
    if headerLimit - pen.header < columns * 9 || bodyLimit - pen.body < bytes { grow(columns * 9, bytes) }
  }

  @usableFromInline @inline(never)
  mutating func grow(_ types: Int, _ bytes: Int) {
    let (usedHeader, usedBody) = (pen.header - header, pen.body - body)
    if headerLimit - pen.header < types {
      let capacity = 2 * (usedHeader + types)
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.prefix + capacity + Self.slack)
      memcpy(memory + Self.prefix, header, usedHeader)
      headerMemory.deallocate()
      headerMemory = memory
      header = memory + Self.prefix
      headerLimit = header + capacity
    }
    if bodyLimit - pen.body < bytes {
      let capacity = 2 * (usedBody + bytes)
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
      memcpy(memory, body, usedBody)
      body.deallocate()
      body = memory
      bodyLimit = memory + capacity
    }
    pen = RecordPen(header: header + usedHeader, body: body + usedBody)
  }

  /// Writes the header's length, which counts itself, before the header; returns the bytes of the whole record.
  @inline(__always)
  mutating func seal() -> Int {
    let types = pen.header - header
    precondition(types > 0, "a row has a column")
    if types < 127 {
      sealedHeader = header - 1
      sealedHeader.pointee = UInt8(truncatingIfNeeded: types &+ 1)
    } else {
      let size = types + 2 < 0x4000 ? 2 : 3
      sealedHeader = header - size
      _ = Varint.write(UInt64(types + size), to: sealedHeader)
    }
    return (pen.header - sealedHeader) &+ (pen.body - body)
  }

  /// Copies the sealed record.
  @inline(__always)
  func copy(to bytes: UnsafeMutablePointer<UInt8>) {
    let types = pen.header - sealedHeader
    memcpy(bytes, sealedHeader, types)
    memcpy(bytes + types, body, pen.body - body)
  }
}
