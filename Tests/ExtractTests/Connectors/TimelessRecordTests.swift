import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Records that no question for changes gives are asked for in every read, and missed when they have gone.
@Suite(.serialized) struct TimelessRecordTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private static let now = 1_700_000_000

  private func play(_ records: [[String: Any]], _ steps: [[String: Any]] = []) throws {
    try shop.server.play([
      "now": Self.now,
      "lists": ["books": ["records": records, "style": "token", "sort": "updated", "steps": steps]],
    ])
    shop.server.forgetAPIRequests()
  }

  private func asked(asksForGone: Bool) -> ConnectorStream {
    let paged = request(style("token"), hasMore: true)
    var changes = paged
    changes.parameters = [.init("since", "{since}")]
    var without = paged
    without.parameters = [.init("without", "updated")]
    var asked = stream(
      paged,
      changes: StreamChanges(
        request: changes, field: FieldPath(names: ["updated"]), format: .epochSeconds, overlap: 0,
        withoutTime: without, gone: asksForGone ? StreamRequest(path: "/api/books/{id}") : nil))
    asked.deleted = .init(field: FieldPath(names: ["gone"]), values: ["true"])
    return asked
  }

  private func timeless(_ id: String) -> [String: Any] { ["id": id, "updated": NSNull()] }

  private func cursor(_ asked: ConnectorStream, _ records: [[String: Any]]) throws -> StreamCursor {
    try play(records)
    let found = shop.read(asked)
    #expect(found.findings == [], "\(found.problem)")
    let cursor = try #require(found.streamRead).cursor
    try play(records)
    return cursor
  }

  @Test func aCursorKnowsThemFromTheFirstReadOn() throws {
    let asked = asked(asksForGone: true)
    let cursor = try cursor(asked, book(3) + [timeless("t1"), timeless("t0")])
    #expect(cursor.withoutTime == ["t0", "t1"])
    let found = shop.read(asked, since: cursor)
    #expect(try shop.ids(found) == ["r02", "t0", "t1"])
    #expect(found.streamRead?.cursor.withoutTime == ["t0", "t1"] && found.streamRead?.withoutTime == 2)
    let again = shop.read(asked, since: cursor, isOffline: true)
    #expect(again.streamRead == found.streamRead)
  }

  @Test func oneThatWasDeletedIsAskedFor() throws {
    let asked = asked(asksForGone: true)
    let cursor = try cursor(asked, book(3) + [timeless("t0"), timeless("t1"), timeless("t2")])
    try play(book(3) + [timeless("t0")])
    let found = shop.read(asked, since: cursor)
    #expect(found.findings == [], "\(found.problem)")
    #expect(found.streamRead?.extent == .changes)
    #expect(try shop.ids(found) == ["r02", "t0"])
    #expect(found.deletedKeys == ["t1", "t2"])
    #expect(found.streamRead?.cursor.withoutTime == ["t0"])
    let asks = try shop.server.apiRequests().map(\.path)
    #expect(asks.filter { $0 == "/api/books/t1" }.count == 1)
  }

  @Test func oneThatWasGivenAnEarlierTimeIsAskedFor() throws {
    let asked = asked(asksForGone: true)
    let cursor = try cursor(asked, book(3) + [timeless("t0"), timeless("t1")])
    try play(book(3) + [timeless("t1"), ["id": "t0", "updated": 7]])
    let found = shop.read(asked, since: cursor)
    #expect(try shop.records(found)["t0"]?["updated"] as? Int == 7)
    #expect(found.deletedKeys == [] && found.streamRead?.cursor.withoutTime == ["t1"])
    #expect(found.streamRead?.cursor.reached == cursor.reached)
  }

  @Test(arguments: [true, false]) func oneThatComesAmongTheChangesIsNotAskedFor(asksForGone: Bool) throws {
    let asked = asked(asksForGone: asksForGone)
    let cursor = try cursor(asked, book(3) + [timeless("t0")])
    try play(book(3) + [["id": "t0", "updated": 300]])
    let found = shop.read(asked, since: cursor)
    #expect(found.streamRead?.extent == .changes)
    #expect(try shop.ids(found) == ["r02", "t0"])
    #expect(try shop.server.apiRequests().count == 2)
    #expect(found.streamRead?.cursor.withoutTime == [])
  }

  @Test func whereNothingSaysHowToAskForItEverythingIsRead() throws {
    let asked = asked(asksForGone: false)
    let cursor = try cursor(asked, book(3) + [timeless("t0"), timeless("t1")])
    try play(book(3) + [timeless("t1")])
    let found = shop.read(asked, since: cursor)
    #expect(found.streamRead?.extent == .whole)
    #expect(found.streamRead?.reason == "a record that had no time of change is in no answer any more")
    #expect(try shop.ids(found) == ["r00", "r01", "r02", "t1"])
    try play(book(3))
    let all = shop.read(asked, since: cursor)
    #expect(all.streamRead?.reason == "2 records that had no time of change are in no answer any more")
  }

  @Test func aWrongPathDeletesNoneOfThem() throws {
    var asked = asked(asksForGone: true)
    let cursor = try cursor(asked, book(3) + [timeless("t0")])
    asked.changes?.gone?.path = "/api/books/x-{id}"
    try play(book(3))
    #expect(shop.read(asked, since: cursor).names == ["noticed-records-gone"])
  }

  @Test func changesTellOfRecordsWithoutATimeToo() throws {
    var asked = asked(asksForGone: false)
    asked.changes?.withoutTime = nil
    let cursor = try cursor(asked, book(10))
    let page = #"{"data": [{"id": "a", "updated": null}, {"id": "b", "updated": 500}], "has_more": false}"#
    try play(book(10), [["at": 1, "fault": "body", "body": page]])
    let found = shop.read(asked, since: cursor)
    #expect(found.streamRead?.extent == .changes)
    #expect(found.names == ["no-change-time"])
    #expect(
      found.problem.hasPrefix("1 of 2 records of stream `books` have nothing in `updated`"),
      "\(found.problem)")
    asked.changes?.fullEvery = 86_400_000
    try play(book(10), [["at": 1, "fault": "body", "body": page]])
    #expect(shop.read(asked, since: cursor).findings == [])
  }

  // MARK: The law

  /// Whatever becomes of records without a time, in the end the reader has what the server has.
  @Test(arguments: [true, false]) func aChainOfChangesHasWhatAWholeReadHas(asksForGone: Bool) throws {
    let seed: UInt64 = 20_240_229
    var random = SeededGenerator(seed: seed)
    let asked = asked(asksForGone: asksForGone)
    func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    for trial in 0..<12 {
      var server: [String: [String: Any]] = [:]
      var reader: [String: String] = [:]
      var cursor: StreamCursor?
      var (clock, extents) = (1000, [StreamRead.Extent]())
      for night in 0..<6 {
        for _ in 0..<(night == 0 ? 15 : draw(6)) {
          clock += draw(3)
          let id = "r\(draw(20))"
          let version = "\(draw(1_000_000))"
          let isWatched = cursor?.withoutTime.contains(id) == true
          let isTimed = server[id]?["updated"] is Int
          var record: [String: Any] = ["id": id, "updated": clock, "version": version, "gone": draw(6) == 0]
          switch draw(5) {
          // Only what was read without a time goes without a word, or gets an old one: nobody could know of a new record with one, nor that one is gone
          // which had a time.
          case 0 where server[id] != nil && !isTimed && (isWatched || reader[id] == nil):
            server[id] = nil
            continue
          case 1 where !isTimed && isWatched: record["updated"] = draw(900)
          case 2, 3: record["updated"] = NSNull()
          default: break
          }
          server[id] = record
        }
        try play(Array(server.values))
        let found = shop.read(asked, since: cursor)
        #expect(found.findings == [], "seed \(seed), \(trial): \(found.problem)")
        let read = try #require(found.streamRead)
        extents.append(read.extent)
        if read.extent == .whole { reader = [:] }
        for (id, record) in try shop.records(found) { reader[id] = record["version"] as? String }
        for id in found.deletedKeys { reader[id] = nil }
        cursor = read.cursor
        let truth = server.filter { $0.value["gone"] as? Bool == false }
          .compactMapValues { $0["version"] as? String }
        #expect(reader == truth, "seed \(seed), trial \(trial), night \(night)")
        clock += 1
      }
      if asksForGone { #expect(extents == [.whole] + Array(repeating: .changes, count: 5), "seed \(seed)") }
    }
  }
}
