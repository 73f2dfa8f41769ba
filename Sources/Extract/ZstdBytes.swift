import CZstd

/// The bytes inside a zstd file of one or more frames.
final class ZstdBytes: ByteStream {
  private let compressed: any ByteStream
  private let bound: InflationBound
  private let stream: OpaquePointer
  private let block: UnsafeMutableRawBufferPointer
  private var input: ZSTD_inBuffer
  private var inflated = 0
  private var isInsideFrame = false
  /// True after an output was filled: there may be more without further input.
  private var mayHoldMore = false
  private var isAtEnd = false

  init(_ compressed: any ByteStream, _ bound: InflationBound) throws(ReadFault) {
    guard let stream = ZSTD_createDStream() else {
      throw ReadFault(
        name: .zstdDamaged, problem: "the decompressor cannot be started",
        remedy: "check the free memory, then run again")
    }
    self.compressed = compressed
    self.bound = bound
    self.stream = stream
    block = .allocate(byteCount: ZSTD_DStreamInSize(), alignment: 16)
    input = ZSTD_inBuffer(src: block.baseAddress, size: 0, pos: 0)
  }

  deinit {
    ZSTD_freeDStream(stream)
    block.deallocate()
  }

  /// Whether a file that begins so is one: a frame, or one to be skipped.
  static func isFrame(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1...3].elementsEqual([0x2A, 0x4D, 0x18])
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
    guard buffer.count > 0 else { return 0 }
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while !isAtEnd, output.pos == 0 {
      if input.pos == input.size, !(isInsideFrame && mayHoldMore) { try refill() }
      if isAtEnd { break }
      let left = ZSTD_decompressStream(stream, &output, &input)
      guard ZSTD_isError(left) == 0 else {
        throw ReadFault(
          name: .zstdDamaged,
          problem: "the compressed data is damaged: \(String(cString: ZSTD_getErrorName(left)))",
          remedy: "fetch the file again")
      }
      isInsideFrame = left != 0
      mayHoldMore = output.pos == output.size
    }
    inflated += output.pos
    try bound.check(inflated, .zstdTooLarge)
    return output.pos
  }

  func rewind() throws(ReadFault) {
    try compressed.rewind()
    ZSTD_initDStream(stream)
    input.size = 0
    input.pos = 0
    inflated = 0
    isInsideFrame = false
    mayHoldMore = false
    isAtEnd = false
  }

  private func refill() throws(ReadFault) {
    let count = try compressed.read(into: block)
    input.size = count
    input.pos = 0
    guard count == 0 else { return }
    guard !isInsideFrame else {
      throw ReadFault(
        name: .zstdDamaged, problem: "the compressed data ends in the middle",
        remedy: "fetch the file again: it was cut off, or is still being written")
    }
    isAtEnd = true
  }
}
