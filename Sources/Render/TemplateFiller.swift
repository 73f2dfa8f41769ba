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
  let used = reachableTemplates(from: name, in: partials, &findings)
  for file in used {
    guard let source = partials[file] else { continue }
    findings += forbiddenTags(in: source, file)
    do {
      // Texts come escaped already; the library's own escaping would do it twice.
      let plain = "{{% CONTENT_TYPE: TEXT}}\n" + source
      library.register(try MustacheTemplate(string: plain), named: partialName(file))
    } catch let error as MustacheTemplate.ParserError {
      let line = error.context.lineNumber - 1
      findings.append(
        Finding(
          .error, "bad-template",
          at: Place(file: file, line: max(1, line), column: error.context.columnNumber),
          "the template cannot be read: \(error.error)", excerpt: error.context.line,
          consequence: "the report is not written in this format"))
    } catch {
      findings.append(
        Finding(.error, "bad-template", at: Place(file: file), "the template cannot be read: \(error)"))
    }
  }
  guard findings.isEmpty else { return (nil, findings) }
  let misses = Misses()
  let text = library.render(
    TemplateScope(pieces: pieces, writer: writer, misses: misses, isRoot: true),
    withTemplate: partialName(name))
  for miss in misses.names {
    findings.append(missingVariable(miss, used, partials, known: pieces.keys.sorted()))
  }
  return (findings.isEmpty ? text : nil, findings)
}

/// `style.css.mustache` is named `{{>style.css}}` in other templates.
func partialName(_ file: String) -> String {
  file.hasSuffix(".mustache") ? String(file.dropLast(".mustache".count)) : file
}

private final class Misses {
  var names: [String] = []
}

private final class TemplateScope: MustacheParent, CustomStringConvertible {
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

  /// What `{{.}}` prints: a scope has no text of its own.
  var description: String {
    miss(".")
    return ""
  }

  private func miss(_ name: String) {
    if !misses.names.contains(name) { misses.names.append(name) }
  }

  func child(named name: String) -> Any? {
    switch pieces[name] {
    case .text(let text): return writer.text(text)
    case .flag(let flag): return flag
    case .table(let table): return writer.table(table)
    case .chart(let drawing): return writer.chart(drawing)
    case .whatIf(let panel): return writer.whatIf(panel)
    case .list(let items):
      return items.map { TemplateScope(pieces: $0, writer: writer, misses: misses, isRoot: false) }
    case nil:
      if isRoot { miss(name) }
      return nil
    }
  }
}

private func missingVariable(
  _ name: String, _ files: [String], _ templates: [String: String], known: [String]
) -> Finding {
  for file in files {
    for tag in templateTags(in: templates[file] ?? "") where tag.name == name {
      return Finding(
        .error, "missing-variable", at: Place(file: file, line: tag.line, column: tag.column),
        "the report has no value named '\(name)'", excerpt: tag.excerpt,
        consequence: "the report is not written in this format",
        remedy: "name one of: \(known.joined(separator: ", "))")
    }
  }
  return Finding(
    .error, "missing-variable", at: files.first.map { Place(file: $0) },
    "the report has no value named '\(name)'")
}
