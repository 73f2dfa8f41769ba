import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Notices name records, and the records are asked for as they are now.
@Suite(.serialized) struct NoticeTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private static let now = 1_700_000_000

  private let asked: ConnectorStream = {
    var events = request(style("last_id"), hasMore: true)
    events.path = "/api/events"
    events.parameters = [.init("since", "{since}")]
    var one = StreamRequest(path: "/api/books/{id}")
    one.parameters = [.init("expand", "all")]
    return stream(
      request(style("token"), hasMore: true),
      changes: StreamChanges(
        request: events, field: FieldPath(names: ["updated"]), format: .epochSeconds, overlap: 10_000,
        notices: .init(key: FieldPath(names: ["id"]), record: FieldPath(names: ["data", "id"]), request: one))
    )
  }()

  private func event(_ number: Int, _ record: Any) -> [String: Any] {
    ["id": "e\(number + 10)", "updated": Self.now + number, "data": ["id": record]]
  }

  private func play(
    _ records: [[String: Any]], _ events: [[String: Any]], _ more: [String: Any] = [:], now: Int = now
  ) throws {
    let books = ["records": records, "style": "token"].merging(more) { $1 }
    try shop.server.play([
      "now": now, "lists": ["books": books, "events": ["records": events, "style": "last_id"]],
    ])
    shop.server.forgetAPIRequests()
  }

  private func cursor() throws -> StreamCursor {
    try play(book(10), [])
    return try #require(shop.read(asked).streamRead).cursor
  }

  @Test func eachNamedRecordIsAskedForOnceAndDeletedOnesAreListed() throws {
    let cursor = try cursor()
    #expect(cursor.reached == Moment(instant: Int64(Self.now)))
    let records = book(8) + [["id": "new/é", "updated": 900]]
    let events = [
      event(1, "r01"), event(2, "r09"), event(3, "r01"), event(4, "new/é"), event(5, NSNull()),
    ]
    try play(records, events, now: Self.now + 60)
    let found = shop.read(asked, since: cursor)
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found) == ["new/é", "r01"])
    #expect(found.deletedKeys == ["r09"])
    let read = try #require(found.streamRead)
    #expect(read.extent == .changes && read.deleted == 1 && read.records == 3 && read.received == 3)
    #expect(read.cursor.reached == Moment(instant: Int64(Self.now + 5)))
    let requests = try shop.server.apiRequests().filter { $0.path.hasPrefix("/api/books/") }
    #expect(Set(requests.map(\.path)) == ["/api/books/r01", "/api/books/r09", "/api/books/new%2F%C3%A9"])
    #expect(requests.count == 3 && requests.allSatisfy { $0.query == "expand=all" })
  }

  @Test func aFieldOfTheRecordMaySayThatItIsDeleted() throws {
    let cursor = try cursor()
    try play(book(10), [event(1, "r04"), event(2, "r05")])
    var asked = asked
    asked.deleted = .init(field: FieldPath(names: ["gone"]), values: ["true"])
    var here = cursor
    here.stream = try #require(shop.read(asked).streamRead).cursor.stream
    let found = shop.read(asked, since: here)
    #expect(try shop.ids(found) == ["r05"])
    #expect(found.deletedKeys == ["r04"])
  }

  @Test func severalAreAskedForAtOnce() throws {
    let cursor = try cursor()
    try play(book(100), (0..<100).map { event($0, book(100)[$0]["id"] as Any) })
    let found = shop.read(asked, since: cursor)
    #expect(try shop.records(found).count == 100)
  }

  @Test func aProxysPageIsNoSignOfDeletion() throws {
    let cursor = try cursor()
    try play([], [event(1, "r01")], ["html404": true])
    let found = shop.read(asked, since: cursor)
    #expect(found.names == ["source-not-an-export"])
    #expect(found.problem.contains("an HTML page came with status 404"), "\(found.problem)")
  }

  @Test func aPathThatDoesNotKnowARecordOfTheListDeletesNothing() throws {
    let cursor = try cursor()
    var wrong = asked
    wrong.changes?.notices?.request.path = "/api/books/old-{id}"
    var here = cursor
    here.stream = try #require(shop.read(wrong).streamRead).cursor.stream
    // The list has others, or those alone that the notices name.
    for (count, named) in [(10, ["r01"]), (10, ["r00", "r01"]), (1, ["r00"])] {
      try play(book(count), named.enumerated().map { event($0, $1) })
      let found = shop.read(wrong, since: here)
      #expect(found.names == ["noticed-records-gone"], "\(found.problem)")
      #expect(found.problem.contains("which its list has now"), "\(found.problem)")
      #expect(found.deletedKeys == [] && found.streamRead == nil)
    }
  }

  @Test func recordsThatAreAllGoneAreDeletedWhereThePathIsProven() throws {
    let cursor = try cursor()
    for count in [0, 3] {
      try play(book(count), (10..<40).map { event($0, "r\($0)") })
      let found = shop.read(asked, since: cursor)
      #expect(found.findings == [], "\(found.problem)")
      #expect(found.deletedKeys.count == 30)
      #expect(found.streamRead?.received == 30 && found.streamRead?.records == 30)
    }
    #expect(try shop.server.apiRequests().filter { $0.path == "/api/books/r00" }.count == 1)
  }

  @Test func aRecordThatIsThereProvesThePathByItself() throws {
    let cursor = try cursor()
    try play(book(3), [event(1, "r01"), event(2, "r09")])
    #expect(shop.read(asked, since: cursor).deletedKeys == ["r09"])
    #expect(try shop.server.apiRequests().allSatisfy { $0.path != "/api/books" })
  }

  @Test func aSampleAsksForARecordByTheNoticesPath() throws {
    try play(book(3), [])
    let right = shop.fetcher.finder().sample(of: shop.source(asked))
    #expect(right.findings == [] && right.records == 3)
    var wrong = asked
    wrong.changes?.notices?.request.path = "/api/books/old-{id}"
    let sample = shop.fetcher.finder().sample(of: shop.source(wrong))
    #expect(sample.findings.map(\.name) == ["noticed-records-gone"])
    #expect(sample.findings.first?.severity == .error)
    #expect(sample.records == 3 && sample.file != nil && sample.isAnswered)
    try play([], [])
    #expect(shop.fetcher.finder().sample(of: shop.source(wrong)).findings == [])
  }

  @Test func noticesThatSayTooLittleAreFaults() throws {
    let cursor = try cursor()
    for (event, words) in [
      (["id": "e1", "updated": Self.now], "that names no record in `data.id`"),
      (["id": "e1", "updated": Self.now, "data": ["id": ["a": 1]]], "whose `data.id` is no id"),
    ] as [([String: Any], String)] {
      try play(book(1), [event])
      let found = shop.read(asked, since: cursor)
      #expect(found.names == ["page-not-understood"])
      #expect(found.problem.contains(words), "\(found.problem)")
    }
  }

  @Test func anotherRecordThanTheOneThatWasAskedForIsAFault() throws {
    let cursor = try cursor()
    try play(book(3), [event(1, "r01")])
    var asked = asked
    asked.changes?.notices?.request.path = "/api/books/r02"
    var here = cursor
    here.stream = try #require(shop.read(asked).streamRead).cursor.stream
    let found = shop.read(asked, since: here)
    #expect(found.names == ["page-not-understood"])
    #expect(found.problem.contains("another record than the one that was asked for"), "\(found.problem)")
  }

  @Test func theServersOldestNoticesDecideWhenEverythingIsRead() throws {
    var asked = asked
    asked.changes?.memory = 30 * 86_400_000
    var cursor = try cursor()
    cursor.read = Moment(instant: Int64(Self.now) - 31 * 86_400)
    try play(book(10), [])
    let found = shop.read(asked, since: cursor)
    #expect(found.streamRead?.extent == .whole)
    #expect(try shop.ids(found).count == 10)
  }
}
