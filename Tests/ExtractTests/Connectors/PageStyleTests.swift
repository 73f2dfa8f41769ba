import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Every way of asking for the next page reads everything, to the byte.
@Suite(.serialized) struct PageStyleTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private func play(_ list: [String: Any]) throws { try shop.server.play(["lists": ["books": list]]) }

  @Test(arguments: pageStyles.map(\.name), [0, 1, 3, 10])
  func everythingIsReadWhateverTheNumberOfRecords(name: String, count: Int) throws {
    for hasMore in [false, true] {
      try play(["records": book(count), "style": name])
      let found = shop.read(stream(request(style(name), hasMore: hasMore)))
      #expect(found.findings == [], "\(found.problem)")
      #expect(try shop.ids(found) == book(count).map { $0["id"] as? String })
      let read = try #require(found.streamRead)
      #expect(read.extent == .whole && read.records == count && read.received == count)
      #expect(read.proof == .ended && read.counted == nil)
      #expect(found.files.count == (count == 0 ? 0 : 1))
    }
  }

  @Test(arguments: pageStyles.map(\.name))
  func theAPIsOwnCapOnThePageLosesNothing(name: String) throws {
    try play(["records": book(10), "style": name, "cap": 2])
    let found = shop.read(stream(request(style(name), size: 5)))
    #expect(found.findings == [])
    #expect(try shop.ids(found).count == 10)
    #expect(found.streamRead.map { $0.pages >= 5 } == true)
  }

  @Test func aListOfOnePageIsReadWithOneQuestion() throws {
    try play(["records": book(10), "style": "single"])
    let found = shop.read(stream(request(.single)))
    #expect(found.findings == [])
    #expect(try shop.ids(found).count == 10)
    #expect(try shop.server.apiRequests().count == 1)
  }

  @Test func aPageMayBeTheArrayItself() throws {
    try play(["records": book(7), "style": "link", "shape": "array"])
    var asking = request(.link)
    asking.records = nil
    #expect(try shop.ids(shop.read(stream(asking))).count == 7)
  }

  @Test func aWholeURLOfTheSameHostIsGoneTo() throws {
    try play(["records": book(7), "style": "next_url", "absolute": true])
    #expect(try shop.ids(shop.read(stream(request(style("next_url"))))).count == 7)
  }

  @Test func aNumberedListMayBeginWith0() throws {
    try play(["records": book(7), "style": "number", "first": 0])
    let found = shop.read(stream(request(.number(parameter: "page", first: 0))))
    #expect(try shop.ids(found).count == 7)
    #expect(found.streamRead?.pages == 4)
  }

  @Test func withACountTheEmptyPageNeedNotBeAskedFor() throws {
    for name in ["number", "offset"] {
      try play(["records": book(6), "style": name, "total": "field"])
      var asking = request(style(name))
      asking.count = .field(FieldPath(names: ["total"]))
      let found = shop.read(stream(asking))
      #expect(found.findings == [])
      #expect(try shop.server.apiRequests().count == 4)
      shop.server.forgetAPIRequests()
      #expect(found.streamRead?.pages == 2 && found.streamRead?.proof == .counted)
    }
  }

  @Test(arguments: pageStyles.map(\.name).filter { !["next_url", "link"].contains($0) })
  func aBodyAsksForPagesToo(name: String) throws {
    try play(["records": book(10), "style": name])
    var page = style(name)
    switch page {
    case .lastID: page = .lastID(parameter: "paging.after")
    case .token(let field, _): page = .token(field: field, parameter: "paging.cursor")
    case .headerToken(let header, _): page = .headerToken(header: header, parameter: "paging.cursor")
    case .number: page = .number(parameter: "paging.page", first: 1)
    case .offset: page = .offset(parameter: "paging.offset")
    case .single, .nextURL, .link: break
    }
    var asking = request(page)
    asking.method = .post
    asking.body = #"{"filters": [{"a": "\"b\""}], "paging": { }}"#
    let found = shop.read(stream(asking))
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 10)
    let requests = try shop.server.apiRequests()
    #expect(requests.allSatisfy { $0.method == "POST" && $0.headers["content-type"] == "application/json" })
    #expect(requests[1].body.hasPrefix(#"{"limit":3,"filters": [{"a": "\"b\""}], "paging": {""#))
  }

  // MARK: Bytes

  @Test func recordsLandAsTheyWereSentButForLineBreaks() throws {
    let body = """
      {"data": [{"id" :"a", "amount":1.10, "big": 12345678901234567890.000, "text":"\\u00e4\\n \\"x\\""},
        {
          "id": "b",\r
          "nested": [ 1, 2 ]
        }]}
      """
    try play(["records": [], "style": "single", "steps": [["at": 1, "fault": "body", "body": body]]])
    let found = shop.read(stream(request(.single)))
    #expect(
      shop.lines(found) == [
        #"{"id" :"a", "amount":1.10, "big": 12345678901234567890.000, "text":"\u00e4\n \"x\""}"#,
        #"{    "id": "b",    "nested": [ 1, 2 ]  }"#,
      ])
  }

  @Test func numbersAreKeysAsTheyAreWritten() throws {
    let body = #"{"data": [{"id": 10}, {"id": 1.0}, {"id": 1}]}"#
    try play(["records": [], "style": "single", "steps": [["at": 1, "fault": "body", "body": body]]])
    #expect(shop.read(stream(request(.single))).streamRead?.records == 3)
  }

  @Test func prettyPagesAreReadLikeOthers() throws {
    try play(["records": book(10), "style": "token", "shape": "pretty"])
    let found = shop.read(stream(request(style("token"))))
    #expect(try shop.ids(found).count == 10)
    #expect(shop.lines(found).count == 10)
  }

  // MARK: Delimited pages

  @Test(arguments: ["header_token", "number", "offset", "link"])
  func delimitedPagesBecomeOneText(name: String) throws {
    try play([
      "records": book(10), "style": name, "shape": "csv", "columns": ["amount", "id", "updated", "gone"],
    ])
    var asking = request(style(name))
    asking.format = .csv
    asking.records = nil
    let found = shop.read(stream(asking))
    #expect(found.findings == [], "\(found.problem)")
    #expect(shop.lines(found).count == 11)
    #expect(shop.lines(found).first == #""amount","id","updated","gone""#)
    #expect(shop.lines(found).last == #""9.50","r09","109","True""#)
    #expect(found.streamRead?.records == 10)
  }

  @Test func deletedRecordsAreLeftOutAndTheirKeysListed() throws {
    try play(["records": book(10), "style": "token"])
    var asked = stream(request(style("token")))
    asked.deleted = .init(field: FieldPath(names: ["gone"]), values: ["true"])
    let found = shop.read(asked)
    #expect(try shop.ids(found).count == 8)
    #expect(found.deletedKeys == ["r04", "r09"])
    #expect(found.streamRead?.deleted == 2 && found.streamRead?.records == 10)
    try play([
      "records": book(10), "style": "offset", "shape": "csv", "columns": ["id", "gone"],
    ])
    asked.all = request(style("offset"))
    asked.all.format = .csv
    asked.deleted?.values = ["True"]
    let delimited = shop.read(asked)
    #expect(shop.lines(delimited).count == 9)
    #expect(delimited.deletedKeys == ["r04", "r09"])
  }
}
