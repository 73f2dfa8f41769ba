import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// What an API says how many records there are is held against what came.
@Suite(.serialized) struct CountTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private func play(_ style: String, _ steps: [[String: Any]] = [], total: String = "field") throws {
    try shop.server.play([
      "lists": ["books": ["records": book(10), "style": style, "total": total, "steps": steps]]
    ])
  }

  private func counted(_ name: String, _ count: StreamRequest.Count) -> ConnectorStream {
    var asking = request(style(name))
    asking.count = count
    return stream(asking)
  }

  private let total = StreamRequest.Count.field(FieldPath(names: ["total"]))
  private let one: [String: Any] = ["id": "new", "updated": 200]

  @Test(arguments: pageStyles.map(\.name).filter { $0 != "header_token" && $0 != "link" })
  func aCountThatIsMetProvesTheRead(name: String) throws {
    try play(name)
    let read = try #require(shop.read(counted(name, total)).streamRead)
    #expect(read.proof == .counted && read.counted == 10 && read.records == 10)
    try play(name, total: "header")
    #expect(shop.read(counted(name, .header("X-Total"))).streamRead?.counted == 10)
  }

  @Test func theHeadersAloneMaySayIt() throws {
    try play("link", total: "header")
    #expect(shop.read(counted("link", .headHeader("x-total"))).streamRead?.proof == .counted)
    #expect(try shop.server.apiRequests().first?.method == "HEAD")
  }

  @Test func anotherRequestMaySayIt() throws {
    try play("link")
    let count = StreamRequest.Count.request(path: "/api/books", field: FieldPath(names: ["total"]))
    let found = shop.read(counted("link", count))
    #expect(found.streamRead?.counted == 10, "\(found.problem)")
  }

  @Test(arguments: ["token", "last_id", "next_url", "number", "offset"])
  func aCountThatIsNotMetIsReadAgainThreeTimesAndNamed(name: String) throws {
    try play(name, [["at": "always", "fault": "page", "total": 11]])
    let found = shop.read(counted(name, total))
    #expect(found.names == ["count-differs"])
    #expect(
      found.problem
        == "10 different records of stream `books` came, and the API says that there are 11")
    #expect(found.files == [])
    let pages = ["number", "offset", "last_id"].contains(name) ? 5 : 4
    #expect(try shop.server.apiRequests().count == 4 * pages)
  }

  @Test func lessThanCameIsNoProofEither() throws {
    try play("token", [["at": "always", "fault": "page", "total": 9]])
    #expect(shop.read(counted("token", total)).names == ["count-differs"])
  }

  @Test func aCountThatIsMissingIsAFault() throws {
    try play("token", total: "none")
    let found = shop.read(counted("token", total))
    #expect(found.names == ["page-not-understood"])
    #expect(found.problem.contains("does not say in `total` how many"), "\(found.problem)")
    #expect(shop.read(counted("token", .header("X-Total"))).names == ["page-not-understood"])
    #expect(shop.read(counted("token", .headHeader("X-Total"))).names == ["page-not-understood"])
  }

  @Test(arguments: ["token", "next_url", "last_id", "number", "offset"])
  func aTotalThatChangesMeanwhileIsReadAgain(name: String) throws {
    try play(name, [["at": 3, "put": [one]]])
    let found = shop.read(counted(name, total))
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 11)
    #expect(found.streamRead?.counted == 11)
    try play(name, [["at": 2, "remove": ["r00"]]])
    let fewer = shop.read(counted(name, total))
    #expect(try shop.ids(fewer) == book(10).dropFirst().map { $0["id"] as? String })
  }

  @Test func aTotalThatNeverStandsStillIsNamed() throws {
    try play("token", (0..<20).map { ["at": 2 * $0 + 2, "put": [["id": "n\($0)", "updated": 300]]] })
    let found = shop.read(counted("token", total))
    #expect(found.names == ["total-changes"])
    #expect(
      found.problem
        == "the API said that stream `books` has 17 records and then that it has 19, and 18 different ones came",
      "\(found)")
    try play("number", (0..<20).map { ["at": 2 * $0 + 2, "put": [["id": "z\($0 + 10)", "updated": 300]]] })
    let numbered = shop.read(counted("number", total))
    #expect(numbered.names == ["total-changes"])
    #expect(
      numbered.problem.contains("says that there are 14 records, and a page before said 13"), "\(numbered)")
  }

  // MARK: Services that are never quiet

  /// Records come all the time, behind those that are there.
  private func growing(_ from: Int = 0) -> [[String: Any]] {
    (from..<40).map { ["at": 2 * $0 + 2, "put": [["id": "z\($0 + 10)", "updated": 300 + $0]]] }
  }

  @Test(arguments: ["token", "next_url", "last_id"])
  func aListThatGrowsAllTheTimeIsReadByCursorAndCountedTwice(name: String) throws {
    try play(name, growing())
    let found = shop.read(counted(name, total))
    #expect(found.findings == [], "\(found.problem)")
    let read = try #require(found.streamRead)
    #expect(read.proof == .counted && read.counted == read.records && read.records > 12)
    #expect(Set(book(10).compactMap { $0["id"] as? String }).isSubset(of: try shop.ids(found)))
  }

  @Test func aCountThatIsAskedForByItselfIsAskedForAgain() throws {
    // Each reading asks for the count, four pages, and for the count once more.
    try play(
      "link", [3, 9, 15].map { ["at": $0, "put": [["id": "z\($0 + 10)", "updated": 300]]] }, total: "header")
    let found = shop.read(counted("link", .headHeader("X-Total")))
    #expect(found.findings == [], "\(found.problem)")
    #expect(found.streamRead?.proof == .counted && found.streamRead?.counted == 12)
    #expect(try shop.ids(found).count == 12)
    #expect(try shop.server.apiRequests().map(\.method).filter { $0 == "HEAD" }.count == 4)
    #expect(try shop.server.apiRequests().count == 12)
  }

  @Test func whatCameWhileAMovingListWasReadIsAskedForAgain() throws {
    let start = 1_700_000_000
    var steps = growing()
    for index in steps.indices { steps[index]["now"] = start + 10 * (index + 1) }
    for index in steps.indices {
      steps[index]["put"] = [["id": "z\(index + 10)", "updated": start + 10 * (index + 1)]]
    }
    try shop.server.play([
      "now": start,
      "lists": ["books": ["records": book(10), "style": "token", "total": "field", "steps": steps]],
    ])
    var asked = counted("token", total)
    var changes = asked.all
    changes.parameters = [.init("since", "{since}")]
    asked.changes = StreamChanges(
      request: changes, field: FieldPath(names: ["updated"]), format: .epochSeconds)
    let cursor = try #require(shop.read(asked).streamRead).cursor
    // The first of the two readings began here.
    #expect(cursor.reached == Moment(instant: Int64(start)) && cursor.read == Moment(instant: Int64(start)))
    #expect(cursor.readWhole == cursor.read)
  }

  /// A record that is deleted after it came may hide one that did not.
  @Test func deletionsInAMovingListProveNothing() throws {
    let steps = [3, 7, 11, 16].enumerated().map { turn, at in
      [
        "at": at, "put": [["id": "a\(turn)", "updated": 1], ["id": "z\(turn)", "updated": 1]],
        "remove": ["r0\(turn)"],
      ] as [String: Any]
    }
    try play("token", steps)
    let found = shop.read(counted("token", total))
    #expect(found.names == ["total-changes"])
    #expect(
      found.problem
        == "stream `books` was read 4 times, and each time the count that the API says moved and records that had come were deleted"
    )
    #expect(found.files == [])
  }

  /// Whatever comes, goes and changes meanwhile: what is there all the time is in what is taken.
  @Test func nothingIsLostWhereACountMoves() throws {
    let seed: UInt64 = 20_240_229
    var random = SeededGenerator(seed: seed)
    var (taken, refused) = (0, 0)
    for trial in 0..<40 {
      let name = ["token", "next_url", "last_id"][trial % 3]
      var going = book(10).prefix(4).compactMap { $0["id"] as? String }
      // A page in one of the readings leaves records out.
      let cut = Int.random(in: 1...12, using: &random)
      let losesRecords = Int.random(in: 0..<3, using: &random) == 0
      var steps: [[String: Any]] = []
      for at in Set((0..<6).map { _ in Int.random(in: 1...20, using: &random) }).sorted() {
        let goes = Int.random(in: 0..<4, using: &random) == 0 && !going.isEmpty
        // Where pages leave records out, one that goes and one that comes between two replies would show in no count.
        let comes = !(goes && losesRecords)
        steps.append([
          "at": at, "remove": goes ? [going.removeFirst()] : [],
          "put": comes
            ? [["id": "\(Bool.random(using: &random) ? "a" : "z")\(at + 10)", "updated": 500 + at]] : [],
        ])
      }
      if losesRecords { steps.append(["at": cut, "fault": "page", "lost": 1]) }
      try play(name, steps)
      let found = shop.read(counted(name, total))
      if found.findings.isEmpty {
        taken += 1
        let staying = Set(book(10).dropFirst(4).compactMap { $0["id"] as? String })
        #expect(staying.isSubset(of: try shop.ids(found)), "seed \(seed), \(name), \(steps)")
      } else {
        refused += 1
        #expect(["total-changes", "count-differs"].contains(found.names[0]), "\(found.names)")
      }
    }
    #expect(taken > 10, "seed \(seed): \(taken) taken, \(refused) refused")
  }

  // MARK: Rows that move

  @Test(arguments: ["number", "offset"])
  func rowsThatMoveBackAreReadAgain(name: String) throws {
    try play(name, [["at": 3, "put": [["id": "a", "updated": 1]]]], total: "none")
    let found = shop.read(stream(request(style(name))))
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 11)
  }

  @Test(arguments: ["number", "offset"])
  func rowsThatNeverStandStillAreNamed(name: String) throws {
    try play(
      name, (0..<20).map { ["at": 2 * $0 + 2, "put": [["id": "a\(99 - $0)", "updated": 1]]] }, total: "none")
    let found = shop.read(stream(request(style(name))))
    #expect(found.names == ["rows-shift"])
    #expect(found.problem.contains("page 2 of"), "\(found.problem)")
    #expect(try shop.server.apiRequests().count == 8)
  }

  @Test func ofTwoVersionsOfARecordTheNewerIsTaken() throws {
    let late: [String: Any] = ["id": "r01", "updated": 500, "amount": "new"]
    for (name, sort) in [("token", "updated"), ("next_url", "updated")] {
      try shop.server.play([
        "lists": [
          "books": [
            "records": book(10), "style": name, "sort": sort, "steps": [["at": 3, "put": [late]]],
          ]
        ]
      ])
      var asked = stream(request(style(name)))
      asked.version = FieldPath(names: ["updated"])
      let found = shop.read(asked)
      #expect(found.findings == [], "\(found.problem)")
      let records = try shop.records(found)
      #expect(records.count == 10 && records["r01"]?["amount"] as? String == "new")
      #expect(found.streamRead?.received == 11 && found.streamRead?.records == 10)
    }
  }

  @Test func ofOnePageWithTwoVersionsTheNewerIsTakenWhateverTheirOrder() throws {
    let body = """
      {"data": [{"id": "a", "v": "2024-01-01T00:00:00.250Z"}, {"id": "b"}, {"id": "a", "v": "2024-01-01T00:00:00.1Z"},
      {"id": "c", "gone": true, "v": 7}, {"id": "c", "v": 8}, {"id": "d", "v": 1}, {"id": "d", "v": 2, "gone": true},
      {"id": "e", "x": 1}, {"id": "e", "x": 2}]}
      """
    try shop.server.play([
      "lists": [
        "books": ["records": [], "style": "single", "steps": [["at": 1, "fault": "body", "body": body]]]
      ]
    ])
    var asked = stream(request(.single))
    asked.version = FieldPath(names: ["v"])
    asked.deleted = .init(field: FieldPath(names: ["gone"]), values: ["true"])
    let found = shop.read(asked)
    #expect(
      shop.lines(found) == [
        #"{"id": "a", "v": "2024-01-01T00:00:00.250Z"}"#, #"{"id": "b"}"#, #"{"id": "c", "v": 8}"#,
        #"{"id": "e", "x": 2}"#,
      ])
    #expect(found.deletedKeys == ["d"])
    let read = try #require(found.streamRead)
    #expect(read.received == 9 && read.records == 5 && read.deleted == 1)
  }
}
