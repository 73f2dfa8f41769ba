import Model

/// Makes one report in each of its formats.
///
/// Equal input gives equal bytes: no clock, no locale, no order of a dictionary takes part.
///
/// - Parameters:
///   - templates: template texts by file name, `executive_summary.md.mustache`; a definition's own template
///     is looked up here under the name the definition gives it.
/// - Returns: the documents, and what is wrong with templates or figures. A format whose template has a fault
///   is left out.
public func render(
  _ definition: ReportDefinition, _ data: ReportData, templates: [String: String]
) -> (documents: [Document], findings: [Finding]) {
  let index = FigureIndex(data, months: definition.months)
  let content = definition.kind.content(index, definition)
  var documents: [Document] = []
  var findings = content.findings
  for format in definition.formats {
    let name = "\(definition.name).\(format.fileExtension)"
    let writer: FormatWriter
    switch format {
    case .csv:
      let bytes = CSVWriter(decimalMark: data.decimalMark).bytes(content.figures)
      documents.append(Document(name: name, format: format, bytes: bytes))
      continue
    case .markdown: writer = .markdown
    case .html: writer = .html
    }
    let template =
      definition.templates[format] ?? "\(definition.kind.rawValue).\(format.fileExtension).mustache"
    let filled = fill(template: template, content.pieces, partials: templates, writer: writer)
    findings += filled.findings
    if let text = filled.text {
      documents.append(Document(name: name, format: format, bytes: Array(text.utf8)))
    }
  }
  return (documents, findings)
}

extension ReportDefinition.Kind {
  /// The report before it has a format.
  func content(_ index: FigureIndex, _ definition: ReportDefinition) -> ReportContent {
    switch self {
    case .executiveSummary: ExecutiveSummary.content(index, definition)
    case .mrrBridge: BridgeReport.content(index, definition)
    case .retention: RetentionReport.content(index, definition)
    case .customers: CustomersReport.content(index, definition)
    }
  }
}
