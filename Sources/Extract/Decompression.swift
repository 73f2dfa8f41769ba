/// How much compressed data may hold: a file of a few kilobytes can hold many gigabytes of nothing.
struct InflationBound {
  /// Bytes.
  let limit: Int
  /// Bytes of the compressed file.
  let size: Int

  init(_ limits: ReaderLimits, size: Int) {
    let (byRatio, overflow) = size.multipliedReportingOverflow(by: limits.inflation)
    limit = min(limits.inflatedMaximum, max(limits.inflatedSize, overflow ? .max : byRatio))
    self.size = size
  }

  func check(_ inflated: Int, _ name: ExtractFinding) throws(ReadFault) {
    guard inflated <= limit else {
      throw ReadFault(
        name: name,
        problem: "the file inflates to more than \(limit) bytes from \(size), far more than an export does",
        remedy:
          "look at the file; if it is what it should be, raise `max_inflation` or `max_inflated` in `format`")
    }
  }
}

/// The text of a file, whatever it is packed in: told by its first bytes, whatever its name or headers say.
///
/// A packed file that was packed once more on its way is unpacked twice.
func decompressed(
  _ disk: FileBytes, _ limits: ReaderLimits
) throws(ReadFault) -> (stream: any ByteStream, compression: String) {
  var stream: any ByteStream = disk
  var names: [String] = []
  let bound = InflationBound(limits, size: disk.size)
  while names.count < 2 {
    let head = try firstBytes(of: stream)
    if head.starts(with: [0x1F, 0x8B]) {
      stream = try GzipBytes(stream, bound)
      names.append("gzip")
    } else if ZstdBytes.isFrame(head) {
      stream = try ZstdBytes(stream, bound)
      names.append("zstd")
    } else {
      break
    }
  }
  return (stream, names.isEmpty ? "none" : names.reversed().joined(separator: "+"))
}

/// At most eight bytes; the stream is at its beginning again.
func firstBytes(of stream: any ByteStream) throws(ReadFault) -> [UInt8] {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
  defer { buffer.deallocate() }
  var count = 0
  while count < 8 {
    let more = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    if more == 0 { break }
    count += more
  }
  try stream.rewind()
  return Array(buffer[..<count])
}
