import Glibc

/// Where the next column of a record goes: its serial type into the header, its value into the body.
///
/// It knows nothing of room, so that whoever writes many columns can keep it in registers. Every type but a long one takes a byte of the
/// header, and a number at most eight of the body.
public struct RecordPen {
  @usableFromInline var header: UnsafeMutablePointer<UInt8>
  @usableFromInline var body: UnsafeMutablePointer<UInt8>

  @inlinable @inline(__always)
  init(header: UnsafeMutablePointer<UInt8>, body: UnsafeMutablePointer<UInt8>) {
    self.header = header
    self.body = body
  }

  /// Appends NULL; also for the INTEGER PRIMARY KEY of a rowid table, whose value is the rowid.
  @inlinable @inline(__always)
  public mutating func appendNull() {
    header.pointee = 0
    header += 1
  }

  /// Appends an integer in the fewest bytes the format has for it.
  @inlinable @inline(__always)
  public mutating func append(_ value: Int64) {
    // Bits below the sign, in whole bytes, choose type and width from tables of one byte per entry: no branch depends on the value.
    let bits = 64 &- (value ^ (value &>> 63)).leadingZeroBitCount
    let entry = UInt64(truncatingIfNeeded: bits & 0x38)
    let isConstant = UInt64(bitPattern: value) < 2
    let type = isConstant ? 8 &+ UInt64(bitPattern: value) : (0x0606_0505_0403_0201 &>> entry) & 0xff
    let width = isConstant ? 0 : (0x0808_0606_0403_0201 &>> entry) & 0xff
    let aligned = UInt64(bitPattern: value) &<< (64 &- 8 &* width)
    UnsafeMutableRawPointer(body).storeBytes(of: aligned.bigEndian, as: UInt64.self)
    body += Int(truncatingIfNeeded: width)
    header.pointee = UInt8(truncatingIfNeeded: type)
    header += 1
  }

  @inlinable @inline(__always)
  mutating func append(real bits: UInt64) {
    UnsafeMutableRawPointer(body).storeBytes(of: bits.bigEndian, as: UInt64.self)
    body += 8
    header.pointee = 7
    header += 1
  }

  /// Appends a text, which should be UTF-8; its bytes are stored as they are, NUL included.
  @inlinable @inline(__always)
  public mutating func append(text: UnsafeBufferPointer<UInt8>) {
    append(UnsafeRawBufferPointer(text), type: 13)
  }

  /// `type` is that of no bytes at all; each byte adds two to it.
  @inlinable @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer, type: UInt64) {
    let count = bytes.count
    let type = type &+ 2 &* UInt64(truncatingIfNeeded: count)
    if type < 0x80 {
      header.pointee = UInt8(truncatingIfNeeded: type)
      header += 1
    } else {
      header = Self.write(longType: type, to: header)
    }
    guard let start = bytes.baseAddress else { return }
    memcpy(body, start, count)
    body += count
  }

  /// The serial type of a text or blob of more than a few bytes.
  @usableFromInline @inline(never)
  static func write(longType: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    Varint.write(longType, to: bytes)
  }
}
