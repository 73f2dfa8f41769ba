import Model

/// What the tags of one template get wrong among themselves, all of it at once.
func syntaxFaults(of tags: [TemplateTag], _ file: String) -> [Finding] {
  tags.compactMap { fault(of: $0, file) } + sectionFaults(tags, file)
}

/// Tags that are no tags, that the library would let pass in silence, or that would switch the escaping off.
private func fault(of tag: TemplateTag, _ file: String) -> Finding? {
  func unsupported(_ problem: String) -> Finding {
    templateFault(
      "unsupported-tag", file, tag, problem, "use names, sections, inverted sections, partials and comments")
  }
  func bad(_ problem: String, _ remedy: String) -> Finding {
    templateFault("bad-template", file, tag, problem, remedy)
  }
  switch tag.kind {
  case .comment: return nil
  case .unfinished:
    let braces = tag.name.hasPrefix("{") ? "}}}" : "}}"
    return bad("'\(tag.text)' is not closed", "write `\(braces)` behind the name")
  case .unsupported: return unsupported("'\(tag.text)' is not part of report templates")
  case _ where tag.name.isEmpty:
    return bad("the tag '\(tag.text)' has no name", "write a name between its braces, or take it out")
  case _ where tag.name.contains("("):
    return unsupported("transforms are not part of report templates: '\(tag.name)'")
  case .partial: return nil
  case _ where tag.name == ".":
    return templateFault(
      "missing-variable", file, tag, "the report has no value named '.'",
      "name the value: what a section goes through has names of its own")
  case _ where tag.name.contains("."):
    return unsupported("names with dots are not part of report templates: '\(tag.name)'")
  case _ where !tag.name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }):
    return bad(
      "'\(tag.name)' is no name", "a name has letters, digits and `_` only; text goes outside the braces")
  default: return nil
  }
}

/// Sections that do not end, and ends of nothing.
private func sectionFaults(_ tags: [TemplateTag], _ file: String) -> [Finding] {
  var open: [TemplateTag] = []
  var findings: [Finding] = []
  func unclosed(_ section: TemplateTag, before end: TemplateTag?) {
    let place = end.map { "before line \($0.line)'s `\($0.text)`" } ?? "where the section ends"
    findings.append(
      templateFault(
        "bad-template", file, section, "the section '\(section.text)' is not closed",
        "write `{{/\(section.name)}}` \(place)"))
  }
  for tag in tags where !tag.name.isEmpty {
    switch tag.kind {
    case .section, .inverted: open.append(tag)
    case .end:
      guard let index = open.lastIndex(where: { $0.name == tag.name }) else {
        let remedy =
          open.last.map {
            "write `{{/\($0.name)}}`, which closes line \($0.line)'s `\($0.text)`, or take it out"
          }
          ?? "take it out, or write `{{#\(tag.name)}}` where the section begins"
        findings.append(
          templateFault("bad-template", file, tag, "'\(tag.text)' closes no section", remedy))
        // A misspelled end is one mistake, not two.
        if !open.isEmpty { open.removeLast() }
        continue
      }
      for section in open[(index + 1)...] { unclosed(section, before: tag) }
      open.removeSubrange(index...)
    default: break
    }
  }
  for section in open { unclosed(section, before: nil) }
  return findings
}
