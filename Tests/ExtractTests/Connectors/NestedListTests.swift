import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Lists inside of records that an API cuts short.
@Suite(.serialized) struct NestedListTests {
  let shop: StreamFetcher
  init() throws { shop = try StreamFetcher() }

  private let asked: ConnectorStream = {
    var asked = stream(request(style("token"), hasMore: true))
    asked.nested = [FieldPath(names: ["items"]), FieldPath(names: ["notes"])]
    return asked
  }()

  private func record(_ id: String, items: Int, notes: Int? = nil) -> [String: Any] {
    func list(_ count: Int, _ letter: String) -> [[String: Any]] {
      (0..<count).map { ["id": "\(letter)\($0)", "price": "\($0).10"] }
    }
    var inner: [String: Any] = ["items": list(items, "i")]
    if let notes { inner["notes"] = list(notes, "n") }
    return ["id": id, "inner": inner, "after": 1]
  }

  private func play(_ records: [[String: Any]], _ more: [String: Any] = [:]) throws {
    let list = ["records": records, "style": "token"].merging(more) { $1 }
    try shop.server.play(["lists": ["books": list]])
  }

  private func lists(_ found: FoundFiles, _ name: String) throws -> [String: [String]] {
    try shop.records(found).compactMapValues { record in
      guard let list = record[name] as? [String: Any] else { return nil }
      #expect(list["has_more"] as? Bool == false)
      return (list["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
    }
  }

  @Test(arguments: ["data", "pretty"])
  func listsAreReadToTheirEndAndPutTogether(shape: String) throws {
    let records = [
      record("a", items: 7, notes: 3), record("b", items: 2), record("c", items: 0, notes: 5),
      record("d", items: 3), record("e", items: 9, notes: 1),
    ]
    try play(records, ["shape": shape])
    let found = shop.read(asked)
    #expect(found.findings == [], "\(found.problem)")
    let items = try lists(found, "items")
    for (id, count) in [("a", 7), ("b", 2), ("c", 0), ("d", 3), ("e", 9)] {
      #expect(items[id] == (0..<count).map { "i\($0)" }, "\(id)")
    }
    let notes = try lists(found, "notes")
    #expect(notes == ["a": ["n0", "n1", "n2"], "c": (0..<5).map { "n\($0)" }, "e": ["n0"]])
    #expect(shop.lines(found).allSatisfy { $0.contains(#""after": 1"#) })
    #expect(shop.lines(found).count == 5)
  }

  @Test func aListThatLoopsIsNamed() throws {
    try play([record("a", items: 7)], ["inner_loops": true])
    let found = shop.read(asked)
    #expect(found.names == ["cursor-loops"])
    #expect(found.problem.contains("/api/books/a/items?limit=3&starting_after=i1"), "\(found.problem)")
  }

  @Test(arguments: [
    (
      #"{"id": "a", "items": {"data": [], "url": "/x"}}"#, "page-not-understood", "does not say in `has_more`"
    ),
    (#"{"id": "a", "items": []}"#, "page-not-understood", "has no array `data`"),
    (
      #"{"id": "a", "items": {"data": [{"id": 1}], "has_more": true}}"#, "page-not-understood", "has no `url`"
    ),
    (
      #"{"id": "a", "items": {"data": [], "has_more": true, "url": "/x"}}"#, "page-not-understood",
      "behind an element without `id`"
    ),
    (
      #"{"id": "a", "items": {"data": [{"id": 1}], "has_more": true, "url": "http://localhost:1/x"}}"#,
      "next-elsewhere", "which is another host"
    ),
    (#"{"id": "a", "items": null}"#, "", ""), (#"{"id": "a"}"#, "", ""),
  ])
  func whatIsNoListIsNamed(record: String, name: String, words: String) throws {
    let body = #"{"has_more": false, "data": [\#(record)]}"#
    try play([], ["steps": [["at": 1, "fault": "body", "body": body]]])
    let found = shop.read(asked)
    #expect(found.names == (name.isEmpty ? [] : [name]))
    #expect(found.problem.contains(words), "\(found.problem)")
  }
}

extension String {
  fileprivate func contains(_ words: String) -> Bool { words.isEmpty || firstRange(of: words) != nil }
}
