import CZlib

/// The bytes inside a gzip file of one or more members.
final class GzipBytes: ByteStream {
  private let compressed: any ByteStream
  private let bound: InflationBound
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var inflated = 0
  private var isInsideMember = false
  private var isAtEnd = false

  init(_ compressed: any ByteStream, _ bound: InflationBound) throws(ReadFault) {
    self.compressed = compressed
    self.bound = bound
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: 1 << 17, alignment: 16)
    // 15 bits of window, 16 for "a gzip header is required".
    let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw ReadFault(
        name: .gzipDamaged, problem: "the decompressor cannot be started (zlib status \(status))",
        remedy: "check the free memory, then run again")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
    guard let target = buffer.baseAddress, buffer.count > 0 else { return 0 }
    stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: buffer.count)
    let room = Int(stream.pointee.avail_out)
    while !isAtEnd, Int(stream.pointee.avail_out) == room {
      try step()
    }
    let count = room - Int(stream.pointee.avail_out)
    inflated += count
    try bound.check(inflated, .gzipTooLarge)
    return count
  }

  func rewind() throws(ReadFault) {
    try compressed.rewind()
    inflateReset(stream)
    stream.pointee.avail_in = 0
    inflated = 0
    isInsideMember = false
    isAtEnd = false
  }

  private func step() throws(ReadFault) {
    if stream.pointee.avail_in == 0 {
      let count = try compressed.read(into: input)
      stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_in = UInt32(count)
      if count == 0 {
        guard !isInsideMember else {
          throw ReadFault(
            name: .gzipDamaged, problem: "the compressed data ends in the middle",
            remedy: "fetch the file again: it was cut off, or is still being written")
        }
        isAtEnd = true
        return
      }
    }
    if !isInsideMember {
      // Zero bytes between and behind members are padding of tapes and block devices.
      while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
        stream.pointee.next_in += 1
        stream.pointee.avail_in -= 1
      }
      guard stream.pointee.avail_in > 0 else { return }
      isInsideMember = true
    }
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR:
      break
    case Z_STREAM_END:
      inflateReset(stream)
      isInsideMember = false
    default:
      let detail = stream.pointee.msg.map { ": \(String(cString: $0))" } ?? ""
      throw ReadFault(
        name: .gzipDamaged, problem: "the compressed data is damaged\(detail)",
        remedy: "fetch the file again")
    }
  }
}
