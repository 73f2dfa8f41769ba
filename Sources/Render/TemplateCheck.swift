import Model

/// Faults of the templates that these reports, mails and comparisons are made with, before there is a figure to show.
///
/// Each template is filled twice: with a report that has one of everything, and with one that has nothing, so that every section
/// of a template is gone through whichever way its condition falls.
public func templateFaults(of definitions: [ReportDefinition], templates: [String: String]) -> [Finding] {
  var filled: [(template: String, pieces: [[String: Piece]])] = []
  let full = Report.specimen(isFull: true)
  let empty = Report.specimen(isFull: false)
  let used = definitions.flatMap { definition in
    definition.formats.compactMap { definition.template(for: $0) }
  }
  for template in Set(used).sorted() {
    filled.append((template, [full, empty].map(ReportPieces.of)))
  }
  for template in ["mail.html.mustache", "mail.txt.mustache"] {
    let picture = MailPicture(id: "chart-1", description: "", width: 1, drawing: [])
    filled.append(
      (
        template,
        [
          mailPieces(
            full, lead: ["a"], figures: [.specimen], others: [.specimen], pictures: [picture], remarks: ["a"]),
          mailPieces(empty, lead: [], figures: [], others: [], pictures: [], remarks: []),
        ]
      ))
  }
  for template in ["comparison.html.mustache", "comparison.md.mustache"] {
    let pieces = [full, empty].map {
      PolicyComparisonReport.pieces(
        $0, sentence: "", decisions: .specimen, customers: .specimen, hasCustomers: $0.isProvisional)
    }
    filled.append((template, pieces))
  }
  var seen: Set<Place?> = []
  return filled.flatMap { template, pieces in
    pieces.flatMap { fill(template: template, $0, partials: templates, writer: .namesOnly).findings }
  }.filter { seen.insert($0.place).inserted }
}

extension ReportDefinition {
  /// The template that lays a format out; nil where none does.
  func template(for format: Format) -> String? {
    // A PDF is the page on paper.
    let page = format == .pdf ? Format.html : format
    guard page.hasTemplate else { return nil }
    return templates[page] ?? "report.\(page.fileExtension).mustache"
  }
}

extension FormatWriter {
  /// Writes nothing: for what a template asks, not for what it makes.
  fileprivate static let namesOnly = FormatWriter(
    text: { $0 }, table: { _ in "" }, chart: { _ in "" }, whatIf: { _ in "" })
}

extension Table {
  fileprivate static let specimen = Table(caption: "", columns: [])
}

extension Report {
  /// A report of no figures; full, it has one of everything a template may name.
  fileprivate static func specimen(isFull: Bool) -> Report {
    var report = Report(
      title: "", audience: isFull ? "a" : "", company: "", month: Month(year: 2024, month: 1),
      currency: .specimen,
      isProvisional: isFull, isWide: isFull)
    guard isFull else { return report }
    report.omissions = ["a"]
    report.notes = ["a"]
    report.basis = [("a", "a")]
    var drawing = Drawing(title: "", description: "", width: 1, height: 1)
    drawing.picture = "a"
    let tile = Tile(
      metric: "mrr", title: "", value: "", against: [.init(text: "", tone: .good, period: "")], notes: [1])
    let whatIf = WhatIf(currency: .specimen, mrr: 0, churn: 0, expansion: 0, new: 0)
    let section = ReportSection(
      id: "section-1", title: "a", part: "a", kind: .figures,
      blocks: [
        .tiles([tile]), .sentences(["a"]), .text("a"), .table(.specimen), .whatIf(whatIf),
        .chart(Chart(drawing: drawing, table: .specimen, isTall: true)),
      ])
    report.sections = [
      section, ReportSection(id: "section-2", kind: .text, blocks: []),
    ]
    return report
  }
}

extension Currency {
  /// XXX: ISO 4217's code for no currency.
  fileprivate static let specimen = Currency(packed: 0x58_58_58)
}
