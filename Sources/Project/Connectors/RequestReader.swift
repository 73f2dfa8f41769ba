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

  /// A page of delimited text has no fields beside its records.
  private func checkText(_ node: ConfigurationNode, _ request: StreamRequest) {
    guard request.format == .csv else { return }
    let needsDocument =
      switch request.page {
      case .token, .nextURL: true
      case .single, .lastID, .headerToken, .link, .number, .offset: request.more != nil
      }
    var reasons: [(key: String, problem: String)] = []
    if needsDocument {
      reasons.append(("page", "its pages are found by a field, and CSV has none beside its records"))
    }
    if request.records != nil { reasons.append(("records", "CSV has no array of records")) }
    if case .field = request.count {
      reasons.append(("count", "its count is a field, and CSV has none beside its records"))
    }
    for reason in reasons where node.entry(reason.key) != nil || node.entry("format") != nil {
      collector.report(
        .misplacedKey, at: node.entry(reason.key)?.keyPlace ?? node.place,
        "`\(reason.key)` means nothing for `format: csv`: \(reason.problem)",
        remedy: "take it out, or read JSON")
    }
  }

  /// A parameter that pages change must not stand among those that stay.
  private func checkParameters(_ node: ConfigurationNode, _ request: StreamRequest) {
    guard request.body == nil, let said = node.entry("parameters") ?? node.entry("page") else { return }
    var paging = request.size.map { [$0.name] } ?? []
    switch request.page {
    case .lastID(let name), .token(_, let name), .headerToken(_, let name), .number(let name, _),
      .offset(let name):
      paging.append(name)
    case .single, .nextURL, .link: break
    }
    for name in paging where request.parameters.contains(where: { $0.name == name }) {
      collector.report(
        .ambiguousChoice, at: said.keyPlace, "`\(name)` is said by `parameters` and by `page`",
        remedy: "take it out of `parameters`")
    }
  }

  private func checkPlaceholders(_ node: ConfigurationNode, _ request: StreamRequest) {
    var known = filled
    if request.job != nil {
      known.insert(.id)
      if !request.path.contains(Placeholder.id.text), !request.path.isEmpty,
        node.entry("path") != nil || node.entry("job") != nil
      {
        collector.report(
          .missingPlaceholder, at: node["path"]?.place ?? node["job"]?.place ?? node.place,
          "the pages of a job are asked for by its id, and `path` has no `{id}`",
          remedy: "write `path: /v1/jobs/{id}/results`")
      }
    }
    let unknown = Placeholder.allCases.filter { !known.contains($0) }
    for text in ["path", "parameters", "body", "job"].compactMap({ node[$0] }).flatMap(\.allTexts) {
      for placeholder in unknown where text.text?.contains(placeholder.text) == true {
        collector.report(
          .badValue, at: text.place, "`\(placeholder.text)` means nothing here",
          consequence: "it would be sent as it stands",
          remedy: placeholder == .id
            ? "write it below `notices`, or say the `job` whose id it is" : "write it below `changes`")
      }
    }
  }
}

extension ConfigurationNode {
  /// Every single value within.
  var allTexts: [ConfigurationNode] {
    switch content {
    case .nothing: []
    case .scalar: [self]
    case .list(let items): items.flatMap(\.allTexts)
    case .mapping(let entries): entries.flatMap(\.value.allTexts)
    }
  }
}

extension StreamRequest {
  /// Whether the request says somewhere what stands for the placeholder.
  func holds(_ placeholder: Placeholder) -> Bool {
    ([path, body ?? "", job?.path ?? "", job?.body ?? ""] + parameters.map(\.value)).contains {
      $0.contains(placeholder.text)
    }
  }
}
