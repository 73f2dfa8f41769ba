import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// What can be wrong with pages: each ends in a finding that names it, or in all records, never in some of them.
@Suite(.serialized) struct PageFaultTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private func play(_ list: [String: Any], _ steps: [[String: Any]]) throws {
    try shop.server.play(["lists": ["books": list.merging(["steps": steps]) { $1 }]])
  }

  /// Nothing is given out, and nothing of it can be replayed.
  private func expectFault(
    _ asked: ConnectorStream, _ name: String, _ words: String, location: SourceLocation = #_sourceLocation
  ) {
    let found = shop.read(asked)
    #expect(found.names == [name], "\(found.problem)", sourceLocation: location)
    #expect(found.problem.contains(words), "\(found.problem)", sourceLocation: location)
    #expect(found.findings.first?.severity == .error, sourceLocation: location)
    #expect(found.findings.first?.remedy?.isEmpty == false, sourceLocation: location)
    #expect(
      found.files == [] && found.streamRead == nil && found.deletedKeys == [], sourceLocation: location)
    #expect(shop.read(asked, isOffline: true).names == ["nothing-landed"], sourceLocation: location)
  }

  private let paged = request(style("token"), hasMore: true)
  private let tokens: [String: Any] = ["records": book(10), "style": "token"]

  // MARK: The word on the next page

  @Test func aMissingWordOnWhetherThereIsMoreIsNotTheEnd() throws {
    try play(tokens, [["at": 2, "fault": "page", "silent": true]])
    expectFault(stream(paged), "page-not-understood", "page 2 of \(shop.server.api)/api/books?")
    for said in ["yes", 1, "false"] as [Any] {
      try play(tokens, [["at": 1, "fault": "page", "says": said]])
      expectFault(stream(paged), "page-not-understood", "does not say in `has_more`")
    }
  }

  @Test func moreWithoutAWayToItIsNotTheEnd() throws {
    try play(["records": book(3), "style": "token"], [["at": 1, "fault": "page", "says": true]])
    expectFault(stream(paged), "page-not-understood", "and not how to get them")
    try play(["records": book(10), "style": "single"], [["at": 1, "fault": "page", "says": true]])
    expectFault(stream(request(.single, hasMore: true)), "page-not-understood", "and not how to get them")
  }

  @Test(arguments: [
    (
      "token", PageStyle.token(field: FieldPath(names: ["next", "after"]), parameter: "cursor"), "next.after"
    ),
    ("header_token", .headerToken(header: "X-Nxt", parameter: "cursor"), "X-Nxt"),
    ("next_url", .nextURL(field: FieldPath(names: ["links", "next"])), "links.next"),
    ("token", .link, "Link"),
  ])
  func aWordOnTheNextPageThatIsInNoPageIsNotTheEnd(name: String, page: PageStyle, field: String) throws {
    for count in [3, 10] {
      try play(["records": book(count), "style": name], [])
      expectFault(
        stream(request(page)), "page-not-understood",
        "does not say how to get the next page: `\(field)` is in no page, and 3 records came where 3 were asked for"
      )
    }
    // Less than was asked for, or a count, tells that it is the end.
    try play(["records": book(2), "style": name], [])
    #expect(try shop.ids(shop.read(stream(request(page)))).count == 2)
    #expect(try shop.server.apiRequests().last?.query == "limit=3")
    try play(["records": book(3), "style": name, "total": "field"], [])
    var counted = request(page)
    counted.count = .field(FieldPath(names: ["total"]))
    #expect(try shop.ids(shop.read(stream(counted))).count == 3)
  }

  @Test(arguments: ["token", "link"])
  func aFullPageThatIsTheLastIsProvenByASmallerOne(name: String) throws {
    try play(["records": book(3), "style": name], [])
    shop.server.forgetAPIRequests()
    #expect(try shop.ids(shop.read(stream(request(style(name))))).count == 3)
    #expect(try shop.server.apiRequests().map(\.query) == ["limit=3", "limit=1"])
    shop.server.forgetAPIRequests()
    #expect(try shop.ids(shop.read(stream(request(style(name), size: 1)))).count == 3)
    #expect(try shop.server.apiRequests().count == 3)
  }

  @Test(arguments: ["token", "link"])
  func anAPIThatRefusesSmallPagesIsAskedForTheSmallestItTakes(name: String) throws {
    for (least, sizes) in [(2, [3, 1, 2]), (3, [3, 1, 2])] {
      try play(["records": book(3), "style": name, "least": least], [])
      shop.server.forgetAPIRequests()
      let found = shop.read(stream(request(style(name))))
      #expect(found.findings == [], "\(found.problem)")
      #expect(try shop.ids(found).count == 3)
      let asked = Set(try shop.server.apiRequests().map(\.query))
      #expect(asked == Set(sizes.map { "limit=\($0)" }))
    }
    // A page that tells is believed, whatever its size.
    try play(["records": book(6), "style": name, "least": 2], [])
    let wrong = PageStyle.token(field: FieldPath(names: ["nxt"]), parameter: "cursor")
    #expect(shop.read(stream(request(wrong, size: 5))).names == ["page-not-understood"])
  }

  @Test func aListOfOnePageThatSaysThereIsMoreIsNotTheEnd() throws {
    try play(["records": book(3), "style": "token"], [["at": 1, "fault": "page", "says": true]])
    expectFault(
      stream(request(.single)), "page-not-understood",
      "says `has_more: true`, and the connector says no `page`")
  }

  @Test(arguments: ["token", "header_token", "next_url", "link"])
  func aCursorThatLoopsIsNamed(name: String) throws {
    try play(
      ["records": book(10), "style": name], [["at": 3, "fault": "page", "cursor": #"["r02", "r02"]"#]])
    expectFault(stream(request(style(name))), "cursor-loops", "which was read already")
  }

  @Test func theSamePageUnderNewCursorsIsNamed() throws {
    try play(tokens, [["at": "always", "fault": "page", "first": true, "cursor": ""]])
    expectFault(stream(request(style("token"))), "page-repeats", "page 2 of")
  }

  @Test(arguments: ["number", "offset"])
  func anAPIThatIgnoresThePageIsNamed(name: String) throws {
    try play(["records": book(10), "style": name], [["at": "always", "fault": "page", "first": true]])
    expectFault(stream(request(style(name))), "page-repeats", "page 2 of")
    #expect(try shop.server.apiRequests().count == 8)
  }

  @Test func pagesWithoutEndAreNamed() throws {
    try play(
      ["records": book(50), "style": "token", "size": 50],
      [["at": "always", "fault": "page", "first": true, "cursor": "", "fresh": true]])
    expectFault(stream(request(style("token"), size: 50)), "pages-without-end", "50 different ones")
  }

  @Test func emptyPagesWithMoreBehindThemAreGoneThrough() throws {
    try play(tokens, [["at": 2, "fault": "page", "short": 0, "cursor": #"["r02", "r02a"]"#]])
    #expect(try shop.ids(shop.read(stream(paged))).count == 10)
  }

  @Test func aShortPageInTheMiddleLosesNothing() throws {
    for name in ["offset", "token", "last_id", "next_url", "link", "header_token"] {
      try play(["records": book(10), "style": name], [["at": 2, "fault": "page", "short": 1]])
      let found = shop.read(stream(request(style(name))))
      #expect(found.findings == [], "\(name)")
      #expect(try shop.ids(found).count == 10, "\(name)")
    }
  }

  // MARK: The page

  @Test(arguments: [
    (#"{"data": [{"id": "a"}"#, "page-not-understood", "is no JSON: the document ends in the middle"),
    (#"{"data": [{"id": "a",}]}"#, "page-not-understood", "is no JSON"),
    (#"{"data": []} {"data": []}"#, "page-not-understood", "another one begins here"),
    ("", "page-not-understood", "is no JSON: it is empty"),
    ("{\"data\": [{\"id\": \"\u{FF}\"}]}", "", ""),
    (#"{"items": []}"#, "page-not-understood", "has no `data`"),
    (#"{"data": {}}"#, "page-not-understood", "has in `data` no array"),
    (#"{"data": null}"#, "page-not-understood", "has in `data` no array"),
    (#"{"data": [], "data": []}"#, "page-not-understood", "has no `data`"),
    (#"[]"#, "page-not-understood", "has no `data`"),
    (#"{"error": "no luck"}"#, "page-not-understood", "has no `data`"),
    (#"{"data": [{"id": 1}], "errors": ["no luck"]}"#, "page-not-understood", "says `errors`"),
    (#"{"data": [{"id": 1}], "errors": []}"#, "", ""),
    (#"{"data": [{"id": "a"}, {"name": "b"}]}"#, "record-without-key", "without `id`"),
    (#"{"data": [{"id": null}]}"#, "record-without-key", "without `id`"),
    (#"{"data": [{"id": {"a": 1}}]}"#, "record-without-key", "without `id`"),
    (#"{"data": [{"id": "a", "id": "b"}]}"#, "record-without-key", "without `id`"),
    (#"{"data": ["a"]}"#, "record-without-key", "that is no object"),
  ])
  func aPageThatIsNotWhatItShouldBeIsNamed(body: String, name: String, words: String) throws {
    try play(["records": book(1), "style": "single"], [["at": 1, "fault": "body", "body": body]])
    if name.isEmpty {
      #expect(shop.read(stream(request(.single))).findings == [])
    } else {
      expectFault(stream(request(.single)), name, words)
    }
  }

  @Test func aFaultNamesThePageAndTheByte() throws {
    try play(tokens, [["at": 2, "fault": "body", "body": #"{"has_more": false, "data": [{"id": 1}, {}]}"#]])
    let finding = try #require(shop.read(stream(paged)).findings.first)
    #expect(finding.place?.byte == 40)
    #expect(finding.place?.file.hasPrefix("\(shop.server.api)/api/books?limit=3&cursor=") == true)
    #expect(finding.problem.hasPrefix("page 2 of "))
    try play(tokens, [["at": 1, "fault": "body", "body": #"{"error": "no luck"}"#]])
    #expect(shop.read(stream(paged)).findings.first?.excerpt == #"{"error": "no luck"}"#)
  }

  @Test func delimitedPagesAreHeldToTheirHeader() throws {
    var asking = request(style("offset"))
    asking.format = .csv
    let list: [String: Any] = [
      "records": book(10), "style": "offset", "shape": "csv", "columns": ["id", "amount"],
    ]
    try play(list, [["at": 2, "fault": "body", "body": "id,other\nx,1\n", "type": "text/csv"]])
    expectFault(stream(asking), "page-not-understood", "has other columns than the pages before")
    try play(list, [["at": 1, "fault": "body", "body": "amount\n1\n", "type": "text/csv"]])
    expectFault(stream(asking), "record-without-key", "has no column `id`")
    try play(list, [["at": 2, "fault": "body", "body": "id,amount\nx,1,2\n", "type": "text/csv"]])
    expectFault(stream(asking), "page-not-understood", "has on line 2 a record that cannot be read")
    try play(list, [["at": 2, "fault": "body", "body": "id,amount\n,1\n", "type": "text/csv"]])
    expectFault(stream(asking), "record-without-key", "has on line 2 a record without `id`")
  }

  // MARK: Other hosts

  @Test(arguments: ["next_url", "link"])
  func aNextPageAtAnotherHostIsRefusedAndHearsOfNothing(name: String) throws {
    shop.fetcher.secrets = ["KEY": "hunter2-key"]
    shop.connector.authentication = .bearer(try #require(SecretText("${env:KEY}")))
    try play(
      ["records": book(10), "style": name],
      [["at": 2, "fault": "page", "host": "localhost:\(shop.server.port)"]])
    expectFault(stream(request(style(name))), "next-elsewhere", "which is another host")
    #expect(try shop.server.apiRequests().allSatisfy { $0.host.hasPrefix("127.0.0.1") })
  }

  @Test func aRedirectToAnotherHostTakesNoCredentialsAlong() throws {
    shop.fetcher.secrets = ["KEY": "hunter2-key", "OTHER": "hunter2-header"]
    shop.connector.authentication = .bearer(try #require(SecretText("${env:KEY}")))
    shop.connector.headers = ["X-Account": try #require(SecretText("${env:OTHER}"))]
    try play(
      ["records": book(2), "style": "single"],
      [
        [
          "at": 1, "fault": "redirect",
          "to": "http://localhost:\(shop.server.port)/api/books?limit=3",
        ]
      ])
    #expect(try shop.ids(shop.read(stream(request(.single)))).count == 2)
    let requests = try shop.server.apiRequests()
    #expect(requests.map { $0.headers["authorization"] } == ["Bearer hunter2-key", nil])
    #expect(requests.map { $0.headers["x-account"] } == ["hunter2-header", nil])
    #expect(requests.last?.host.hasPrefix("localhost") == true)
  }

  @Test func secretsGoNowhereUnencrypted() throws {
    shop.fetcher.secrets = ["KEY": "hunter2-key"]
    shop.connector.authentication = .header(name: "X-Key", value: try #require(SecretText("${env:KEY}")))
    shop.connector.baseURL = "http://api.invalid"
    expectFault(stream(request(.single)), "source-not-fetchable", "without encryption")
  }

  @Test func nothingAnAPIRepeatsShowsASecret() throws {
    shop.fetcher.secrets = ["KEY": "hunter2-key"]
    shop.connector.authentication = .bearer(try #require(SecretText("${env:KEY}")))
    try shop.server.play([
      "auth": ["header": "authorization", "values": ["none"]], "lists": ["books": tokens],
    ])
    let found = shop.read(stream(paged))
    #expect(found.names == ["source-refused"])
    #expect(found.problem.contains("•••") && !"\(found)".contains("hunter2"), "\(found)")
  }
}
