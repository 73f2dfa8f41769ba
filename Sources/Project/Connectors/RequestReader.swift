import Model

/// Turns one way of asking for a list into a typed request.
struct RequestReader {
  let collector: FindingCollector
  /// What the request may hold besides the id of its job.
  let filled: Set<Placeholder>

  /// - Parameter base: What holds where the node says nothing. With a path of its own a request asks another list: then it
  ///   keeps only how pages look and are asked for.
  func read(_ node: ConfigurationNode, over base: StreamRequest? = nil) -> StreamRequest {
    let path = node["path"]?.text ?? base?.path ?? ""
    var request = base ?? StreamRequest(path: path)
    if path != request.path {
      request = StreamRequest(
        path: path, records: request.records, format: request.format, page: request.page, size: request.size,
        more: request.more)
    }
    if let job = node["job"] {
      request.job = JobReader(collector: collector).read(job, over: request.job)
    }
    readQuestion(node, into: &request)
    if let records = node["records"]?.text { request.records = FieldPath(records) }
    if let format = node["format"]?.text.flatMap(StreamRequest.Format.init) { request.format = format }
    if let page = node["page"] { PageReader(collector: collector).read(page, into: &request) }
    if let count = node["count"] { request.count = self.count(count, request) }
    checkPlaceholders(node, request)
    checkText(node, request)
    checkParameters(node, request)
    return request
  }

  /// Method, parameters and body.
  private func readQuestion(_ node: ConfigurationNode, into request: inout StreamRequest) {
    if let body = node["body"], case .mapping = body.content {
      request.body = body.json
      request.method = .post
    }
    if let method = node["method"]?.text.flatMap(StreamRequest.Method.init) {
      request.method = method
      if method == .get {
        if let body = node.entry("body") {
          collector.report(
            .misplacedKey, at: body.keyPlace, "`body` means nothing for a request with GET",
            remedy: "write `method: POST`")
        }
        request.body = nil
      }
    }
    let own = node["parameters"]?.entries ?? []
    request.parameters.removeAll { inherited in own.contains { $0.key == inherited.name } }
    for entry in own {
      reportSecret(entry)
      request.parameters += entry.value.texts.map { .init(entry.key, $0) }
    }
  }

  /// What is a word, a number or a placeholder is no secret, whatever the parameter is called.
  private func reportSecret(_ entry: ConfigurationNode.Entry) {
    guard soundsSecret(entry.key) else { return }
    for item in entry.value.items {
      guard let text = item.text, text.utf8.count >= 8, !text.hasPrefix("{"),
        text.contains(where: \.isNumber), text.contains(where: \.isLetter)
      else { continue }
      reportLiteralSecret(item, text, "`\(entry.key)`", collector)
    }
  }

  private func count(_ node: ConfigurationNode, _ request: StreamRequest) -> StreamRequest.Count? {
    guard case .mapping = node.content else { return nil }
    guard node.entries.count == 1, let entry = node.entries.first else {
      if !node.hasUnknownKeys {
        collector.report(
          node.entries.isEmpty ? .missingKey : .ambiguousChoice, at: node.place,
          "`count` takes one of `field`, `header`, `head`, `request` and `job`",
          remedy: node.entries.isEmpty ? "write `count: {field: total}`" : "keep one of them")
      }
      return nil
    }
    let field = entry.value.text.flatMap(FieldPath.init)
    switch entry.key {
    case "field": return field.map { .field($0) }
    case "header": return entry.value.text.map { .header($0) }
    case "head": return entry.value.text.map { .headHeader($0) }
    case "job":
      if request.job == nil {
        collector.report(
          .misplacedKey, at: entry.keyPlace, "`job` means nothing here: the request has no `job`",
          remedy: "take it out, or say the `job`")
      }
      return field.map { .jobField($0) }
    default:
      guard let path = entry.value["path"]?.text,
        let field = entry.value["field"]?.text.flatMap(FieldPath.init)
      else { return nil }
      return .request(path: path, field: field)
    }
  }
}
