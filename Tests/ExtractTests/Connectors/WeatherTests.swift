import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// What comes between an API and this machine on any page: tried again where that helps, named where it does not.
@Suite(.serialized) struct WeatherTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private static let faults: [(name: String, step: [String: any Sendable])] = [
    ("html", ["fault": "html"]), ("reset", ["fault": "reset"]), ("short", ["fault": "short"]),
    ("429", ["fault": "status", "code": 429, "headers": ["Retry-After": "7"]]),
    ("500", ["fault": "status", "code": 500]), ("503", ["fault": "status", "code": 503]),
  ]

  private func play(_ fault: [String: any Sendable], at requests: [Any]) throws {
    let steps = requests.map { at in (fault as [String: Any]).merging(["at": at]) { $1 } }
    try shop.server.play(["lists": ["books": ["records": book(10), "style": "token", "steps": steps]]])
  }

  private let asked = stream(request(style("token"), hasMore: true))

  @Test(arguments: faults.map(\.name))
  func aPageThatFailsForAWhileIsAskedForAgain(name: String) throws {
    let fault = try #require(Self.faults.first { $0.name == name })
    try play(fault.step, at: [2, 3])
    let found = shop.read(asked)
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 10)
    #expect(found.fetching?.repeats == 2)
    if name == "429" { #expect(shop.fetcher.waits.reduce(0, +) >= 14_000) }
  }

  @Test(arguments: faults.map(\.name))
  func aPageThatFailsForGoodEndsTheReadWithoutARecord(name: String) throws {
    let fault = try #require(Self.faults.first { $0.name == name })
    try play(fault.step, at: [2, 3, 4, 5])
    let found = shop.read(asked)
    #expect(found.files == [] && found.streamRead == nil)
    #expect(found.problem.contains("cannot be fetched: ") && found.problem.contains("(4 tries"), "\(found)")
    #expect(
      ["source-not-an-export", "source-not-whole", "source-unreachable", "source-refused"].contains(
        found.names[0]))
    #expect(found.names.count == 1)
  }

  @Test func anotherKindOfContentIsRefusedAtOnce() throws {
    try play(["fault": "body", "body": "{}", "type": "image/png"], at: [2])
    let found = shop.read(asked)
    #expect(found.names == ["source-not-an-export"])
    #expect(found.problem.contains("`image/png` came where JSON was expected"), "\(found.problem)")
    #expect(found.problem.contains("(1 try)"))
  }

  @Test func aPageThatStallsIsGivenUp() throws {
    shop.fetcher.access.policy.attempts = 1
    shop.fetcher.access.policy.stall = 1000
    try play(["fault": "stall"], at: [2])
    let found = shop.read(asked)
    #expect(found.names == ["source-unreachable"])
    #expect(found.problem.contains("stalled after"), "\(found.problem)")
  }

  @Test func aPageWithoutEndEndsAtItsBound() throws {
    shop.fetcher.access.policy.maximumSize = 1_000_000
    try play(["fault": "endless"], at: [2])
    let found = shop.read(asked)
    #expect(found.names == ["source-too-large"])
    #expect(found.problem.contains("more than 1000000 bytes were sent"), "\(found.problem)")
  }

  @Test func aPackedPageIsUnpackedWithinItsBound() throws {
    // Ten million zeros, packed.
    shop.fetcher.access.policy.maximumSize = 1_000_000
    try play(["fault": "bomb"], at: [1])
    let found = shop.read(asked)
    #expect(found.names == ["source-too-large"])
    #expect(found.problem.contains("inflates to more than 1000000 bytes"), "\(found.problem)")
    shop.fetcher.access.policy.maximumSize = 1_000_000_000
    try play(["fault": "packed"], at: [1])
    #expect(try shop.ids(shop.read(asked)) == ["packed"])
  }

  @Test func theRateHoldsForPages() throws {
    shop.fetcher.takesTime = true
    shop.fetcher.access.policy.rate = 5
    try play(["fault": "page"], at: [1])
    #expect(try shop.ids(shop.read(asked)).count == 10)
    let times = try shop.server.apiRequests().map(\.time)
    #expect(times.count == 4)
    // Three times 200 ms; a machine that has much to do notes them late.
    #expect((times.last ?? 0) - (times.first ?? 0) > 0.4)
  }
}
