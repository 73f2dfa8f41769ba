import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Reading what changed since the last read.
@Suite(.serialized) struct ChangeTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  /// What the server's clock says, unless a test sets it otherwise.
  private static let now = 1_700_000_000

  private func play(_ records: [[String: Any]], _ more: [String: Any] = [:], now: Int = now) throws {
    let list = ["records": records, "style": "token", "sort": "updated"].merging(more) { $1 }
    try shop.server.play(["now": now, "lists": ["books": list]])
    shop.server.forgetAPIRequests()
  }

  private func asked(
    bound: StreamChanges.Bound = .inclusive, overlap: Int64 = 10_000, size: Int? = 3,
    _ format: FieldMapping.DateFormat = .epochSeconds
  ) -> ConnectorStream {
    var changes = request(style("token"), size: size, hasMore: true)
    changes.parameters = [.init("since", "{since}")]
    return stream(
      request(style("token"), size: size, hasMore: true),
      changes: StreamChanges(
        request: changes, field: FieldPath(names: ["updated"]), format: format, bound: bound, overlap: overlap
      ))
  }

  private func cursor(_ stream: ConnectorStream) throws -> StreamCursor {
    let found = shop.read(stream)
    #expect(found.findings == [], "\(found.problem)")
    return try #require(found.streamRead).cursor
  }

  @Test func theSecondReadAsksForChangesSinceTheLatestAndAnOverlapBefore() throws {
    try play(book(10, every: 10))
    let first = shop.read(asked())
    #expect(first.streamRead?.extent == .whole && first.streamRead?.reason == "first read")
    let cursor = try #require(first.streamRead).cursor
    #expect(cursor.reached == Moment(instant: 190) && cursor.read == Moment(instant: Int64(Self.now)))
    try play(book(10, every: 10) + [["id": "new", "updated": 200]])
    let second = shop.read(asked(), since: cursor)
    #expect(try shop.ids(second) == ["new", "r08", "r09"])
    let read = try #require(second.streamRead)
    #expect(read.extent == .changes && read.reason == "" && read.since == Moment(instant: 180))
    #expect(read.cursor.reached == Moment(instant: 200) && read.cursor.readWhole == cursor.readWhole)
    #expect(try shop.server.apiRequests().first?.query == "since=180&limit=3")
  }

  @Test func anExclusiveBoundIsAskedForOneUnitEarlier() throws {
    try play(book(10, every: 10), ["bound": "exclusive"])
    let cursor = try cursor(asked(bound: .exclusive, overlap: 0))
    let found = shop.read(asked(bound: .exclusive, overlap: 0), since: cursor)
    #expect(try shop.ids(found) == ["r09"])
    #expect(try shop.server.apiRequests().last?.query == "since=189&limit=3")
  }

  @Test func whenNothingCameTheCursorStays() throws {
    try play(book(10, every: 10))
    let cursor = try cursor(asked(overlap: 0))
    try play([])
    let found = shop.read(asked(overlap: 0), since: cursor)
    #expect(found.findings == [] && found.files == [])
    #expect(found.streamRead?.cursor.reached == cursor.reached)
    #expect(found.streamRead?.records == 0)
  }

  @Test func timesInTheFutureDoNotCarryTheCursorBeyondTheServersClock() throws {
    try play(book(2) + [["id": "future", "updated": Self.now + 9_999]])
    #expect(try cursor(asked()).reached == Moment(instant: Int64(Self.now)))
  }

  @Test(arguments: [-86_400, 86_400])
  func aServersClockThatIsADayOffLosesNothing(skew: Int) throws {
    let now = Self.now + skew
    let records = (0..<5).map { ["id": "r\($0)", "updated": now - 50 + $0 * 10] as [String: Any] }
    try play(records, now: now)
    let cursor = try cursor(asked())
    #expect(cursor.reached == Moment(instant: Int64(now - 10)))
    try play(records + [["id": "late", "updated": now - 15]], now: now + 60)
    #expect(try shop.ids(shop.read(asked(), since: cursor)) == ["late", "r3", "r4"])
  }

  @Test func whatChangedWhileEverythingWasReadComesWithTheNextRead() throws {
    let records = (0..<6).map { ["id": "r\($0)", "updated": Self.now - 60 + $0] as [String: Any] }
    var asked = asked(overlap: 0)
    asked.all = request(.lastID(parameter: "after"), hasMore: true)
    try shop.server.play([
      "now": Self.now,
      "lists": [
        "books": [
          "records": records, "style": "last_id", "sort": "id",
          "steps": [
            [
              "at": 2, "now": Self.now + 5,
              "put": [["id": "a", "updated": Self.now + 3], ["id": "r5", "updated": Self.now + 4]],
            ]
          ],
        ]
      ],
    ])
    let first = shop.read(asked)
    // The latest time of change is later than the read's begin.
    #expect(try shop.ids(first).count == 6)
    #expect(first.streamRead?.cursor.reached == Moment(instant: Int64(Self.now)))
    try play(records + [["id": "a", "updated": Self.now + 3]], now: Self.now + 10)
    #expect(try shop.ids(shop.read(asked, since: first.streamRead?.cursor)) == ["a"])
  }

  // MARK: Why everything is read

  @Test func everythingIsReadWhereChangesWouldNotDo() throws {
    try play(book(10))
    let cursor = try cursor(asked())
    var other = asked()
    other.all.parameters = [.init("status", "all")]
    #expect(shop.read(other, since: cursor).streamRead?.reason == "the connector has changed")
    #expect(shop.read(asked(), since: cursor, readsWhole: true).streamRead?.reason == "asked for")
    var none = cursor
    none.reached = nil
    #expect(shop.read(asked(), since: none).streamRead?.reason == "no record was there at the last read")
    let plain = stream(request(style("token")))
    let read = shop.read(plain, since: cursor).streamRead
    #expect(read?.reason == "the stream has no `changes`" && read?.cursor.reached == nil)
    // How pages are asked for says nothing about what is read.
    #expect(shop.read(asked(size: 5), since: cursor).streamRead?.extent == .changes)
  }

  @Test func theServersClockDecidesWhatIsTooOld() throws {
    try play(book(10))
    var stream = asked()
    stream.changes?.memory = 30 * 86_400_000
    var cursor = try cursor(stream)
    cursor.read = Moment(instant: Int64(Self.now) - 29 * 86_400)
    #expect(shop.read(stream, since: cursor).streamRead?.extent == .changes)
    cursor.read = Moment(instant: Int64(Self.now) - 31 * 86_400)
    let found = shop.read(stream, since: cursor)
    #expect(found.streamRead?.extent == .whole)
    #expect(
      found.streamRead?.reason == "the last read is older than the API remembers changes, 30 days")
    #expect(try shop.ids(found).count == 10)
    // A clock that ran ahead and was set right: by it nothing would have changed since.
    cursor.read = Moment(instant: Int64(Self.now) + 86_400)
    #expect(
      shop.read(stream, since: cursor).streamRead?.reason
        == "the source's clock stands 24 h before the last read")
    cursor.read = Moment(instant: Int64(Self.now) + 5)
    #expect(shop.read(stream, since: cursor).streamRead?.extent == .changes)
    stream.changes?.memory = nil
    stream.changes?.fullEvery = 7 * 86_400_000
    cursor.readWhole = Moment(instant: Int64(Self.now) - 7 * 86_400)
    #expect(
      shop.read(stream, since: cursor).streamRead?.reason == "the last read of everything is 7 days ago")
    cursor.readWhole = Moment(instant: Int64(Self.now) - 7 * 86_400 + 60)
    #expect(shop.read(stream, since: cursor).streamRead?.extent == .changes)
  }

  // MARK: Times

  @Test(arguments: [
    (FieldMapping.DateFormat.iso, "2024-02-29T23:59:58Z", "2024-02-29T23:59:48Z"),
    (.iso, "2024-02-29T23:59:58.999+00:00", "2024-02-29T23:59:48Z"),
    (.epochMilliseconds, "1709251198999", "1709251188000"),
    (.pattern("DD.MM.YYYY hh:mm:ss"), "29.02.2024 23:59:58", "29.02.2024 23:59:48"),
    (.pattern("YYYY-MM-DDThh:mmZ"), "2024-02-29T23:59Z", "2024-02-29T23:58Z"),
    (.pattern("MMM D, YYYY"), "Feb 29, 2024", "Feb 28, 2024"),
  ])
  func theBoundIsWrittenAsTheAPIWritesTimes(format: FieldMapping.DateFormat, time: String, bound: String)
    throws
  {
    try play([["id": "a", "updated": time]], now: 1_800_000_000)
    let cursor = try cursor(asked(format))
    _ = shop.read(asked(format), since: cursor)
    #expect(try shop.server.apiRequests().last?.query == "since=\(bound)&limit=3")
  }

  @Test func aTimeThatIsNotWrittenAsDeclaredIsAFault() throws {
    try play([["id": "a", "updated": "yesterday"]])
    let found = shop.read(asked())
    #expect(found.names == ["page-not-understood"])
    #expect(found.problem.contains("`updated` is \"yesterday\", which is not written as declared"))
  }

  @Test func aBodyHoldsTheBoundAsItsFormatIs() throws {
    try play(book(10))
    var stream = asked()
    let cursor = try cursor(stream)
    stream.changes?.request.method = .post
    stream.changes?.request.parameters = []
    stream.changes?.request.body = #"{"since": "{since}", "where": "updated >= {since}"}"#
    var here = cursor
    here.stream = try #require(shop.read(stream).streamRead).cursor.stream
    let found = shop.read(stream, since: here)
    #expect(try shop.ids(found).count == 10)
    #expect(
      try shop.server.apiRequests().last(where: { $0.method == "POST" && !$0.body.contains("cursor") })?.body
        == #"{"limit":3,"since": 99, "where": "updated >= 99"}"#)
  }

  // MARK: Records without a time

  @Test func recordsWithoutATimeAreAskedForBesideTheChanges() throws {
    let timeless = (0..<4).map { ["id": "t\($0)", "updated": NSNull()] as [String: Any] }
    try play(book(10) + timeless)
    var stream = asked(overlap: 1000)
    let first = shop.read(stream)
    #expect(first.names == ["no-change-time"])
    #expect(first.problem.hasPrefix("4 of 14 records of stream `books` have nothing in `updated`"))
    var without = request(style("token"), hasMore: true)
    without.parameters = [.init("without", "updated")]
    stream.changes?.withoutTime = without
    let cursor = try cursor(stream)
    let found = shop.read(stream, since: cursor)
    #expect(found.findings == [])
    #expect(try shop.ids(found) == ["r08", "r09", "t0", "t1", "t2", "t3"])
    #expect(found.streamRead?.withoutTime == 4)
    #expect(found.streamRead?.cursor.reached == cursor.reached)
  }

  // MARK: The API's window

  @Test func reachingTheWindowMeansToAskAnewFromTheLastValueOn() throws {
    try play(book(20), ["window": 6])
    var stream = asked()
    stream.changes?.request.window = 6
    var cursor = try cursor(asked())
    cursor.stream = try #require(shop.read(self.asked()).streamRead).cursor.stream
    cursor.reached = Moment(instant: 90)
    let found = shop.read(stream, since: cursor)
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 20)
    let asked = try shop.server.apiRequests().filter { !$0.query.contains("cursor") }.map(\.query)
    #expect(
      asked.suffix(4) == ["since=80&limit=3", "since=105&limit=3", "since=110&limit=3", "since=115&limit=3"])
  }

  @Test func tiesAtTheWindowsEdgeAreNotLost() throws {
    // Nine of one time across the edges of two windows of ten.
    let records = book(8) + (0..<9).map { ["id": "s\($0)", "updated": 108] } + [["id": "z", "updated": 110]]
    try play(records, ["window": 10])
    var stream = asked()
    stream.changes?.request.window = 10
    var cursor = try cursor(asked())
    cursor.reached = Moment(instant: 90)
    let found = shop.read(stream, since: cursor)
    #expect(try shop.ids(found).count == 18)
  }

  @Test func moreOfOneTimeThanTheWindowIsNamed() throws {
    try play((0..<12).map { ["id": "s\($0)", "updated": 108] }, ["window": 6])
    var stream = asked()
    stream.changes?.request.window = 6
    var cursor = try cursor(asked())
    cursor.reached = Moment(instant: 90)
    let found = shop.read(stream, since: cursor)
    #expect(found.names == ["window-reached"])
    #expect(found.problem.contains("more records of one time"), "\(found.problem)")
  }

  @Test func aWindowOverRecordsThatAreNotSortedByTheirTimeIsNamed() throws {
    try play(
      book(10).map { $0.merging(["order": "\($0["id"] as? String == "r00" ? "z" : "a")"]) { $1 } },
      ["window": 10, "sort": "order"])
    var stream = asked()
    stream.changes?.request.window = 10
    var cursor = try cursor(asked())
    cursor.reached = Moment(instant: 90)
    let found = shop.read(stream, since: cursor)
    #expect(found.names == ["window-reached"])
    #expect(found.problem.contains("not sorted by their time of change"), "\(found.problem)")
  }

  @Test func aWindowOverEverythingCannotBeGoneAround() throws {
    try play(book(10), ["window": 6])
    var stream = asked()
    stream.all.window = 6
    let found = shop.read(stream)
    #expect(found.names == ["window-reached"])
    #expect(found.problem.contains("6 records of stream `books` came, which is what the API gives"))
    try play(book(5), ["window": 6])
    #expect(try shop.ids(shop.read(stream)).count == 5)
  }
}
