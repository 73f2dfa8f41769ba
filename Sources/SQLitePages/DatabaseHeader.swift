/// The first 100 bytes of a SQLite file.
struct DatabaseHeader {
  static let size = 100

  private let bytes: [UInt8]
  let pageSize: Int
  /// Pages in the file.
  let pages: UInt32

  /// Reads a header; throws the reason why pages cannot be appended to such a file.
  init(_ bytes: [UInt8], fileSize: Int64) throws(Unfit) {
    guard bytes.count == Self.size, bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw Unfit(reason: "not a SQLite database")
    }
    self.bytes = bytes
    let size = Int(bytes[16]) << 8 | Int(bytes[17])
    pageSize = size == 1 ? 65536 : size
    guard (512...65536).contains(pageSize), pageSize & (pageSize - 1) == 0,
      bytes[18...19].allSatisfy({ $0 == 1 || $0 == 2 }), Array(bytes[21...23]) == [64, 32, 32]
    else { throw Unfit(reason: "not a SQLite database") }
    pages = Self.number(bytes, at: 28)
    guard pages > 0, Int64(pages) * Int64(pageSize) == fileSize else {
      throw Unfit(reason: "has \(fileSize) bytes where its header says \(pages) pages of \(pageSize)")
    }
    guard bytes[20] == 0 else { throw Unfit(reason: "reserves bytes of every page") }
    guard Self.number(bytes, at: 24) == Self.number(bytes, at: 92) else {
      throw Unfit(reason: "was last written by a SQLite that keeps no count of pages")
    }
    guard Self.number(bytes, at: 32) == 0, Self.number(bytes, at: 36) == 0 else {
      throw Unfit(reason: "has free pages")
    }
    guard Self.number(bytes, at: 44) == 4 else { throw Unfit(reason: "has not schema format 4") }
    guard Self.number(bytes, at: 52) == 0 else { throw Unfit(reason: "is auto-vacuumed") }
    guard Self.number(bytes, at: 56) == 1 else { throw Unfit(reason: "its texts are not UTF-8") }
  }

  struct Unfit: Error {
    let reason: String
  }

  /// The header after a change that left `pages` pages.
  func bytes(pages: UInt32) -> [UInt8] {
    var changed = bytes
    let change = Self.number(bytes, at: 24) &+ 1
    for (offset, value) in [(24, change), (28, pages), (92, change)] {
      for byte in 0..<4 { changed[offset + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * byte)) }
    }
    return changed
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
