import Model

/// Turns `page:` into a style, and says what the style needs or has no use for.
struct PageReader {
  let collector: FindingCollector

  private static let needed = [
    "last_id": ["parameter"], "token": ["field", "parameter"], "header_token": ["header", "parameter"],
    "next_url": ["field"], "number": ["parameter"], "offset": ["parameter"],
  ]

  /// A `page` is said as a whole: nothing of an earlier one stays.
  func read(_ node: ConfigurationNode, into request: inout StreamRequest) {
    guard let style = node["style"]?.text else { return }
    let needed = Self.needed[style] ?? []
    for key in needed where node.entry(key) == nil && !node.hasUnknownKeys {
      collector.report(
        .missingKey, at: node.place, "pages of style `\(style)` need a `\(key)`",
        remedy: "add `\(key): \(example(key, style))`")
    }
    for key in ["parameter", "field", "header", "first"] where !needed.contains(key) {
      guard let entry = node.entry(key), !(key == "first" && style == "number") else { continue }
      collector.report(
        .misplacedKey, at: entry.keyPlace, "`\(key)` means nothing for pages of style `\(style)`",
        remedy: "take it out")
    }
    let parameter = node["parameter"]?.text ?? ""
    let field = node["field"]?.text.flatMap(FieldPath.init) ?? FieldPath(names: [])
    switch style {
    case "last_id": request.page = .lastID(parameter: parameter)
    case "token": request.page = .token(field: field, parameter: parameter)
    case "header_token":
      request.page = .headerToken(header: node["header"]?.text ?? "", parameter: parameter)
    case "next_url": request.page = .nextURL(field: field)
    case "link": request.page = .link
    case "number": request.page = .number(parameter: parameter, first: node["first"]?.whole ?? 1)
    case "offset": request.page = .offset(parameter: parameter)
    default: request.page = .single
    }
    request.more = node["more"]?.text.flatMap(FieldPath.init)
    request.window = node["window"]?.whole
    request.size = nil
    if let size = node["size"], let name = size["parameter"]?.text, let count = size["value"]?.whole {
      request.size = (name, count)
    }
  }

  private func example(_ key: String, _ style: String) -> String {
    switch (key, style) {
    case ("parameter", "last_id"): "starting_after"
    case ("parameter", "number"): "page"
    case ("parameter", "offset"): "offset"
    case ("parameter", _): "cursor"
    case ("field", "next_url"): "next"
    case ("field", _): "next_cursor"
    default: "X-Next-Cursor"
    }
  }
}
