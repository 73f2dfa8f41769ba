import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// How long is waited between tries, and what the server has to say in it.
@Suite(.serialized) struct PatienceTests {
  let server: FaultServer
  init() throws { server = try FaultServer(serving: export) }

  @Test func waitsDoubleUpToTheirBoundAndAreDrawnFromNothing() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.attempts = 8
    fetcher.access.policy.longestWait = 10_000
    _ = fetcher.fetch(server.url("fault=status&code=503"))
    #expect(fetcher.waits == [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
    let other = Fetcher()
    other.chance = 0
    _ = other.fetch(server.url("fault=status&code=503&again=1"))
    #expect(other.waits.allSatisfy { $0 <= 1 })
  }

  @Test(arguments: [
    "retry_after=7", "retry_date=7", "retry_date=7&skew=86400", "retry_date=7&skew=-86400", "reset=7",
    "reset=7&skew=90000",
  ])
  func theServersOwnDelayIsKeptWhateverItsClockSays(header: String) throws {
    let fetcher = Fetcher()
    fetcher.chance = 0
    let found = fetcher.fetch(server.url("fault=status&code=429&times=1&\(header)"))
    #expect(found.findings == [])
    // The date has whole seconds: between writing the two of them one may pass.
    #expect(fetcher.waits.count == 1 && (6000...8000).contains(fetcher.waits[0]), "\(fetcher.waits)")
  }

  @Test func aDelayBeyondTheBoundIsNotWaitedFor() throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=status&code=429&retry_after=7200"))
    #expect(fetcher.waits == [])
    #expect(
      found.problem.contains("the server asks to wait 2 h, and `retry: {within: 15 min}` leaves less"),
      "\(found.problem)")
    #expect(try server.requests().count == 1)
  }

  @Test func allTimeTogetherIsBounded() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.attempts = 100
    fetcher.access.policy.within = 60_000
    let found = fetcher.fetch(server.url("fault=status&code=503"))
    #expect(fetcher.waits.reduce(0, +) <= 60_000)
    #expect(found.problem.contains("leaves no time for another try"), "\(found.problem)")
  }

  @Test func theDeclaredRateHoldsOverAllStreams() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.rate = 5
    fetcher.access.policy.streams = 8
    let urls = (0..<12).map { server.url("file=\($0)") }
    let found = fetcher.finder().files(of: fetcher.source(urls))
    #expect(found.files.count == 12)
    #expect(fetcher.waits.reduce(0, +) >= 11 * 200)
    #expect(fetcher.waits.reduce(0, +) <= 12 * 200)
  }

  @Test func severalFilesAreFetchedAtOnce() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.streams = 8
    // None of them is answered before all have been asked for.
    let urls = (0..<8).map { server.url("fault=together&all=8&file=\($0)") }
    let found = fetcher.finder().files(of: fetcher.source(urls))
    #expect(found.files.count == 8, "\(found.problem)")
  }

  @Test func onceOneFileIsGivenUpTheRestIsNotBegun() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.streams = 1
    let urls = [server.url("fault=status&code=403")] + (0..<5).map { server.url("file=\($0)") }
    let found = fetcher.finder().files(of: fetcher.source(urls))
    #expect(found.names == ["source-refused"])
    #expect(try server.requests().count == 1)
  }
}
