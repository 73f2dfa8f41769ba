import Model

/// Makes one report in each of its formats.
///
/// Equal input gives equal bytes: no clock, no locale, no order of a dictionary takes part. Documents of the formats `png` and `pdf` are
/// still drawings (SVG) and pages (HTML), which programs beside this one make into pictures and paper.
///
/// - Parameters:
///   - templates: template texts by file name, `report.md.mustache`; a definition's own template is looked up here
///     under the name the definition gives it.
/// - Returns: the documents, and what is wrong with templates or figures. A format whose template has a fault
///   is left out.
public func render(
  _ definition: ReportDefinition, _ figures: FigureTable, templates: [String: String]
) -> (documents: [Document], findings: [Finding]) {
  WrittenStyle.$current.withValue(definition.style ?? figures.data.style) {
    documents(definition, figures, templates: templates)
  }
}

/// The same for a report that is made alone.
public func render(
  _ definition: ReportDefinition, _ data: ReportData, templates: [String: String]
) -> (documents: [Document], findings: [Finding]) {
  render(definition, FigureTable(data), templates: templates)
}

private func documents(
  _ definition: ReportDefinition, _ figures: FigureTable, templates: [String: String]
) -> (documents: [Document], findings: [Finding]) {
  let data = figures.data
  var report = ReportBuilder.report(definition, FigureIndex(figures, months: definition.months))
  if definition.formats.contains(.png) { report.namePictures(definition.name) }
  let pieces = ReportPieces.of(report)
  var documents: [Document] = []
  var findings = report.findings
  for format in definition.formats {
    let name = "\(definition.name).\(format.fileExtension)"
    let writer: FormatWriter
    switch format {
    case .csv:
      documents += files(report.tables, named: definition.name, decimalMark: data.decimalMark)
      continue
    case .json, .xlsx:
      guard let bytes = bytes(report, format, name: definition.name, metrics: data.metrics, &findings) else {
        continue
      }
      documents.append(Document(name: name, format: format, bytes: bytes))
      continue
    case .png:
      let style = PictureStyle(templates["style.css.mustache"] ?? "")
      for drawing in report.drawings {
        guard let picture = drawing.picture else { continue }
        documents.append(Document(name: picture, format: .png, bytes: Array(drawing.standalone(style).utf8)))
      }
      continue
    case .markdown: writer = .markdown
    case .html, .pdf: writer = .html
    }
    guard let template = definition.template(for: format) else { continue }
    let filled = fill(template: template, pieces, partials: templates, writer: writer)
    findings += filled.findings
    if let text = filled.text {
      documents.append(Document(name: name, format: format, bytes: Array(text.utf8)))
    }
  }
  return (documents, findings)
}

/// `retention.csv`, and `retention.cohorts.csv` for what has other columns.
private func files(_ tables: [TidyTable], named name: String, decimalMark: UInt8) -> [Document] {
  tables.enumerated().map { number, table in
    Document(
      name: number == 0 ? "\(name).csv" : "\(name).\(table.name).csv", format: .csv,
      bytes: CSVWriter(decimalMark: decimalMark).bytes(table))
  }
}

/// A report in a format that no template lays out; nil with a finding where the system is in the way.
func bytes(
  _ report: Report, _ format: ReportDefinition.Format, name: String, metrics: [Metric],
  _ findings: inout [Finding]
) -> [UInt8]? {
  guard format == .xlsx else { return JSONReport.bytes(report, name: name, metrics: metrics) }
  do {
    return try SpreadsheetReport.bytes(report)
  } catch {
    findings.append(
      Finding(
        .error, "spreadsheet-not-written", "the workbook of `\(name)` cannot be written: \(error.message)",
        consequence: "the report is not written in this format",
        remedy: "see whether there is room in the folder of temporary files, or name another in TMPDIR"))
    return nil
  }
}
