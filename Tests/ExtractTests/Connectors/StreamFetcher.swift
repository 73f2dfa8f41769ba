import Extract
import Foundation
import LoopbackServers
import Model

/// Reads streams of a paging API on loopback.
final class StreamFetcher {
  let server: FaultServer
  let fetcher = Fetcher()
  var connector: Connector

  init() throws {
    server = try FaultServer(serving: "nothing")
    connector = Connector(
      name: "shop", title: "Shop", baseURL: server.api, system: "shop", streams: [],
      place: Place(file: "Config/connectors/shop.yml"))
  }

  func source(_ stream: ConnectorStream) -> SourceConfiguration {
    var source = fetcher.source([])
    source.stream = .init(connector: connector, stream: stream)
    source.format.kind = stream.all.format == .csv ? .csv : .ndjson
    source.access.policy = fetcher.access.policy
    return source
  }

  func read(
    _ stream: ConnectorStream, since cursor: StreamCursor? = nil, readsWhole: Bool = false,
    isOffline: Bool = false
  ) -> FoundFiles {
    fetcher.finder(isOffline: isOffline).files(of: source(stream), since: cursor, readsWhole: readsWhole)
  }

  /// The lines of what was landed.
  func lines(_ found: FoundFiles) -> [String] {
    fetcher.texts(found).values.flatMap { $0.split(separator: "\n").map(String.init) }
  }

  /// The records of what was landed, by id; those of one id twice are an error of the test.
  func records(_ found: FoundFiles) throws -> [String: [String: Any]] {
    var records: [String: [String: Any]] = [:]
    for line in lines(found) {
      guard let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let id = record["id"] as? String, records.updateValue(record, forKey: id) == nil
      else { throw NotRecords(line: line) }
    }
    return records
  }

  func ids(_ found: FoundFiles) throws -> [String] { try records(found).keys.sorted() }

  struct NotRecords: Error { var line: String }
}

/// Records `r00`, `r01` ... that changed at 100, 101 ...
func book(_ count: Int, every step: Int = 1) -> [[String: Any]] {
  (0..<count).map {
    [
      "id": "r\($0 < 10 ? "0" : "")\($0)", "updated": 100 + $0 * step, "amount": "\($0).50",
      "gone": $0 % 5 == 4,
    ]
  }
}

/// Each way of asking for the next page, as the API on loopback does it.
let pageStyles: [(name: String, style: PageStyle)] = [
  ("last_id", .lastID(parameter: "after")),
  ("token", .token(field: FieldPath(names: ["next", "cursor"]), parameter: "cursor")),
  ("header_token", .headerToken(header: "X-Next", parameter: "cursor")),
  ("next_url", .nextURL(field: FieldPath(names: ["next"]))), ("link", .link),
  ("number", .number(parameter: "page", first: 1)), ("offset", .offset(parameter: "offset")),
]

func style(_ name: String) -> PageStyle { pageStyles.first { $0.name == name }?.style ?? .single }

func stream(_ request: StreamRequest, changes: StreamChanges? = nil) -> ConnectorStream {
  ConnectorStream(
    name: "books", all: request, changes: changes, key: FieldPath(names: ["id"]),
    place: Place(file: "Config/connectors/shop.yml"))
}

/// Asks for `/api/books` in pages of so many.
func request(_ style: PageStyle, size: Int? = 3, hasMore: Bool = false) -> StreamRequest {
  StreamRequest(
    path: "/api/books", records: FieldPath(names: ["data"]), page: style, size: size.map { ("limit", $0) },
    more: hasMore ? FieldPath(names: ["has_more"]) : nil)
}
