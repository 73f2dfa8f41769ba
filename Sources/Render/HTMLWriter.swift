/// Writes pieces as fragments of HTML.
enum HTMLWriter {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in typeset(plainText(text)).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func table(_ table: Table) -> String {
    let caption = escaped(table.caption)
    var html = "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"\(caption)\">\n"
    html += "<table\(classAttribute(classes(table)))>\n"
    if !caption.isEmpty { html += "<caption>\(caption)</caption>\n" }
    html += "<thead><tr>"
    for column in table.columns {
      // No link: a head is what one taps to sort.
      html +=
        "<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : "")>\(escaped(column.title))\(column.notes.map { "<sup>\($0)</sup>" }.joined())</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      switch row.emphasis {
      case .none: html += "<tr>"
      case .rest: html += "<tr class=\"rest\">"
      case .total: html += "<tr class=\"total\">"
      }
      for (index, cell) in row.cells.enumerated() {
        html += element(
          cell, isHeading: index == 0, isNumber: index < table.columns.count && table.columns[index].isNumber)
      }
      html += "</tr>\n"
    }
    return html + "</tbody>\n</table>\n</div>\n"
  }

  /// What the style sheet needs to know of a table's size: a narrow one is not stretched, a short one not parted.
  private static func classes(_ table: Table) -> [String] {
    if table.isGrid { return ["grid"] }
    return (table.columns.count <= 6 ? ["few"] : []) + (table.rows.count > 12 ? ["long"] : [])
  }

  private static func classAttribute(_ classes: [String]) -> String {
    classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
  }

  private static func isZero(_ text: String) -> Bool {
    text.contains("0") && !text.contains { $0.isLetter || ("1"..."9").contains($0) }
  }

  private static func element(_ cell: Cell, isHeading: Bool, isNumber: Bool) -> String {
    var classes: [String] = isNumber ? ["number"] : []
    if cell.tone != .neutral { classes.append(cell.tone.rawValue) }
    // Eleven shades, so that the style sheet and not the table says what they look like.
    if let heat = cell.heat { classes.append("heat\(Int((min(1, max(0, heat)) * 10).rounded()))") }
    if isNumber, isZero(cell.text) { classes.append("zero") }
    let name = isHeading ? "th scope=\"row\"" : "td"
    var content = isNumber ? number(cell.text) : escaped(cell.text)
    // Names of sources and codes may break where their words end.
    if isHeading { content = content.replacing("_", with: "_<wbr>") }
    let notes = references(cell.notes)
    if let detail = cell.detail {
      content += "<small>\(isNumber ? number(detail) : escaped(detail))\(notes)</small>"
    } else {
      content += notes
    }
    if let spark = cell.spark { content += spark.svg }
    return "<\(name)\(classAttribute(classes))>\(content)</\(isHeading ? "th" : "td")>"
  }

  private static func references(_ notes: [Int]) -> String {
    notes.map { "<sup><a href=\"#note-\($0)\">\($0)</a></sup>" }.joined()
  }

  /// Numbers with a real minus sign, as wide as the plus.
  static func number(_ text: String) -> String {
    var result = ""
    var before: Character = " "
    for character in escaped(text) {
      result.append(character == "-" && (before == " " || before == "\u{A0}") ? "\u{2212}" : character)
      before = character
    }
    return result
  }
}

extension FormatWriter {
  static let html = FormatWriter(
    text: HTMLWriter.escaped, table: HTMLWriter.table, chart: { $0.svg }, whatIf: { $0.html })
}
