import CZlib
import CZstd
import Extract
import Foundation
import Model
import Testing

private func zstd(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
  var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
  let count = ZSTD_compress(&output, output.count, bytes, bytes.count, level)
  return Array(output[..<count])
}

private let text = Array(
  ("id,name\n" + (0..<50_000).map { "\($0),\"näme \($0 * 7919 % 1009)\"\n" }.joined()).utf8)

@Test(arguments: [1 << 20, 1000])
func aFilePackedWithZstdReadsLikeTheFileItself(blockSize: Int) {
  let plain = read(text, blockSize: blockSize)
  let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
  let frames =
    skippable + zstd(Array(text[..<30])) + zstd([]) + zstd(Array(text[30..<40_001]))
    + zstd(Array(text[40_001...]))
  for bytes in [zstd(text), zstd(text, level: 19), frames] {
    let reading = read(bytes, blockSize: blockSize)
    #expect(reading.rows == plain.rows)
    #expect(reading.findings == [])
    #expect(reading.file.compression == "zstd")
  }
  #expect(plain.rows.count == 50_000)
}

@Test func aFilePackedTwiceOnItsWayIsUnpackedTwice() {
  let reading = read(zstd(zstd(text)))
  #expect(reading.rows.count == 50_000)
  #expect(reading.file.compression == "zstd+zstd")
}

@Test func aZstdFileThatIsDamagedGivesNoRowAtAll() {
  let whole = zstd(text)
  for length in [5, 20, whole.count / 2, whole.count - 1] {
    let reading = read(Array(whole[..<length]))
    #expect(reading.rows == [], "\(length) bytes")
    #expect(reading.names == ["zstd-damaged"], "\(length) bytes")
  }
  #expect(read(whole + [1, 2, 3, 4]).names == ["zstd-damaged"])
}

@Test func aBombPackedWithZstdIsRefusedByRatioAndBySize() {
  let folder = ScratchFolder()
  let bomb = zstd(Array("a,b\n".utf8) + [UInt8](repeating: 0x61, count: 64 << 20), level: 19)
  let path = folder.write("bomb.zst", bomb)
  func names(_ format: FileFormat, _ limits: ReaderLimits) -> [String] {
    switch DelimitedReader.open(path: path, shownAs: "bomb.zst", format: format, limits: limits) {
    case .failure(let unreadable): [unreadable.finding.name, unreadable.finding.remedy ?? ""]
    case .success: []
    }
  }
  var byRatio = ReaderLimits()
  byRatio.inflatedSize = 1 << 20
  #expect(names(FileFormat(), byRatio).first == "zstd-too-large")
  #expect(names(FileFormat(maximumInflation: 1_000_000), byRatio).first != "zstd-too-large")
  let bySize = names(FileFormat(maximumInflated: 1_000_000), ReaderLimits())
  #expect(bySize.first == "zstd-too-large")
  #expect(bySize.last?.contains("`max_inflated` in `format`") == true)
}
