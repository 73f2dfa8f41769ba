import Foundation
import LoopbackServers
import Model
import Testing

@testable import Extract

/// What has landed of a stream, and when it may be read again.
@Suite(.serialized) struct StreamLandingTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private func play(_ records: [[String: Any]]) throws {
    try shop.server.play([
      "now": 1_700_000_000, "lists": ["books": ["records": records, "style": "token", "sort": "updated"]],
    ])
  }

  private let asked: ConnectorStream = {
    var changes = request(style("token"), hasMore: true)
    changes.parameters = [.init("since", "{since}")]
    var asked = stream(
      request(style("token"), hasMore: true),
      changes: StreamChanges(
        request: changes, field: FieldPath(names: ["updated"]), format: .epochSeconds, overlap: 0))
    asked.deleted = .init(field: FieldPath(names: ["gone"]), values: ["true"])
    return asked
  }()

  @Test func offlineAReadOfEverythingIsReadAgainWhateverTheWarehouseKnows() throws {
    try play(book(10))
    let first = shop.read(asked)
    shop.server.stop()
    let again = shop.read(asked, isOffline: true)
    #expect(again.findings == [])
    #expect(again.files == first.files && again.streamRead == first.streamRead)
    #expect(again.deletedKeys == ["r04", "r09"] && again.fetching?.unchanged == 1)
    #expect(shop.lines(again) == shop.lines(first))
  }

  @Test func offlineChangesHaveToGoOnWhereTheWarehouseEnds() throws {
    try play(book(10))
    let whole = try #require(shop.read(asked).streamRead).cursor
    try play(book(12))
    let changes = try #require(shop.read(asked, since: whole).streamRead)
    shop.server.stop()
    // Before and after their rows are kept.
    for cursor in [whole, changes.cursor] {
      let again = shop.read(asked, since: cursor, isOffline: true)
      #expect(again.streamRead == changes)
      #expect(try shop.ids(again) == ["r10", "r11"])
    }
    let unknown = shop.read(asked, isOffline: true)
    #expect(unknown.names == ["landed-changes-gap"] && unknown.files == [])
    #expect(unknown.problem.contains("changes since 1970-01-01T00:01:49Z, and the warehouse does not know"))
    var behind = whole
    behind.reached = Moment(instant: 105)
    let gap = shop.read(asked, since: behind, isOffline: true)
    #expect(gap.names == ["landed-changes-gap"])
    #expect(gap.problem.contains("the warehouse reaches to 1970-01-01T00:01:45Z"), "\(gap.problem)")
    var other = whole
    other.stream = "another"
    #expect(shop.read(asked, since: other, isOffline: true).names == ["landed-changes-gap"])
  }

  @Test func offlineAnotherQuestionHasNotLanded() throws {
    try play(book(10))
    #expect(shop.read(asked, isOffline: true).names == ["nothing-landed"])
    _ = shop.read(asked)
    var other = asked
    other.all.parameters = [.init("status", "all")]
    #expect(shop.read(other, isOffline: true).names == ["nothing-landed"])
    // Files of the same source were no stream.
    try shop.server.write("id\n1\n")
    _ = shop.fetcher.fetch(shop.server.url())
    #expect(shop.read(asked, isOffline: true).names == ["nothing-landed"])
  }

  @Test func equalReadsLieOnceAndAFailedOneLeavesTheEarlierAlone() throws {
    try play(book(10))
    let first = shop.read(asked)
    #expect(shop.read(asked).files == first.files)
    #expect(shop.fetcher.blobs().count == 1)
    try shop.server.play(["lists": ["books": ["records": [], "style": "token", "more": false]]])
    #expect(shop.read(asked).names == ["page-not-understood"])
    #expect(shop.read(asked, isOffline: true).files == first.files)
    let parts = try FileManager.default.contentsOfDirectory(
      atPath: shop.fetcher.scratch.path + "/landing/parts")
    #expect(parts == [])
  }

  @Test func aManifestKeepsWhatTheReadWasAndOldOnesStayReadable() throws {
    let cursor = StreamCursor(
      source: "billing", stream: "ab12", reached: nil, read: Moment(instant: 5), readWhole: Moment(instant: 4)
    )
    var manifest = LandingManifest(
      source: "billing", written: Moment(instant: 9), patterns: ["a\tb"], files: [])
    #expect(LandingManifest(text: manifest.text) == manifest)
    manifest.read = StreamRead(
      source: "billing", connector: "shop", stream: "books", extent: .changes, reason: "it\nis", pages: 3,
      received: 2, records: 1, deleted: 1, withoutTime: 4, counted: nil, cursor: cursor)
    manifest.deletedKeys = ["", "a\nb", "ü%"]
    #expect(LandingManifest(text: manifest.text) == manifest)
    manifest.read?.since = Moment(instant: 77)
    manifest.read?.cursor.reached = Moment(instant: 78)
    manifest.read?.counted = 12
    manifest.read?.proof = .counted
    #expect(LandingManifest(text: manifest.text) == manifest)
    #expect(LandingManifest(text: manifest.text.replacing("\tchanges\t", with: "\tsome\t")) == nil)
  }

  // MARK: Samples

  @Test func aSampleIsOnePageAndWhatItShows() throws {
    try shop.server.play([
      "skew": 3600,
      "lists": [
        "books": [
          "records": book(8) + [["id": "timeless", "updated": NSNull()]], "style": "token", "size": 5,
          "total": "field",
        ]
      ],
    ])
    var asked = asked
    asked.all.count = .field(FieldPath(names: ["total"]))
    asked.all.size = ("limit", 9)
    let whole = shop.fetcher.finder().sample(of: shop.source(asked))
    #expect(whole.findings == [] && whole.isAnswered && whole.records == 9 && !whole.hasMore)
    #expect(whole.withoutTime == 1 && whole.latest == Moment(instant: 107))
    asked.all.size = ("limit", 5)
    shop.server.forgetAPIRequests()
    let sample = shop.fetcher.finder().sample(of: shop.source(asked))
    #expect(sample.hasMore && sample.records == 5 && sample.counted == 9)
    #expect(try shop.server.apiRequests().count == 1)
    let file = try #require(sample.file)
    let lines = try String(contentsOfFile: file.path, encoding: .utf8).split(separator: "\n")
    // One of the five is deleted.
    #expect(lines.count == 4)
    #expect(sample.url == shop.server.api + "/api/books")
    #expect(shop.read(asked, isOffline: true).names == ["nothing-landed"])
  }

  @Test func aSampleSaysWhyItCouldNotBeHad() throws {
    try shop.server.play([
      "auth": ["header": "authorization", "values": ["none"]],
      "lists": ["books": ["records": book(3), "style": "token"]],
    ])
    let refused = shop.fetcher.finder().sample(of: shop.source(asked))
    #expect(refused.findings.map(\.name) == ["source-refused"] && !refused.isAnswered && refused.file == nil)
    try shop.server.play(["lists": ["books": ["records": book(3), "style": "token", "more": false]]])
    let wrong = shop.fetcher.finder().sample(of: shop.source(asked))
    #expect(wrong.findings.map(\.name) == ["page-not-understood"] && wrong.isAnswered)
  }
}
