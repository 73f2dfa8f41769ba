import Model
import Render

extension StreamRead {
  /// One line for people: `stripe subscriptions: everything (first read), 1,204 records, as many as the source counts (total)`.
  ///
  /// `stream` is what the project says of it today; nil where it does not any more.
  func summary(_ stream: ConnectorStream?) -> String {
    var parts: [String] = []
    let count: StreamRequest.Count?
    switch extent {
    case .whole:
      parts.append("everything" + (reason.isEmpty ? "" : " (\(reason))"))
      count = stream?.all.count
    case .changes:
      parts.append("changes" + (since.map { " since \($0)" } ?? ""))
      count = stream?.changes?.request.count
    }
    parts.append(countText(records) + (records == 1 ? " record" : " records"))
    if deleted > 0 { parts.append("\(countText(deleted)) deleted") }
    if withoutTime > 0 { parts.append("\(countText(withoutTime)) without a time of change") }
    parts.append(proof.sentence(by: count?.name))
    if extent == .changes { parts.append("everything last at \(cursor.readWhole)") }
    return "\(connector) \(self.stream): " + parts.joined(separator: ", ")
  }

  /// The same for programs.
  var members: [(String, JSONLine.Value)] {
    [
      ("connector", .text(connector)), ("stream", .text(stream)), ("extent", .text(extent.rawValue)),
      ("read_whole_because", .init(reason.isEmpty ? nil : reason)), ("since", .init(since?.description)),
      ("pages", .integer(Int64(pages))), ("received", .integer(Int64(received))),
      ("records", .integer(Int64(records))), ("deleted", .integer(Int64(deleted))),
      ("without_time", .integer(Int64(withoutTime))),
      ("counted", counted.map { .integer(Int64($0)) } ?? .null),
      ("proof", .text(proof.rawValue)), ("reached", .init(cursor.reached?.description)),
      ("began", .text(cursor.read.description)), ("began_whole", .text(cursor.readWhole.description)),
    ]
  }
}

extension StreamRequest.Count {
  /// Where the source says how many there are.
  fileprivate var name: String {
    switch self {
    case .field(let path), .jobField(let path): path.dotted
    case .header(let name), .headHeader(let name): name
    case .request(let path, let field): "\(field.dotted) of \(path)"
    }
  }
}
