import Model

/// Writes pieces for mail programs: what a cell looks like stands in it, since many take no style sheet.
enum MailWriter {
  private static let line = "border-bottom:1px solid #e3e6ea;"

  static func table(_ whole: Table) -> String {
    let (table, left) = PhoneTable.fitted(whole)
    let caption =
      table.caption
      + (left == 0 ? "" : " (\(left) more \(left == 1 ? "column is" : "columns are") in the report)")
    // Moved with the keyboard, too.
    var html = "<div tabindex=\"0\" style=\"overflow-x:auto\">"
    html += "<table width=\"100%\" style=\"border-collapse:collapse;font-size:14px;line-height:1.35\">\n"
    if !caption.isEmpty {
      html +=
        "<caption style=\"text-align:left;font-weight:bold;padding:6px 0\">\(HTMLWriter.escaped(caption))</caption>\n"
    }
    html += "<thead><tr>"
    for (index, column) in table.columns.enumerated() {
      // Words have the width of a few, so that none stands alone on each of many lines.
      let least = PhoneTable.least(index, table).map { ";min-width:\($0)px" } ?? ""
      html +=
        "<th scope=\"col\" class=\"quiet\" style=\"\(style(isNumber: column.isNumber))color:#57606a;font-size:12px;font-weight:normal\(least)\">\(HTMLWriter.escaped(column.title))\(references(column.notes))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      html += "<tr>"
      for (index, cell) in row.cells.enumerated() {
        html += element(
          cell, isHeading: index == 0, isNumber: index < table.columns.count && table.columns[index].isNumber,
          isStrong: row.emphasis == .total)
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  private static func references(_ notes: [Int]) -> String {
    notes.isEmpty
      ? ""
      : "<sup style=\"font-size:10px;line-height:1\">\(notes.map(String.init).joined(separator: ", "))</sup>"
  }

  private static func style(isNumber: Bool) -> String {
    "\(line)padding:6px 6px 6px 0;text-align:\(isNumber ? "right" : "left");vertical-align:top;"
  }

  private static func element(_ cell: Cell, isHeading: Bool, isNumber: Bool, isStrong: Bool) -> String {
    let name = isHeading ? "th" : "td"
    let color =
      switch cell.tone {
      case .good: "color:#116633;"
      case .bad: "color:#a61b1b;"
      case .neutral: ""
      }
    // `USD 1.92 k` and `Nov 2025` stay on one line, also where the table is narrow.
    let wrapping = cell.text.count <= (isNumber ? 12 : isHeading ? 10 : 0) ? "white-space:nowrap;" : ""
    let weight = isStrong ? "font-weight:bold" : isHeading ? "font-weight:normal" : ""
    let tone = cell.tone == .neutral ? "" : " class=\"\(cell.tone.rawValue)\""
    var content = isNumber ? HTMLWriter.number(cell.text) : HTMLWriter.escaped(cell.text)
    if let detail = cell.detail {
      content +=
        "<span style=\"display:block;font-size:12px\">\(isNumber ? HTMLWriter.number(detail) : HTMLWriter.escaped(detail))</span>"
    }
    content += references(cell.notes)
    return
      "<\(name)\(isHeading ? " scope=\"row\"" : "")\(tone) style=\"\(style(isNumber: isNumber))\(color)\(wrapping)\(weight)\">\(content)</\(name)>"
  }
}

/// Writes pieces as plain text in columns.
enum PlainWriter {
  static func table(_ table: Table) -> String {
    func text(_ cell: Cell) -> String {
      plainText(cell.text) + (cell.detail.map { " (\(plainText($0)))" } ?? "")
        + cell.notes.map { "[\($0)]" }.joined()
    }
    let rows =
      [
        table.columns.map { plainText($0.title) + $0.notes.map { "[\($0)]" }.joined() }
      ] + table.rows.map { $0.cells.map(text) }
    let widths = table.columns.indices.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let lines = rows.map { row in
      var line = ""
      for column in table.columns.indices {
        let cell = column < row.count ? row[column] : ""
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (table.columns[column].isNumber ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    let rule = String(repeating: "-", count: widths.reduce(2 * max(0, widths.count - 1), +))
    let body = [lines[0], rule] + lines.dropFirst()
    return (table.caption.isEmpty ? "" : plainText(table.caption) + "\n\n") + body.joined(separator: "\n")
      + "\n"
  }
}

extension FormatWriter {
  /// HTML for mail programs; a chart is its description.
  static let mail = FormatWriter(
    text: HTMLWriter.escaped, table: MailWriter.table, chart: { HTMLWriter.escaped($0.description) },
    whatIf: { HTMLWriter.escaped($0.sentence) })

  static let plain = FormatWriter(
    text: { plainText($0) }, table: PlainWriter.table, chart: { plainText($0.description) },
    whatIf: { plainText($0.sentence) })
}
