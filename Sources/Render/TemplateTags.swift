import Model

/// One `{{tag}}` of a template.
struct TemplateTag {
  enum Kind { case value, unescaped, section, inverted, end, partial, comment, unsupported }
  var kind: Kind
  var name: String
  var line: Int
  var column: Int
  /// The line it stands in.
  var excerpt: String
}

/// The tags of a template, in order; what is wrong with their syntax is the template library's to say.
func templateTags(in source: String) -> [TemplateTag] {
  var tags: [TemplateTag] = []
  for (number, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    var rest = line[...]
    while let open = firstRange(of: "{{", in: rest) {
      let inside = rest[open.upperBound...]
      guard let close = firstRange(of: "}}", in: inside) else { break }
      let content = inside[..<close.lowerBound]
      let (kind, name) = tag(content)
      tags.append(
        TemplateTag(
          kind: kind, name: name, line: number + 1,
          column: line.distance(from: line.startIndex, to: open.lowerBound) + 1, excerpt: String(line)))
      rest = rest[close.upperBound...]
    }
  }
  return tags
}

private func firstRange(of text: String, in line: Substring) -> Range<Substring.Index>? {
  var index = line.startIndex
  while index < line.endIndex {
    if line[index...].hasPrefix(text) { return index..<line.index(index, offsetBy: text.count) }
    index = line.index(after: index)
  }
  return nil
}

private func tag(_ content: Substring) -> (TemplateTag.Kind, String) {
  func name(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.prefix { $0 != " " && $0 != "}" })
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
        Finding(
          .error, "missing-template", at: Place(file: file), "there is no template '\(file)'",
          consequence: "the report is not written in this format"))
      continue
    }
    for tag in templateTags(in: source) where tag.kind == .partial {
      let partial = tag.name + ".mustache"
      if templates[partial] == nil {
        findings.append(
          Finding(
            .error, "missing-partial", at: Place(file: file, line: tag.line, column: tag.column),
            "there is no template '\(partial)'", excerpt: tag.excerpt,
            consequence: "the report is not written in this format",
            remedy: "add the file beside \(file), or take the line out"))
      } else if !found.contains(partial) {
        found.append(partial)
      }
    }
  }
  if let circle = found.first(where: { reaches($0, from: $0, templates, []) }) {
    findings.append(
      Finding(
        .error, "circular-partial", at: Place(file: circle),
        "'\(circle)' uses itself, directly or through others",
        consequence: "the report is not written in this format"))
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

/// Tags that the library would let pass in silence or that would switch the escaping off.
func forbiddenTags(in source: String, _ file: String) -> [Finding] {
  templateTags(in: source).compactMap { tag in
    let problem: String
    switch tag.kind {
    case .comment, .partial: return nil
    case .unsupported: problem = "'{{\(tag.name)' is not part of report templates"
    case _ where tag.name.contains("("):
      problem = "transforms are not part of report templates: '\(tag.name)'"
    case _ where tag.name.contains(".") && tag.name != ".":
      problem = "names with dots are not part of report templates: '\(tag.name)'"
    default: return nil
    }
    return Finding(
      .error, "unsupported-tag", at: Place(file: file, line: tag.line, column: tag.column), problem,
      excerpt: tag.excerpt, consequence: "the report is not written in this format",
      remedy: "use names, sections, inverted sections, partials and comments")
  }
}
