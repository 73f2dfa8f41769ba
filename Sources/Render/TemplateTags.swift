import Model

/// One `{{tag}}` of a template.
struct TemplateTag {
  enum Kind { case value, unescaped, section, inverted, end, partial, comment, unsupported, unfinished }
  var kind: Kind
  var name: String
  var line: Int
  var column: Int
  /// The line it stands in.
  var excerpt: String
  /// The bytes of the source that hold what is between its braces.
  var content: Range<Int>

  /// Whether it puts a text where it stands.
  var isValue: Bool { kind == .value || kind == .unescaped }

  /// As it is written in a template.
  var text: String {
    switch kind {
    case .value: "{{\(name)}}"
    case .unescaped: "{{{\(name)}}}"
    case .section: "{{#\(name)}}"
    case .inverted: "{{^\(name)}}"
    case .end: "{{/\(name)}}"
    case .partial: "{{>\(name)}}"
    case .comment: "{{!}}"
    case .unsupported, .unfinished: "{{\(name)"
    }
  }
}

/// The tags of a template, in order. A tag may go over several lines; one that never ends is the last.
func templateTags(in source: String) -> [TemplateTag] {
  let bytes = Array(source.utf8)
  var tags: [TemplateTag] = []
  var line = 1
  var lineStart = 0
  var at = 0
  while at < bytes.count {
    if bytes[at] == UInt8(ascii: "\n") {
      line += 1
      lineStart = at + 1
    }
    guard bytes[at] == UInt8(ascii: "{"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "{") else {
      at += 1
      continue
    }
    let close = end(of: bytes, from: at + 2)
    let content = String(decoding: bytes[(at + 2)..<(close ?? bytes.count)], as: UTF8.self)
    var (kind, name) = tag(content[...])
    // What stands in three braces ends with three.
    let isCut =
      content.first == "{"
      && (close.map { $0 + 2 >= bytes.count || bytes[$0 + 2] != UInt8(ascii: "}") } ?? true)
    if close == nil || isCut {
      (kind, name) = (.unfinished, String(content.prefix { $0 != "\n" && $0 != " " }))
    }
    let lineEnd = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    tags.append(
      TemplateTag(
        kind: kind, name: name, line: line,
        column: String(decoding: bytes[lineStart..<at], as: UTF8.self).count + 1,
        excerpt: String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self),
        content: (at + 2)..<(close ?? bytes.count)))
    guard let close else { return tags }
    for index in at..<close where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    at = close + (content.first == "{" && !isCut ? 3 : 2)
  }
  return tags
}

/// Where the `}}` stands that ends what begins here.
private func end(of bytes: [UInt8], from start: Int) -> Int? {
  (start..<max(start, bytes.count - 1)).first {
    bytes[$0] == UInt8(ascii: "}") && bytes[$0 + 1] == UInt8(ascii: "}")
  }
}

private func tag(_ content: Substring) -> (TemplateTag.Kind, String) {
  func name(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
  switch content.first {
  case "#": return (.section, name(content.dropFirst()))
  case "^": return (.inverted, name(content.dropFirst()))
  case "/": return (.end, name(content.dropFirst()))
  case "!": return (.comment, "")
  case "{", "&": return (.unescaped, name(content.dropFirst()))
  case ">": return (.partial, name(content.dropFirst()))
  case "=", "%", "<", "$", "*": return (.unsupported, name(content))
  default: return (.value, name(content))
  }
}

/// Template files that a template uses, itself first; a partial that is not there is a finding.
func reachableTemplates(
  from start: String, in templates: [String: String], _ findings: inout [Finding]
) -> [String] {
  var found = [start]
  var next = 0
  while next < found.count {
    let file = found[next]
    next += 1
    guard let source = templates[file] else {
      findings.append(
        templateFault(
          "missing-template", file, nil, "there is no template '\(file)'", "add the file, or name another"))
      continue
    }
    for tag in templateTags(in: source) where tag.kind == .partial && !tag.name.isEmpty {
      let partial = tag.name + ".mustache"
      if templates[partial] == nil {
        findings.append(
          templateFault(
            "missing-partial", file, tag, "there is no template '\(partial)'",
            "add the file beside \(file), or take the line out"))
      } else if !found.contains(partial) {
        found.append(partial)
      }
    }
  }
  if let circle = found.first(where: { reaches($0, from: $0, templates, []) }) {
    findings.append(
      templateFault(
        "circular-partial", circle, nil, "'\(circle)' uses itself, directly or through others",
        "take out one `{{>…}}` of the circle"))
  }
  return found
}

private func reaches(
  _ goal: String, from start: String, _ templates: [String: String], _ path: Set<String>
) -> Bool {
  for tag in templateTags(in: templates[start] ?? "") where tag.kind == .partial {
    let partial = tag.name + ".mustache"
    if partial == goal { return true }
    if !path.contains(partial), reaches(goal, from: partial, templates, path.union([partial])) { return true }
  }
  return false
}

/// A fault of a template, at the tag it is about.
func templateFault(
  _ name: String, _ file: String, _ tag: TemplateTag?, _ problem: String, _ remedy: String
) -> Finding {
  Finding(
    .error, name,
    at: Place(file: "\(ReportDefinition.templateFolder)/\(file)", line: tag?.line, column: tag?.column),
    problem,
    excerpt: tag?.excerpt, consequence: "the report is not written in this format", remedy: remedy)
}
