import Yams

/// What is wrong with a text that is no YAML, told where it is to be mended.
///
/// A parser notices what is not closed only where something else follows, which may be the file's last, empty line: the place is
/// that of the bracket or quote.
struct YAMLFault {
  private(set) var mark: Mark
  private(set) var problem: String
  private(set) var remedy =
    "check the indentation (spaces, no tabs) and quote texts that hold `: `, `#` or a leading `*`, `%`, `@`"

  /// nil where the error has no place in the text.
  init?(_ error: YamlError, in text: String) {
    guard let notice = YAMLNotice(error) else { return nil }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    let opening = notice.begin ?? notice.mark
    let (line, column) = (notice.mark.line, notice.mark.column)
    let end = notice.isAtEnd(of: lines) ? "the file's end" : "line \(line), column \(column)"
    (mark, problem) = (notice.mark, notice.text)
    if notice.kind == .quote {
      let quote = Self.quote(at: opening, in: lines)
      mark = opening
      problem = "the text in quotes that begins here is not closed: no `\(quote)` stands before \(end)"
      remedy = Self.remedy(for: quote)
    } else if let opening = Self.quote(runningInto: notice, lines) {
      mark = opening
      problem =
        "the text in quotes that begins here goes on to line \(line), column \(column), and something else stands behind it"
      remedy = Self.remedy(for: Self.quote(at: opening, in: lines))
    } else if case .bracket(let noun, let closing) = notice.kind {
      let isElsewhere = notice.isAtEnd(of: lines) || opening.line != line
      mark = isElsewhere ? opening : notice.mark
      problem =
        isElsewhere
        ? "the \(noun) that begins here is not closed: it lacks `\(closing)`, or a comma, before \(end)"
        : "the \(noun) that begins in column \(opening.column) has neither `,` nor `\(closing)` here"
      remedy =
        "write `\(closing)` where the \(noun) ends, and quote texts that hold `,`, `: `, `#` or a bracket"
    } else if notice.kind == .key {
      mark = opening
      problem = "no `: ` stands behind the key that begins here"
      remedy = "write `key: value`; a text of several lines is indented further than its key"
    } else if notice.kind == .escape {
      remedy = "write `\\\\` for a `\\` in a text in double quotes, or take single ones"
    } else if notice.isAtEnd(of: lines) {
      mark = opening
    }
  }

  private static func remedy(for quote: Character) -> String {
    "write `\(quote)` where the text ends; inside it, write `\(quote == "'" ? "''" : "\\\"")`"
  }

  /// Where a text in quotes begins that runs over a line's end before the fault.
  private static func quote(runningInto notice: YAMLNotice, _ lines: [Substring], tries: Int = 3) -> Mark? {
    let before = lines.prefix(max(notice.mark.line, 1) - 1)
    guard tries > 0, !before.isEmpty else { return nil }
    do {
      _ = try Yams.compose(yaml: before.joined(separator: "\n") + "\n")
    } catch {
      guard let earlier = (error as? YamlError).flatMap(YAMLNotice.init) else { return nil }
      if earlier.kind == .quote { return earlier.begin }
      // Behind such a text what is wrong may show lines later.
      return earlier.mark.line < notice.mark.line
        ? quote(runningInto: earlier, lines, tries: tries - 1) : nil
    }
    return nil
  }

  private static func quote(at mark: Mark, in lines: [Substring]) -> Character {
    let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
    return line.unicodeScalars.dropFirst(mark.column - 1).first == "'" ? "'" : "\""
  }
}

/// What the parser says, and of what.
private struct YAMLNotice {
  enum Kind: Equatable {
    case bracket(noun: String, closing: String)
    case quote
    case escape
    case key
    case other
  }

  let kind: Kind
  let mark: Mark
  /// Where what was being read began.
  let begin: Mark?
  let text: String

  init?(_ error: YamlError) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      (self.mark, begin) = (mark, context?.mark)
      text = [context?.text, problem].compactMap { $0 }.joined(separator: ": ")
      kind =
        switch context?.text {
        case "while parsing a flow sequence": .bracket(noun: "list", closing: "]")
        case "while parsing a flow mapping": .bracket(noun: "mapping", closing: "}")
        case "while scanning a quoted scalar": .quote
        case "while parsing a quoted scalar": .escape
        case "while scanning a simple key": .key
        default: .other
        }
    default: return nil
    }
  }

  /// Whether nothing follows but empty lines and comments.
  func isAtEnd(of lines: [Substring]) -> Bool {
    var rest = Array(lines.dropFirst(mark.line - 1))
    if let line = rest.first { rest[0] = Substring(line.unicodeScalars.dropFirst(mark.column - 1)) }
    return rest.allSatisfy { $0.allSatisfy(\.isWhitespace) || $0.drop(while: \.isWhitespace).first == "#" }
  }
}
