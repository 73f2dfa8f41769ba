import Foundation
import Glibc
import Model
import Testing

@testable import Deliver

private func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("perennial-\(UUID().uuidString)")
    .path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

private func document(_ name: String, _ text: String) -> Document {
  Document(name: name, format: .markdown, bytes: Array(text.utf8))
}

@Test func documentsAreWrittenIntoAFolderThatIsNotThereYet() throws {
  try inTemporaryFolder { folder in
    let delivery = try writeDocuments(
      [document("a.md", "one"), document("b.md", "")], to: folder + "/x/2024-02")
    #expect(delivery == FolderDelivery(written: ["a.md", "b.md"], unchanged: []))
    #expect(try String(contentsOfFile: folder + "/x/2024-02/a.md", encoding: .utf8) == "one")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/x/2024-02/b.md")).isEmpty)
  }
}

@Test func anUnchangedFileIsNotTouched() throws {
  try inTemporaryFolder { folder in
    try writeDocuments([document("a.md", "one"), document("b.md", "two")], to: folder)
    let past = Date(timeIntervalSince1970: 1_000_000)
    try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: folder + "/a.md")
    let delivery = try writeDocuments([document("a.md", "one"), document("b.md", "TWO")], to: folder)
    #expect(delivery == FolderDelivery(written: ["b.md"], unchanged: ["a.md"]))
    let date = try FileManager.default.attributesOfItem(atPath: folder + "/a.md")[.modificationDate] as? Date
    #expect(date == past)
    #expect(try String(contentsOfFile: folder + "/b.md", encoding: .utf8) == "TWO")
  }
}

@Test func noTemporaryFileStaysBehind() throws {
  try inTemporaryFolder { folder in
    try writeDocuments([document("a.md", "one")], to: folder)
    try writeDocuments([document("a.md", "two")], to: folder)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.md"])
  }
}

@Test func whatAKilledDeliveryLeftIsTakenAway() throws {
  try inTemporaryFolder { folder in
    try writeDocuments([document("a.md", "one")], to: folder)
    let gone = Process()
    gone.executableURL = URL(fileURLWithPath: "/bin/true")
    try gone.run()
    gone.waitUntilExit()
    let (abandoned, own) = ("a.md.\(gone.processIdentifier).tmp", "a.md.\(getpid()).tmp")
    for name in [abandoned, own, "b.md.\(gone.processIdentifier).tmp", "a.md.x.tmp"] {
      try Data("half".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    try writeDocuments([document("a.md", "one")], to: folder)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!left.contains(abandoned))
    // Somebody else's files, and those of a delivery under way.
    #expect(left.count == 4 && left.contains(own))
  }
}

@Test func allDocumentsAreWrittenBeforeTheFirstTakesItsName() throws {
  try inTemporaryFolder { folder in
    let names = ["a.md", "b.md", "c.md"]
    try writeDocuments(names.map { document($0, "one") }, to: folder)
    let watch = inotify_init1(Int32(IN_NONBLOCK))
    defer { close(watch) }
    try #require(inotify_add_watch(watch, folder, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)) >= 0)
    try writeDocuments(names.map { document($0, "two") }, to: folder)
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(watch, &buffer, buffer.count)
    var told: [UInt32] = []
    var at = 0
    while at < count {
      // An event: descriptor, mask, cookie, the name's length, the name.
      let (mask, length) = buffer.withUnsafeBytes {
        (
          $0.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self),
          $0.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self)
        )
      }
      told.append(mask)
      at += 16 + Int(length)
    }
    let (written, named) = (UInt32(IN_CLOSE_WRITE), UInt32(IN_MOVED_TO))
    #expect(told == [written, written, written, named, named, named])
  }
}

@Test(arguments: ["b.md", "b.md.\(getpid()).tmp"])
func aDocumentThatCannotBeWrittenLeavesTheOthersAsTheyWere(_ obstacle: String) throws {
  try inTemporaryFolder { folder in
    try writeDocuments([document("a.md", "one"), document("c.md", "one")], to: folder)
    try FileManager.default.createDirectory(
      atPath: folder + "/" + obstacle + "/full", withIntermediateDirectories: true)
    #expect(throws: DeliveryFailure.self) {
      try writeDocuments(["a.md", "b.md", "c.md"].map { document($0, "two") }, to: folder)
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.md", obstacle, "c.md"])
    for name in ["a.md", "c.md"] {
      #expect(try String(contentsOfFile: folder + "/" + name, encoding: .utf8) == "one")
    }
  }
}

@Test func aReaderOfTheOldFileKeepsItWhole() throws {
  try inTemporaryFolder { folder in
    try writeDocuments([document("a.md", "the old text")], to: folder)
    let reader = try #require(FileHandle(forReadingAtPath: folder + "/a.md"))
    try writeDocuments([document("a.md", "new")], to: folder)
    #expect(try reader.readToEnd() == Data("the old text".utf8))
  }
}

@Test func aFolderThatIsAFileIsAFailureWithItsPath() throws {
  try inTemporaryFolder { folder in
    try writeDocuments([document("a.md", "one")], to: folder)
    #expect(throws: DeliveryFailure(path: folder + "/a.md", action: "create the folder", code: EEXIST)) {
      try writeDocuments([document("b.md", "two")], to: folder + "/a.md")
    }
  }
}

@Test func aFileThatCannotBeReplacedLeavesNoTemporaryFile() throws {
  try inTemporaryFolder { folder in
    try FileManager.default.createDirectory(atPath: folder + "/a.md/full", withIntermediateDirectories: true)
    #expect(throws: DeliveryFailure.self) { try writeDocuments([document("a.md", "one")], to: folder) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.md"])
  }
}

@Test func nothingToWriteMakesNoFolder() throws {
  try inTemporaryFolder { folder in
    try writeDocuments([], to: folder)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
