import Model
import Mustache

/// How one format turns pieces into text.
struct FormatWriter: Sendable {
  /// Plain text with nothing active left in it.
  var text: @Sendable (String) -> String
  var table: @Sendable (Table) -> String
  var chart: @Sendable (Drawing) -> String
  /// What a format without controls says instead: the sentence.
  var whatIf: @Sendable (WhatIf) -> String

  static let markdown = FormatWriter(
    text: MarkdownWriter.escaped, table: MarkdownWriter.table,
    chart: { drawing in
      let words = MarkdownWriter.escaped(drawing.description)
      return drawing.picture.map { "![\(words)](\($0))" } ?? words
    }, whatIf: { MarkdownWriter.escaped($0.sentence) })
}

/// Fills a template strictly: a name the report has no value for is a finding, not an empty text.
///
/// Every text is escaped before the template sees it, so that no way of naming it in a template, three braces
/// included, can make it active.
///
/// - Parameters:
///   - name: the template's file name, for findings.
///   - partials: every template, by file name.
/// - Returns: nil with at least one finding of severity error.
func fill(
  template name: String, _ pieces: [String: Piece], partials: [String: String], writer: FormatWriter
) -> (text: String?, findings: [Finding]) {
  var findings: [Finding] = []
  var library = MustacheLibrary()
  var named: [(file: String, tag: TemplateTag)] = []
  for file in reachableTemplates(from: name, in: partials, &findings) {
    guard let source = partials[file] else { continue }
    let tags = templateTags(in: source)
    let faults = syntaxFaults(of: tags, file)
    findings += faults
    guard faults.isEmpty else { continue }
    do {
      // Texts come escaped already; the library's own escaping would do it twice.
      let plain = "{{% CONTENT_TYPE: TEXT}}\n" + numbered(source, tags, from: named.count)
      library.register(try MustacheTemplate(string: plain), named: partialName(file))
    } catch {
      // What the check above lets pass the library reads; this is for the day it does not.
      findings.append(
        templateFault(
          "bad-template", file, nil, "the template cannot be read: \(error)",
          "compare it with the one that `perennial init DIR --templates` writes"))
    }
    named += tags.map { (file, $0) }
  }
  guard findings.isEmpty else { return (nil, findings) }
  let misses = Misses(values: Set(named.indices.filter { named[$0].tag.isValue }))
  let text = library.render(
    TemplateScope(pieces: pieces, writer: writer, misses: misses, isRoot: true),
    withTemplate: partialName(name))
  let known = names(in: pieces)
  for miss in misses.tags.sorted() { findings.append(missingVariable(named[miss], known)) }
  for (tag, inside) in misses.lists.sorted(by: { $0.key < $1.key }) {
    findings.append(listAsText(named[tag], inside))
  }
  return (findings.isEmpty ? text : nil, findings)
}

/// The template with each tag's number behind its name, `{{title-12}}`: the library asks by name only, and so it is known
/// which tag asked.
private func numbered(_ source: String, _ tags: [TemplateTag], from first: Int) -> String {
  let bytes = Array(source.utf8)
  var result: [UInt8] = []
  var copied = 0
  var open: [Int] = []
  for (index, tag) in tags.enumerated() {
    var number = first + index
    switch tag.kind {
    case .section, .inverted: open.append(number)
    case .end: number = open.removeLast()
    case .value, .unescaped: break
    case .partial, .comment, .unsupported, .unfinished: continue
    }
    let content = bytes[tag.content]
    let end =
      (content.lastIndex { !Character(Unicode.Scalar($0)).isWhitespace } ?? tag.content.lowerBound - 1) + 1
    result += bytes[copied..<end] + Array("-\(number)".utf8)
    copied = end
  }
  return String(decoding: result + bytes[copied...], as: UTF8.self)
}

/// `style.css.mustache` is named `{{>style.css}}` in other templates.
func partialName(_ file: String) -> String {
  file.hasSuffix(".mustache") ? String(file.dropLast(".mustache".count)) : file
}

private final class Misses {
  var tags: Set<Int> = []
  /// Tags that want a text where the report has a list, each with the names of what is in the list.
  var lists: [Int: Set<String>] = [:]
  /// The tags that want a text.
  let values: Set<Int>

  init(values: Set<Int>) { self.values = values }
}

private final class TemplateScope: MustacheParent {
  let pieces: [String: Piece]
  let writer: FormatWriter
  let misses: Misses
  /// A name missing further in may stand further out.
  let isRoot: Bool

  init(pieces: [String: Piece], writer: FormatWriter, misses: Misses, isRoot: Bool) {
    self.pieces = pieces
    self.writer = writer
    self.misses = misses
    self.isRoot = isRoot
  }

  func child(named numbered: String) -> Any? {
    let parts = numbered.split(separator: "-")
    guard parts.count == 2, let number = Int(parts[1]) else { return nil }
    switch pieces[String(parts[0])] {
    case .text(let text): return writer.text(text)
    case .flag(let flag): return flag
    case .table(let table): return writer.table(table)
    case .chart(let drawing): return writer.chart(drawing)
    case .whatIf(let panel): return writer.whatIf(panel)
    case .list(let items):
      guard !misses.values.contains(number) else {
        misses.lists[number, default: []].formUnion(items.flatMap(\.keys))
        return ""
      }
      return items.map { TemplateScope(pieces: $0, writer: writer, misses: misses, isRoot: false) }
    case nil:
      if isRoot { misses.tags.insert(number) }
      return nil
    }
  }
}

/// Every name a template may use, those of what lies in lists among them.
private func names(in pieces: [String: Piece]) -> Set<String> {
  pieces.reduce(into: []) { names, piece in
    names.insert(piece.key)
    if case .list(let items) = piece.value {
      for item in items { names.formUnion(Render.names(in: item)) }
    }
  }
}

private func missingVariable(_ miss: (file: String, tag: TemplateTag), _ known: Set<String>) -> Finding {
  let name = miss.tag.name
  let remedy: String
  if known.contains(name) {
    remedy = "name it further in, inside the section that goes through what has it"
  } else {
    let meant = nearest(to: name, among: known.sorted()).map { "write `\($0)`? " } ?? ""
    remedy = "\(meant)It has: \(known.sorted().joined(separator: ", "))"
  }
  return templateFault(
    "missing-variable", miss.file, miss.tag, "the report has no value named '\(name)' here", remedy)
}

private func listAsText(_ miss: (file: String, tag: TemplateTag), _ inside: Set<String>) -> Finding {
  let name = miss.tag.name
  let has =
    inside.isEmpty ? "" : ", and between them name what it has: \(inside.sorted().joined(separator: ", "))"
  return templateFault(
    "list-as-text", miss.file, miss.tag, "'\(name)' is a list here, not a text",
    "go through it: write `{{#\(name)}}` and `{{/\(name)}}`\(has)")
}
