import Model

/// What is wrong with a request only when its parts are seen together.
extension RequestReader {
  /// A page of delimited text has no fields beside its records.
  func checkText(_ node: ConfigurationNode, _ request: StreamRequest) {
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
  func checkParameters(_ node: ConfigurationNode, _ request: StreamRequest) {
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

  func checkPlaceholders(_ node: ConfigurationNode, _ request: StreamRequest) {
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
