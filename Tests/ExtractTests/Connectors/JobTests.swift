import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Queries that an API carries out by itself.
@Suite(.serialized) struct JobTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private let asked: ConnectorStream = {
    var asking = StreamRequest(
      path: "/api/jobs/books/{id}/results", format: .csv,
      page: .headerToken(header: "x-next", parameter: "cursor"), size: ("limit", 3))
    asking.job = .init(
      path: "/api/jobs/books", body: #"{"query": "select \"Id\" where updated >= {since}"}"#,
      id: FieldPath(names: ["id"]), state: FieldPath(names: ["state"]), done: ["JobComplete"],
      failed: ["Failed", "Aborted"], message: FieldPath(names: ["errorMessage"]), interval: 5000,
      within: 60_000)
    asking.count = .jobField(FieldPath(names: ["numberRecordsProcessed"]))
    return stream(asking)
  }()

  private func play(_ more: [String: Any] = [:]) throws {
    let list = [
      "records": book(10), "style": "header_token", "shape": "csv", "columns": ["id", "amount"],
    ].merging(more) { $1 }
    try shop.server.play(["lists": ["books": list]])
    shop.server.forgetAPIRequests()
  }

  @Test func aJobIsMadeAndWaitedForAndItsPagesRead() throws {
    try play()
    let found = shop.read(asked)
    #expect(found.findings == [], "\(found.problem)")
    #expect(shop.lines(found).count == 11)
    #expect(found.streamRead?.proof == .counted && found.streamRead?.pages == 4)
    #expect(shop.fetcher.waits.filter { $0 == 5000 }.count == 2)
    let requests = try shop.server.apiRequests()
    #expect(requests.map(\.method) == ["POST"] + [String](repeating: "GET", count: 7))
    #expect(requests[4].path == "/api/jobs/books/job%201/results")
    #expect(requests[4].headers["accept"] == "text/csv")
  }

  @Test func theAPIMayAskToWaitLonger() throws {
    try play(["retry_after": true])
    #expect(shop.read(asked).findings == [])
    #expect(shop.fetcher.waits.filter { $0 == 7000 }.count == 2)
  }

  @Test func changesAreAskedForInTheJob() throws {
    try play()
    var asked = asked
    asked.changes = StreamChanges(
      request: asked.all, field: FieldPath(names: ["updated"]), format: .epochSeconds, overlap: 0)
    try play(["columns": ["id", "updated"]])
    let cursor = try #require(shop.read(asked).streamRead).cursor
    #expect(cursor.reached == Moment(instant: 109))
    #expect(shop.read(asked, since: cursor).streamRead?.since == Moment(instant: 109))
    #expect(
      try shop.server.apiRequests().last { $0.method == "POST" }?.body
        == #"{"query": "select \"Id\" where updated >= 109"}"#)
  }

  @Test func aJobThatFailsIsNamedWithWhatItSays() throws {
    try play(["ends": "Failed"])
    let found = shop.read(asked)
    #expect(found.names == ["job-failed"])
    #expect(found.problem.contains("ended as `Failed`: no such field: Foo"), "\(found.problem)")
    #expect(found.files == [])
  }

  @Test func aJobThatNeverEndsIsGivenUp() throws {
    try play(["polls": 1_000_000])
    let found = shop.read(asked)
    #expect(found.names == ["job-failed"])
    #expect(
      found.problem.contains("is still `InProgress` after 1 min, and may take 1 min"), "\(found.problem)")
    #expect(try shop.server.apiRequests().count == 14)
  }

  @Test(arguments: [-1, 1])
  func resultsThatAreNotAsManyAsTheJobSaysAreNamed(miscounted: Int) throws {
    try play(["miscounted": miscounted])
    let found = shop.read(asked)
    #expect(found.names == ["count-differs"])
    #expect(try shop.server.apiRequests().filter { $0.method == "POST" }.count == 4)
  }
}
