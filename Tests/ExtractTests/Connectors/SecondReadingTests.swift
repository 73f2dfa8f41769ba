import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Pages by number or offset are read until two readings in a row are the same: a row that went moves others past the reader.
@Suite(.serialized) struct SecondReadingTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private func play(_ list: [String: Any], _ steps: [[String: Any]] = []) throws {
    try shop.server.play(["lists": ["books": list.merging(["steps": steps]) { $1 }]])
    shop.server.forgetAPIRequests()
  }

  private func list(_ style: String, _ count: Int = 10, total: String = "none") -> [String: Any] {
    ["records": book(count), "style": style, "total": total]
  }

  private func counted(_ name: String) -> ConnectorStream {
    var asking = request(style(name))
    asking.count = .field(FieldPath(names: ["total"]))
    return stream(asking)
  }

  /// `r00` goes and `z` comes between two pages: `r03` is passed over, and as many came as before.
  private let exchange: [String: Any] = ["remove": ["r00"], "put": [["id": "z", "updated": 300]]]
  private let after = book(10).dropFirst().compactMap { $0["id"] as? String } + ["z"]

  @Test(arguments: ["number", "offset"], ["none", "field"])
  func aRowThatIsPassedOverUnseenIsReadBySecondReading(name: String, total: String) throws {
    try play(list(name, total: total), [exchange.merging(["at": 2]) { $1 }])
    let found = shop.read(total == "none" ? stream(request(style(name))) : counted(name))
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found) == after)
    #expect(found.streamRead?.received == 10 && found.streamRead?.records == 10)
    // Two readings that differ, and one like the second.
    #expect(try shop.server.apiRequests().count == 3 * (total == "none" ? 5 : 4))
  }

  @Test(
    arguments: ["token", "header_token", "next_url", "link"], ["offset", "page", "tagged", "sealed"])
  func aCursorThatIsAPositionProtectsNoMoreThanOne(name: String, position: String) throws {
    try play(
      list(name).merging(["position": position]) { $1 }, [exchange.merging(["at": 2]) { $1 }])
    let found = shop.read(stream(request(style(name))))
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found) == after)
    #expect(try shop.server.apiRequests().count == 12)
  }

  @Test(arguments: ["token", "header_token", "next_url", "link", "last_id"])
  func aCursorThatIsNoneIsReadOnce(name: String) throws {
    try play(list(name), [exchange.merging(["at": 2]) { $1 }])
    let found = shop.read(stream(request(style(name), hasMore: name == "last_id")))
    // The row that went was there when it was read, and is of no other page.
    #expect(try shop.ids(found) == ["r00"] + after)
    #expect(try shop.server.apiRequests().count == 4)
  }

  @Test(arguments: ["number", "offset"])
  func whatLandsIsTheLastReading(name: String) throws {
    let changed: [String: Any] = ["id": "r00", "updated": 100, "amount": "changed"]
    try play(list(name), [["at": 5, "put": [changed]]])
    let found = shop.read(stream(request(style(name))))
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.records(found)["r00"]?["amount"] as? String == "changed")
    #expect(try shop.server.apiRequests().count == 15)
    #expect(found.streamRead?.pages == 5)
  }

  @Test(arguments: ["number", "offset"])
  func readingsThatAlwaysDifferAreNamed(name: String) throws {
    try play(
      list(name),
      (0..<4).map { ["at": 5 * $0 + 2, "remove": ["r0\($0)"], "put": [["id": "z\($0)", "updated": 1]]] })
    let found = shop.read(stream(request(style(name))))
    #expect(found.names == ["readings-differ"])
    #expect(
      found.problem
        == "stream `books` was read 4 times, and no two readings in a row had the same records: the last two had 9"
        || found.problem
          == "stream `books` was read 4 times, and no two readings in a row had the same records: the last two had 10",
      "\(found.problem)")
    #expect(found.files == [] && found.streamRead == nil)
    #expect(try shop.server.apiRequests().count == 20)
    #expect(shop.read(stream(request(style(name))), isOffline: true).names == ["nothing-landed"])
  }

  @Test func aRecordThatIsAnotherInEachReplyIsToldByItsVersion() throws {
    try play(list("offset"), [["at": "always", "fault": "page", "fresh": true]])
    var asked = stream(request(style("offset")))
    #expect(shop.read(asked).names == ["readings-differ"])
    asked.version = FieldPath(names: ["updated"])
    try play(list("offset"), [["at": "always", "fault": "page", "fresh": true]])
    #expect(try shop.ids(shop.read(asked)).count == 10)
    #expect(try shop.server.apiRequests().count == 10)
  }

  @Test(arguments: ["number", "offset"])
  func onePageThatIsTheWholeListIsReadOnce(name: String) throws {
    try play(list(name, 0))
    #expect(try shop.ids(shop.read(stream(request(style(name))))).isEmpty)
    #expect(try shop.server.apiRequests().count == 1)
    try play(list(name, 3, total: "field"))
    #expect(try shop.ids(shop.read(counted(name))).count == 3)
    #expect(try shop.server.apiRequests().count == 1)
    try play(list(name, 3))
    #expect(try shop.ids(shop.read(stream(request(style(name), hasMore: true)))).count == 3)
    #expect(try shop.server.apiRequests().count == 1)
  }

  /// A page of fewer than were asked for may be so because the API caps pages.
  @Test(arguments: ["number", "offset"])
  func aShortPageInFrontOfAnEmptyOneIsNoProof(name: String) throws {
    try play(list(name, 4).merging(["cap": 3]) { $1 }, [["at": 2, "remove": ["r00"]]])
    let found = shop.read(stream(request(style(name), size: 5)))
    #expect(try shop.ids(found) == ["r01", "r02", "r03"])
  }

  /// Records that come and go for good while pages are read take none of those along that are there all the time.
  @Test func whatIsThereAllTheTimeIsAlwaysRead() throws {
    let seed: UInt64 = 20_240_229
    var random = SeededGenerator(seed: seed)
    let styles = pageStyles.map(\.name).filter { $0 != "last_id" }
    var reads = 0
    for trial in 0..<40 {
      let name = styles[trial % styles.count]
      let position = ["page", "offset"].randomElement(using: &random) ?? "page"
      let size = Int.random(in: 2...5, using: &random)
      let records = book(Int.random(in: 6...16, using: &random)).shuffled(using: &random)
      var going = records.prefix(4).compactMap { $0["id"] as? String }
      let staying = records.dropFirst(4).compactMap { $0["id"] as? String }.sorted()
      var steps: [[String: Any]] = []
      for at in Set((0..<4).map { _ in Int.random(in: 2...12, using: &random) }).sorted() {
        let isNew = Bool.random(using: &random)
        steps.append([
          "at": at, "remove": going.isEmpty ? [] : [going.removeFirst()],
          "put": isNew
            ? [["id": "\(Bool.random(using: &random) ? "a" : "z")\(at)", "updated": 500 + at]] : [],
        ])
      }
      var list = list(name, total: Bool.random(using: &random) ? "field" : "none")
      list["records"] = records
      list["position"] = position
      try play(list, steps)
      let isCounted = list["total"] as? String == "field" && !["header_token", "link"].contains(name)
      var asking = request(style(name), size: size)
      if isCounted { asking.count = .field(FieldPath(names: ["total"])) }
      let found = shop.read(stream(asking))
      if found.findings.isEmpty {
        reads += 1
        #expect(Set(staying).isSubset(of: try shop.ids(found)), "seed \(seed), \(name) \(position), \(steps)")
      } else {
        #expect(["readings-differ", "rows-shift", "total-changes", "count-differs"].contains(found.names[0]))
      }
    }
    #expect(reads > 20, "seed \(seed)")
  }

  @Test func changesByOffsetAreReadTwiceToo() throws {
    var changes = request(style("offset"))
    changes.parameters = [.init("since", "{since}")]
    let asked = stream(
      request(style("token")),
      changes: StreamChanges(
        request: changes, field: FieldPath(names: ["updated"]), format: .epochSeconds, overlap: 0))
    try play(list("token").merging(["sort": "updated"]) { $1 })
    var cursor = try #require(shop.read(asked).streamRead).cursor
    cursor.reached = Moment(instant: 100)
    // A record that changes goes to the end, another is deleted: `r03` is passed over.
    try play(list("offset").merging(["sort": "updated"]) { $1 }, [exchange.merging(["at": 2]) { $1 }])
    let found = shop.read(asked, since: cursor)
    #expect(found.streamRead?.extent == .changes)
    #expect(try shop.ids(found) == after)
  }

  @Test func noticesByOffsetAreReadTwiceToo() throws {
    try play(list("token"))
    var notices = request(style("offset"))
    notices.path = "/api/events"
    notices.parameters = [.init("since", "{since}")]
    let asked = stream(
      request(style("token")),
      changes: StreamChanges(
        request: notices, field: FieldPath(names: ["updated"]), format: .epochSeconds, overlap: 0,
        memory: 86_400_000,
        notices: .init(
          key: FieldPath(names: ["id"]), record: FieldPath(names: ["of"]),
          request: StreamRequest(path: "/api/books/{id}"))))
    let cursor = try #require(shop.read(asked).streamRead).cursor
    let now = cursor.read.seconds
    func event(_ number: Int) -> [String: Any] { ["id": "e\(number)", "updated": now, "of": "r0\(number)"] }
    try shop.server.play([
      "lists": [
        "books": list("token"),
        "events": [
          "records": (0..<7).map(event), "style": "offset",
          "steps": [["at": 2, "remove": ["e0"], "put": [event(7)]]],
        ],
      ]
    ])
    let found = shop.read(asked, since: cursor)
    #expect(found.streamRead?.extent == .changes, "\(found.problem)")
    #expect(try shop.ids(found) == (1...7).map { "r0\($0)" })
  }
}
