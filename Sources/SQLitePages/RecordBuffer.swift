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
  @usableFromInline var headerEnd: UnsafeMutablePointer<UInt8>
  /// Up to here one more serial type has room.
  @usableFromInline var headerLimit: UnsafeMutablePointer<UInt8>
  @usableFromInline var body: UnsafeMutablePointer<UInt8>
  @usableFromInline var bodyEnd: UnsafeMutablePointer<UInt8>
  /// Up to here one more number has room.
  @usableFromInline var bodyLimit: UnsafeMutablePointer<UInt8>
  /// Where the sealed header starts: at its own length.
  private(set) var sealedHeader: UnsafeMutablePointer<UInt8>

  init() {
    headerMemory = .allocate(capacity: Self.prefix + 128 + Self.slack)
    header = headerMemory + Self.prefix
    headerEnd = header
    headerLimit = header + 128
    sealedHeader = header
    body = .allocate(capacity: 1024 + Self.slack)
    bodyEnd = body
    bodyLimit = body + 1024
  }

  func deallocate() {
    headerMemory.deallocate()
    body.deallocate()
  }

  /// Forgets the columns appended so far.
  @inlinable @inline(__always)
  mutating func clear() {
    headerEnd = header
    bodyEnd = body
  }

  /// Makes room for one more serial type and `bytes` more of body.
  @inlinable @inline(__always)
  mutating func reserve(_ bytes: Int) {
    if headerEnd >= headerLimit || bodyLimit - bodyEnd < bytes { grow(bytes) }
  }

  @usableFromInline @inline(never)
  mutating func grow(_ bytes: Int) {
    if headerEnd >= headerLimit {
      let used = headerEnd - header
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.prefix + 2 * used + Self.slack)
      memcpy(memory + Self.prefix, header, used)
      headerMemory.deallocate()
      headerMemory = memory
      header = memory + Self.prefix
      headerEnd = header + used
      headerLimit = header + 2 * used
    }
    if bodyLimit - bodyEnd < bytes {
      let used = bodyEnd - body
      let capacity = 2 * (used + bytes)
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
      memcpy(memory, body, used)
      body.deallocate()
      body = memory
      bodyEnd = memory + used
      bodyLimit = memory + capacity
    }
  }

  /// Appends the serial type of a text or blob of more than a few bytes.
  @usableFromInline @inline(never)
  mutating func appendLongType(_ type: UInt64) {
    headerEnd = Varint.write(type, to: headerEnd)
  }

  /// Writes the header's length, which counts itself, before the header; returns the bytes of the whole record.
  @inline(__always)
  mutating func seal() -> Int {
    let types = headerEnd - header
    precondition(types > 0, "a row has a column")
    if types < 127 {
      sealedHeader = header - 1
      sealedHeader.pointee = UInt8(truncatingIfNeeded: types &+ 1)
    } else {
      let size = types + 2 < 0x4000 ? 2 : 3
      sealedHeader = header - size
      _ = Varint.write(UInt64(types + size), to: sealedHeader)
    }
    return (headerEnd - sealedHeader) &+ (bodyEnd - body)
  }

  /// Copies the sealed record.
  @inline(__always)
  func copy(to bytes: UnsafeMutablePointer<UInt8>) {
    let types = headerEnd - sealedHeader
    memcpy(bytes, sealedHeader, types)
    memcpy(bytes + types, body, bodyEnd - body)
  }
}
