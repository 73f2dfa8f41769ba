import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// What is kept of what was fetched.
@Suite(.serialized) struct LandingTests {
  let server: FaultServer
  let fetcher = Fetcher()
  init() throws { server = try FaultServer(serving: export) }

  @Test func whatHasNotChangedIsNotSentAgain() throws {
    _ = fetcher.fetch(server.url())
    let again = fetcher.fetch(server.url())
    #expect(again.findings == [])
    #expect(again.fetching?.files == 1 && again.fetching?.unchanged == 1 && again.fetching?.bytes == 0)
    #expect(fetcher.texts(again).values.first == export)
    #expect(try server.requests().map { $0.headers["if-none-match"] != nil } == [false, true])
    try server.write(export + "5000,z,2024-01-01,,1\n")
    let changed = fetcher.fetch(server.url())
    #expect(changed.fetching?.unchanged == 0)
    #expect(fetcher.texts(changed).values.first?.hasSuffix("5000,z,2024-01-01,,1\n") == true)
  }

  @Test func aLandedFileThatWasDamagedIsFetchedAnew() throws {
    let file = try #require(fetcher.fetch(server.url()).files.first)
    #expect(file.damage(digest: file.digest ?? "") == nil)
    try "something else".write(toFile: file.path, atomically: false, encoding: .utf8)
    #expect(file.damage(digest: "another")?.name == "landed-file-damaged")
    let again = fetcher.fetch(server.url())
    #expect(again.fetching?.unchanged == 0)
    #expect(fetcher.texts(again).values.first == export)
  }

  @Test func offlineTheLastReadIsReadAgain() throws {
    let first = fetcher.fetch(server.url("file=1"), server.url("file=2"))
    server.stop()
    let again = fetcher.fetch(server.url("file=1"), server.url("file=2"), isOffline: true)
    #expect(again.findings == [])
    #expect(again.files == first.files)
    #expect(fetcher.texts(again).values.allSatisfy { $0 == export })
    let other = fetcher.fetch(server.url("file=3"), isOffline: true)
    #expect(other.names == ["nothing-landed"])
    #expect(other.problem.contains("not from its `files` of today"), "\(other.problem)")
  }

  @Test func equalFilesLieOnce() throws {
    let found = fetcher.fetch(server.url("file=1"), server.url("file=2"))
    #expect(found.files.count == 2)
    #expect(fetcher.blobs().count == 1)
  }

  @Test func oldReadsGoAndWhatAnyKeptReadNamesStays() throws {
    var texts: [String] = []
    for number in 0..<5 {
      texts.append("id\n\(number)\n")
      try server.write(texts[number])
      _ = fetcher.fetch(server.url())
    }
    #expect(fetcher.blobs().count == 5)
    fetcher.landing.clearUp(keeping: 2, of: ["billing"])
    #expect(fetcher.blobs().count == 2)
    #expect(fetcher.texts(fetcher.fetch(server.url(), isOffline: true)).values.first == texts[4])
    fetcher.landing.clearUp(keeping: 2, of: ["another"])
    #expect(fetcher.blobs().isEmpty)
    #expect(fetcher.fetch(server.url(), isOffline: true).names == ["nothing-landed"])
  }

  @Test func nothingIsClearedUpWhileAnotherRunUsesTheFolder() throws {
    let other = Fetcher()
    let landing = fetcher.landing
    _ = fetcher.finder(in: landing).files(of: fetcher.source([server.url()]))
    try "junk".write(toFile: fetcher.scratch.path + "/landing/parts/1-1", atomically: true, encoding: .utf8)
    fetcher.landing.clearUp(keeping: 1, of: [])
    #expect(fetcher.blobs().count == 1)
    withExtendedLifetime((landing, other)) {}
  }

  @Test func aCopyOfTheLockInAProgramThatIsBeingStartedKeepsNobodyOut() throws {
    var landing: Landing? = fetcher.landing
    #expect(landing?.obstacle() == nil)
    let lock = URL(fileURLWithPath: fetcher.scratch.path + "/landing/lock").resolvingSymlinksInPath().path
    let descriptor = try #require(
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == lock
      }.flatMap { Int32($0) })
    let copy = dup(descriptor)
    defer { close(copy) }
    landing = nil
    try "junk".write(toFile: fetcher.scratch.path + "/landing/parts/1-1", atomically: true, encoding: .utf8)
    fetcher.landing.clearUp(keeping: 1, of: [])
    #expect(!FileManager.default.fileExists(atPath: fetcher.scratch.path + "/landing/parts/1-1"))
  }

  @Test func aFailedFetchLeavesTheEarlierReadAlone() throws {
    _ = fetcher.fetch(server.url("file=1"))
    #expect(
      fetcher.fetch(server.url("file=1"), server.url("fault=status&code=403")).names == ["source-refused"])
    #expect(fetcher.texts(fetcher.fetch(server.url("file=1"), isOffline: true)).values.first == export)
  }

  @Test func theFolderIsItsOwnersAlone() throws {
    _ = fetcher.fetch(server.url())
    let mode = try FileManager.default.attributesOfItem(atPath: fetcher.scratch.path + "/landing")[
      .posixPermissions]
    #expect(mode as? Int == 0o700)
  }

  @Test func aFolderThatCannotBeMadeIsSaid() throws {
    let landing = Landing(folder: "/proc/none/landing")
    let found = fetcher.finder(in: landing).files(of: fetcher.source([server.url()]))
    #expect(found.names == ["landing-not-writable"])
    #expect(landing.obstacle() != nil)
  }
}
