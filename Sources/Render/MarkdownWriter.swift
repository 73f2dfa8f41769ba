/// Writes pieces as GitHub-flavoured Markdown.
enum MarkdownWriter {
  /// Text without any active character: no HTML, emphasis, link, code, table cell, heading or list.
  static func escaped(_ text: String) -> String {
    let scalars = Array(plainText(text).unicodeScalars)
    var result = String.UnicodeScalarView()
    var onlyDigits = true
    for (index, scalar) in scalars.enumerated() {
      let before = index > 0 ? scalars[index - 1] : nil
      let after = index + 1 < scalars.count ? scalars[index + 1] : nil
      // `1. ` at the start of a line begins a list.
      let endsListNumber =
        (scalar == "." || scalar == ")") && index > 0 && onlyDigits && (after == nil || after == " ")
      if endsListNumber || needsBackslash(scalar, before, after, isFirst: index == 0) { result.append("\\") }
      if !isDigit(scalar) { onlyDigits = false }
      result.append(scalar)
    }
    return String(result)
  }

  private static func needsBackslash(
    _ scalar: Unicode.Scalar, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?, isFirst: Bool
  ) -> Bool {
    switch scalar {
    case "\\", "`", "*", "[", "]", "<", ">", "|", "~", "$", "&": return true
    // Inside a word it is no emphasis.
    case "_": return !(isWord(before) && isWord(after))
    case "#": return true
    // A mention or a mail address; in `standard@1` it is neither.
    case "@": return !isDigit(after)
    case "!": return after == "["
    // Addresses that viewers would turn into links.
    case ":": return after == "/"
    case ".": return isWord(after) && (before == "w" || before == "W")
    // A list, a rule or an underlined heading at the start of a line.
    case "-", "+", "=": return isFirst && (after == nil || after == " " || after == scalar)
    default: return false
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar?.properties.isAlphabetic ?? false || isDigit(scalar)
  }
  private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ("0"..."9").contains($0) } ?? false
  }

  /// Columns are padded, so that the source reads as a table too.
  static func table(_ table: Table) -> String {
    var lines = [table.columns.map { escaped($0.title) + references($0.notes) }]
    for row in table.rows {
      lines.append(row.cells.map { text(of: $0, strong: row.emphasis == .total) })
    }
    let widths = table.columns.indices.map { column in
      max(3, lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padded = table.columns.indices.map { column in
        let cell = column < cells.count ? cells[column] : ""
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return table.columns[column].isNumber ? space + cell : cell + space
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = table.columns.indices.map { column in
      let dashes = String(repeating: "-", count: widths[column] - 1)
      return table.columns[column].isNumber ? dashes + ":" : dashes + "-"
    }
    let body = [line(lines[0]), "| " + rule.joined(separator: " | ") + " |"] + lines.dropFirst().map(line)
    let caption = table.caption.isEmpty ? "" : escaped(table.caption) + "\n\n"
    return caption + body.joined(separator: "\n") + "\n"
  }

  private static func text(of cell: Cell, strong: Bool) -> String {
    var text = escaped(cell.text)
    if strong, !text.isEmpty { text = "**\(text)**" }
    if let detail = cell.detail { text += " (" + escaped(detail) + ")" }
    return text + references(cell.notes)
  }

  private static func references(_ notes: [Int]) -> String { notes.map { "[^\($0)]" }.joined() }
}
