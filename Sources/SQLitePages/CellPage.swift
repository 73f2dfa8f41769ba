import Glibc

/// One b-tree page while it is filled: cells grow from its end towards the front, their addresses from the front towards the end.
final class CellPage {
  /// What the page's first byte says.
  enum Kind: UInt8 {
    case indexInterior = 2
    case tableInterior = 5
    case indexLeaf = 10
    case tableLeaf = 13

    var headerSize: Int { self == .indexInterior || self == .tableInterior ? 12 : 8 }
  }

  let kind: Kind
  let size: Int
  let bytes: UnsafeMutablePointer<UInt8>
  private var addressesEnd: Int
  private var contentStart: Int

  init(_ kind: Kind, size: Int) {
    self.kind = kind
    self.size = size
    bytes = .allocate(capacity: size)
    bytes.initialize(repeating: 0, count: size)
    addressesEnd = kind.headerSize
    contentStart = size
  }

  deinit { bytes.deallocate() }

  var count: Int { (addressesEnd - kind.headerSize) / 2 }

  @inline(__always)
  func hasRoom(for cell: Int) -> Bool {
    contentStart &- addressesEnd >= cell &+ 2
  }

  /// Makes room for the next cell, for which there must be room, and returns its address.
  @inline(__always)
  func allocate(_ cell: Int) -> UnsafeMutablePointer<UInt8> {
    contentStart &-= cell
    store(UInt16(truncatingIfNeeded: contentStart), at: addressesEnd)
    addressesEnd &+= 2
    return bytes + contentStart
  }

  /// Takes the last cell off a page of two or more; its bytes stay readable until the page is cleared.
  func removeLast() -> UnsafeRawBufferPointer {
    addressesEnd -= 2
    let end = Int(UnsafeRawPointer(bytes + addressesEnd - 2).loadUnaligned(as: UInt16.self).bigEndian)
    let cell = UnsafeRawBufferPointer(start: bytes + contentStart, count: end - contentStart)
    contentStart = end
    return cell
  }

  /// Writes the page's header; `right` is the last child of an interior page.
  func seal(right: UInt32 = 0) {
    bytes[0] = kind.rawValue
    store(UInt16(truncatingIfNeeded: count), at: 3)
    store(UInt16(truncatingIfNeeded: contentStart), at: 5)
    if kind.headerSize == 12 {
      UnsafeMutableRawPointer(bytes + 8).storeBytes(of: right.bigEndian, as: UInt32.self)
    }
  }

  /// Empties the page for the next one of its kind.
  func clear() {
    memset(bytes, 0, size)
    addressesEnd = kind.headerSize
    contentStart = size
  }

  @inline(__always)
  private func store(_ value: UInt16, at offset: Int) {
    UnsafeMutableRawPointer(bytes + offset).storeBytes(of: value.bigEndian, as: UInt16.self)
  }
}
