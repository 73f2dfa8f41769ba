/// Writes pieces as fragments of HTML.
enum HTMLWriter {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in plainText(text).unicodeScalars {
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
    var html = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(caption)\">\n"
    html += table.isGrid ? "<table class=\"grid\">\n" : "<table>\n"
    if !caption.isEmpty { html += "<caption>\(caption)</caption>\n" }
    html += "<thead><tr>"
    for column in table.columns {
      html += "<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : "")>\(escaped(column.title))</th>"
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

  private static func element(_ cell: Cell, isHeading: Bool, isNumber: Bool) -> String {
    var classes: [String] = isNumber ? ["number"] : []
    if cell.tone != .neutral { classes.append(cell.tone.rawValue) }
    // Eleven shades, so that the style sheet and not the table says what they look like.
    if let heat = cell.heat { classes.append("heat\(Int((min(1, max(0, heat)) * 10).rounded()))") }
    let attribute = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    let name = isHeading ? "th scope=\"row\"" : "td"
    var content = isNumber ? number(cell.text) : escaped(cell.text)
    if let detail = cell.detail { content += "<small>\(isNumber ? number(detail) : escaped(detail))</small>" }
    content += cell.notes.map { "<sup><a href=\"#note-\($0)\">\($0)</a></sup>" }.joined()
    return "<\(name)\(attribute)>\(content)</\(isHeading ? "th" : "td")>"
  }

  /// A number with a real minus sign, as wide as the plus.
  static func number(_ text: String) -> String {
    let html = escaped(text)
    return html.hasPrefix("-") ? "\u{2212}" + html.dropFirst() : html
  }
}

extension FormatWriter {
  static let html = FormatWriter(text: HTMLWriter.escaped, table: HTMLWriter.table, chart: { $0.svg })
}
