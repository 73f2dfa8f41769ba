import Model

extension SourceConfiguration.StreamReference {
  /// SHA-256 of what decides which records are read: a cursor of another question is not gone on with.
  ///
  /// How pages are asked for, rates and secrets are no part of it.
  var identity: String {
    var lines = ["perennial stream 1", connector.name, connector.baseURL, stream.name, stream.key.pointer]
    if case .oauth2(let oauth) = connector.authentication { lines.append(oauth.tokenURL) }
    lines += stream.nested.map(\.pointer)
    if let deleted = stream.deleted { lines += [deleted.field.pointer] + deleted.values }
    lines += Self.lines(stream.all)
    if let changes = stream.changes {
      lines += ["changes", changes.field.pointer, "\(changes.format)", changes.bound.rawValue]
      lines += Self.lines(changes.request)
      if let request = changes.withoutTime { lines += ["without time, in every read"] + Self.lines(request) }
      if let notices = changes.notices {
        lines += ["notices", notices.key.pointer, notices.record.pointer] + Self.lines(notices.request)
      }
    }
    let digest = FileDigest()
    let text = lines.map { $0.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") }.joined(
      separator: "\n")
    Array(text.utf8).withUnsafeBytes { digest.add($0) }
    return digest.finish()
  }

  private static func lines(_ request: StreamRequest) -> [String] {
    [
      request.method.rawValue, request.path, request.body ?? "", request.records?.pointer ?? "",
      request.format.rawValue,
    ] + request.parameters.flatMap { [$0.name, $0.value] } + (request.job.map { [$0.path, $0.body] } ?? [])
  }
}
