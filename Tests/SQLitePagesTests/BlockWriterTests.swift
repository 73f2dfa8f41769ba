import Foundation
import Testing

@testable import SQLitePages

@Suite struct BlockWriterTests {
  private func fill(_ writer: BlockWriter, _ number: Int, size: Int) {
    for index in 0..<size { writer.block[index] = UInt8(truncatingIfNeeded: number &* 31 &+ index) }
  }

  @Test(arguments: [false, true])
  func everyBlockIsInTheFileOnceItIsFinished(passesCache: Bool) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("blocks-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    let (size, count) = (1 << 14, 40)
    let writer = BlockWriter(path: path, descriptor: descriptor, size: size, passesCache: passesCache)
    for number in 0..<count {
      fill(writer, number, size: size)
      try writer.write(count: size, at: number * size)
    }
    try writer.finish()
    let found = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(found.count == count * size)
    for number in 0..<count {
      #expect(found[number * size] == UInt8(truncatingIfNeeded: number &* 31))
      #expect(found[number * size + size - 1] == UInt8(truncatingIfNeeded: number &* 31 &+ size &- 1))
    }
  }

  @Test func aBlockTheSystemRefusesIsToldAndNothingIsWrittenAfterIt() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("blocks-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let size = 1 << 14
    let writer = BlockWriter(path: path, descriptor: descriptor, size: size, passesCache: false)
    #expect(throws: PageFileError.self) {
      for number in 0..<3 {
        fill(writer, number, size: size)
        try writer.write(count: size, at: number * size)
      }
    }
    #expect(throws: PageFileError.self) { try writer.finish() }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
  }
}
