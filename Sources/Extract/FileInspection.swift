/// What one pass over a whole file shows before its first record is read.
///
/// The pass proves that compressed data is sound and decides on the encoding, so that no record is handed on which a
/// byte at the file's end would show to have been misread.
struct FileInspection {
  /// Bytes kept of the beginning, for detecting encoding and delimiter.
  static let headSize = 1 << 16

  /// The first bytes, decompressed.
  var head: [UInt8] = []
  /// True when `head` is the whole text.
  var headIsAll = false
  var digest = ""
  /// Of the decompressed bytes, whatever their encoding.
  var isUTF8 = true
  var hasNul = false

  init(_ stream: any ByteStream, on file: FileBytes) throws(ReadFault) {
    let hash = FileDigest()
    file.digest = hash
    defer { file.digest = nil }
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { block.deallocate() }
    var validity = TextValidity()
    var total = 0
    while true {
      let count = try stream.read(into: block)
      if count == 0 { break }
      total += count
      let bytes = UnsafeRawBufferPointer(rebasing: block[..<count])
      head.append(contentsOf: bytes.prefix(Self.headSize - head.count))
      if validity.isUTF8 { validity.add(bytes) }
    }
    headIsAll = total == head.count
    isUTF8 = validity.isUTF8 && validity.isComplete
    hasNul = validity.hasNul
    digest = hash.finish()
    try stream.rewind()
  }
}
