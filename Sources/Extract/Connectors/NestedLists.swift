import Model

/// Lists inside of records that an API cuts short, read to their end and put together.
///
/// Such a list is `{data: [...], has_more: true, url: "/v1/..."}`; its further elements are asked for by the last one's id.
final class NestedLists {
  private let lists: [FieldSteps]
  private let client: ServiceClient
  private let parameter: String
  private let size: (name: String, count: Int)
  /// Pages of lists that were read.
  private(set) var pages = 0

  private static let data = Array("data".utf8)
  private static let hasMore = Array("has_more".utf8)
  private static let url = Array("url".utf8)
  private static let id = Array("id".utf8)

  init(_ stream: ConnectorStream, _ client: ServiceClient) {
    lists = stream.nested.map { FieldSteps($0) }
    self.client = client
    if case .lastID(let name) = stream.all.page { parameter = name } else { parameter = "starting_after" }
    size = stream.all.size ?? ("limit", 100)
  }

  /// One list that goes on elsewhere.
  private struct Open {
    var record: Int
    var url: String
    var lastID: String
    /// Bytes of its further elements, each with a comma in front.
    var further: [UInt8] = []
    var asked: Set<String> = []
    /// Where they belong, and where `has_more` stands, in the page.
    var end: Int
    var more: Range<Int>
  }

  /// The bytes of those records whose lists went on, by record.
  func completed(
    _ records: [Int], in json: JSONText, _ page: ServicePage
  ) throws(StreamFault) -> [Int: [UInt8]] {
    guard !lists.isEmpty else { return [:] }
    var open: [Open] = []
    for record in records {
      for list in lists {
        if let found = try self.open(list, of: record, in: json, page) { open.append(found) }
      }
    }
    guard !open.isEmpty else { return [:] }
    try complete(&open, page)
    var completed: [Int: [UInt8]] = [:]
    for (record, lists) in Dictionary(grouping: open, by: \.record) {
      let range = json.range(record)
      var edits: [(range: Range<Int>, bytes: [UInt8])] = []
      for list in lists {
        edits.append((list.end..<list.end, list.further))
        edits.append((list.more, Array("false".utf8)))
      }
      var bytes: [UInt8] = []
      var at = range.lowerBound
      for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
        bytes += json.bytes[at..<edit.range.lowerBound]
        bytes += edit.bytes
        at = edit.range.upperBound
      }
      completed[record] = bytes + json.bytes[at..<range.upperBound]
    }
    return completed
  }

  /// nil where the list is whole, or is not there.
  private func open(
    _ list: FieldSteps, of record: Int, in json: JSONText, _ page: ServicePage
  ) throws(StreamFault) -> Open? {
    guard let value = json.value(list, in: record), !json.isNull(value) else { return nil }
    func fault(_ problem: String) -> StreamFault {
      page.fault(.pageNotUnderstood, "has a record whose `\(list.text)` \(problem)", byte: json.offset(value))
    }
    guard json.isObject(value), let data = json.member(Self.data, of: value), json.isArray(data) else {
      throw fault("has no array `data`")
    }
    guard let (hasMore, place) = Self.hasMore(of: value, in: json) else {
      throw fault("does not say in `has_more` whether it goes on")
    }
    guard hasMore else { return nil }
    guard let text = json.member(Self.url, of: value).flatMap(json.scalar),
      let url = WebTarget.resolved(text, from: client.baseURL)
    else { throw fault("goes on, and has no `url`") }
    guard let last = json.elements(data).last, json.isObject(last),
      let id = json.member(Self.id, of: last).flatMap(json.scalar)
    else { throw fault("goes on behind an element without `id`") }
    return Open(
      record: record, url: url, lastID: id, end: json.range(data).upperBound - 1, more: json.range(place))
  }

  private static func hasMore(of object: Int, in json: JSONText) -> (hasMore: Bool, value: Int)? {
    guard let value = json.member(hasMore, of: object), !json.isString(value),
      let more = json.scalar(value).flatMap({ Bool($0) })
    else { return nil }
    return (more, value)
  }

  /// A page of each list at a time, until all have ended.
  private func complete(_ open: inout [Open], _ page: ServicePage) throws(StreamFault) {
    var unfinished = Array(open.indices)
    while !unfinished.isEmpty {
      let requests = unfinished.map { index in
        let list = open[index]
        let separator = list.url.contains("?") ? "&" : "?"
        return ServiceRequest(
          list.url + separator + percentEncoded(size.name) + "=\(size.count)&" + percentEncoded(parameter)
            + "="
            + percentEncoded(list.lastID))
      }
      let replies = try client.send(requests)
      pages += replies.count
      var still: [Int] = []
      for (index, reply) in zip(unfinished, replies) where try take(reply, into: &open[index]) {
        still.append(index)
      }
      unfinished = still
    }
  }

  /// Whether there is more.
  private func take(_ reply: ServiceReply, into list: inout Open) throws(StreamFault) -> Bool {
    func fault(_ name: ExtractFinding, _ problem: String) -> StreamFault {
      StreamFault(name, reply.shownAs, "the page \(reply.shownAs) of a list within a record \(problem)")
    }
    let json = JSONText()
    do throws(JSONTextFault) {
      try json.load(reply.text)
    } catch {
      throw fault(.pageNotUnderstood, "is no JSON: \(error.reason)")
    }
    guard json.isObject(JSONText.root), let data = json.member(Self.data, of: JSONText.root),
      json.isArray(data)
    else { throw fault(.pageNotUnderstood, "has no array `data`") }
    guard let (hasMore, _) = Self.hasMore(of: JSONText.root, in: json) else {
      throw fault(.pageNotUnderstood, "does not say in `has_more` whether the list goes on")
    }
    let elements = json.elements(data)
    for element in elements {
      list.further.append(0x2C)
      list.further += json.bytes[json.range(element)]
    }
    guard hasMore else { return false }
    guard let last = elements.last, json.isObject(last),
      let id = json.member(Self.id, of: last).flatMap(json.scalar)
    else { throw fault(.pageNotUnderstood, "goes on behind an element without `id`") }
    guard list.asked.insert(list.lastID).inserted, !list.asked.contains(id) else {
      throw fault(.cursorLoops, "goes on behind an element that was read already")
    }
    list.lastID = id
    return true
  }
}
