import Model

/// Bytes of HTML above which a mail program cuts a message off.
private let htmlLimit = 100_000

/// Makes a report into what a message says, with templates of the report library: `mail.html.mustache` and `mail.txt.mustache`.
///
/// Tables that would make the HTML too long for mail programs are left out from the end, which the message says.
///
/// - Parameters:
///   - remarks: Sentences for the message's end, such as which file did not fit.
///   - whereabouts: A sentence on where the whole report is.
///   - pictures: Those of ``mailPictures(_:_:templates:)`` that the message carries.
/// - Returns: nil with at least one finding of severity error.
public func brief(
  _ definition: ReportDefinition, _ data: ReportData, templates: [String: String], remarks: [String] = [],
  pictures: [MailPicture] = [], whereabouts: String = ""
) -> (brief: ReportBrief?, findings: [Finding]) {
  WrittenStyle.$current.withValue(definition.style ?? data.style) {
    styledBrief(
      definition, data, templates: templates, remarks: remarks, pictures: pictures, whereabouts: whereabouts)
  }
}

private func styledBrief(
  _ definition: ReportDefinition, _ data: ReportData, templates: [String: String], remarks: [String],
  pictures: [MailPicture], whereabouts: String
) -> (brief: ReportBrief?, findings: [Finding]) {
  let index = FigureIndex(data, months: definition.months)
  let report = ReportBuilder.report(definition, index)
  let tables = MailTables.of(report, definition, index)
  let all = tables.figures + tables.others
  let lead = firstSentences(report)
  var shown = all.count
  while true {
    let left = all.count - shown
    let dropped =
      left == 0
      ? []
      : [
        "\(left) further \(left == 1 ? "table does" : "tables do") not fit into a mail; the report itself has them."
      ]
    let told = MailTables.renumbered(Array(all.prefix(shown)), tables.notes)
    var content = report
    content.notes = told.notes
    let pieces = mailPieces(
      content, lead: lead, figures: told.tables.prefix(tables.figures.count),
      others: told.tables.dropFirst(tables.figures.count), pictures: pictures,
      remarks: dropped + (whereabouts.isEmpty ? [] : [whereabouts]) + remarks)
    let html = fill(template: "mail.html.mustache", pieces, partials: templates, writer: .mail)
    let text = fill(template: "mail.txt.mustache", pieces, partials: templates, writer: .plain)
    guard let page = html.text, let plain = text.text else {
      return (nil, html.findings + text.findings)
    }
    if page.utf8.count > htmlLimit, shown > 0 {
      shown -= 1
      continue
    }
    let brief = ReportBrief(
      company: plainText(data.company), title: plainText(definition.title), monthName: data.month.longName,
      month: data.month, currency: data.currency,
      isProvisional: data.provisionalMonths.contains(data.month),
      lead: lead.joined(separator: " "),
      figures: MailTables.headlines(index), html: page, text: plain)
    return (brief, report.findings)
  }
}

/// A message as templates name it.
func mailPieces(
  _ report: Report, lead: [String], figures: ArraySlice<Table>, others: ArraySlice<Table>,
  pictures: [MailPicture], remarks: [String]
) -> [String: Piece] {
  var pieces = ReportFrame.pieces(report)
  func list(_ tables: some Sequence<Table>) -> Piece { .list(tables.map { ["table": .table($0)] }) }
  pieces["lead"] = .text(lead.joined(separator: " "))
  pieces["statements"] = .texts(lead + statements(report).filter { !lead.contains($0) }, as: "statement")
  pieces["tables"] = list(figures + others)
  pieces["figure_tables"] = list(figures)
  pieces["other_tables"] = list(others)
  pieces["pictures"] = .list(
    pictures.map {
      [
        "picture_id": .text($0.id), "picture_text": .text($0.description),
        "picture_width": .text("\($0.width)"),
      ]
    })
  pieces["remarks"] = .texts(remarks, as: "remark")
  pieces["has_remarks"] = .flag(!remarks.isEmpty)
  return pieces
}

/// What the report says first in words.
private func firstSentences(_ report: Report) -> [String] {
  for section in report.sections {
    for block in section.blocks {
      if case .sentences(let sentences) = block { return sentences }
    }
  }
  return []
}

/// What it concludes further down: whether everything ties, and where it leads.
private func statements(_ report: Report) -> [String] {
  report.sections.flatMap { section in
    section.blocks.flatMap { block -> [String] in
      switch block {
      case .sentences(let sentences) where section.kind == .reconciliation: sentences
      case .whatIf(let panel): [panel.sentence]
      default: []
      }
    }
  }
}
