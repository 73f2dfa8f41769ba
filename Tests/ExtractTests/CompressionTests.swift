import CZlib
import Extract
import Foundation
import Model
import Testing

/// One gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
  let capacity = output.count
  input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      _ = deflate(&stream, Z_FINISH)
    }
  }
  return Array(output[..<(capacity - Int(stream.avail_out))])
}

private let text = Array(
  ("id,name\n" + (0..<5000).map { "\($0),\"näme \($0 * 7919 % 1009)\"\n" }.joined()).utf8)

@Test(arguments: [1 << 20, 1000, 61])
func aCompressedFileReadsLikeTheFileItself(blockSize: Int) {
  let plain = read(text, blockSize: blockSize)
  let members =
    gzip(Array(text[..<30])) + gzip([]) + gzip(Array(text[30..<4001])) + gzip(Array(text[4001...]))
  for bytes in [gzip(text), members, members + [0, 0, 0, 0]] {
    let reading = read(bytes, blockSize: blockSize)
    #expect(reading.rows == plain.rows)
    #expect(reading.places == plain.places)
    #expect(reading.findings == [])
    #expect(reading.file.compression == "gzip")
    #expect(reading.file.bytes == bytes.count)
    #expect(reading.file.digest != plain.file.digest)
  }
  #expect(plain.rows.count == 5000)
  #expect(plain.file.compression == "none")
}

@Test func aCompressedFileThatIsDamagedGivesNoRowAtAll() {
  let whole = gzip(text)
  var flipped = whole
  flipped[whole.count / 2] ^= 0x55
  var wrongSum = whole
  wrongSum[whole.count - 6] ^= 1
  let inputs = [
    Array(whole[..<(whole.count - 9)]), Array(whole[..<12]), flipped, wrongSum, whole + [1, 2, 3],
    [0x1F, 0x8B],
    [0x1F, 0x8B, 0x08],
  ]
  for bytes in inputs {
    let reading = read(bytes)
    #expect(reading.names == ["gzip-damaged"], "\(bytes.count) bytes")
    #expect(reading.findings.first?.severity == .error)
    #expect(reading.rows == [])
  }
}

@Test func aFileThatInflatesWithoutMeasureIsRefused() {
  var limits = ReaderLimits()
  limits.inflatedSize = 1 << 20
  let bomb = gzip(Array("a,b\n".utf8) + [UInt8](repeating: 0x61, count: 8 << 20))
  let folder = ScratchFolder()
  let path = folder.write("bomb.csv.gz", bomb)
  let result = DelimitedReader.open(path: path, shownAs: "bomb.csv.gz", format: FileFormat(), limits: limits)
  guard case .failure(let unreadable) = result else {
    Issue.record("the file was opened")
    return
  }
  #expect(unreadable.finding.name == "gzip-too-large")
  #expect(bomb.count < 10_000)
}

@Test func theDigestIsThatOfTheFileAsItLiesOnDisk() throws {
  let folder = ScratchFolder()
  for bytes in [[], Array("abc".utf8), text, gzip(text)] {
    let path = folder.write("in.csv", bytes)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [path]
    process.standardOutput = output
    try process.run()
    let expected = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).prefix(
      64)
    process.waitUntilExit()
    let reading = read(path: path)
    #expect(reading.file.digest == expected)
    #expect(reading.file.bytes == bytes.count)
  }
}
