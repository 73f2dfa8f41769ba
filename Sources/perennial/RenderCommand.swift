import ArgumentParser
import Convert
import Deliver
import Model
import Project
import Render
import Warehouse

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Make a report again from the warehouse, without a run.",
    discussion: """
      EXAMPLE
        perennial render executive_summary --month 2024-01 --to january
        perennial render mrr_bridge --format csv
        perennial render retention --format xlsx > retention.xlsx
        perennial render mrr_bridge --known-at 2024-02-05 --to as-known-then
      """)

  @Argument(help: "The report: the name of a file in Reports/ without its extension.")
  var report: String
  @OptionGroup var options: ProjectOptions
  @OptionGroup var knownAt: KnownAtOptions
  @Option(help: "The month to report on; the last whole one by default.")
  var month: Month?
  @Option(help: "Only this format, printed on stdout: markdown, html, csv, json, xlsx, pdf or png.")
  var format: ReportDefinition.Format?
  @Option(
    name: .customLong("to"), help: ArgumentHelp("Folder to write the documents into.", valueName: "dir"))
  var folder: String?

  func validate() throws {
    if knownAt.knownAt != nil, format == nil, folder == nil {
      throw ValidationError(
        "--known-at needs --to DIR, or --format for stdout: what was known then does not take the place of today's reports"
      )
    }
  }

  func run() throws {
    let project = try options.load()
    try refuseToReplaceDelivered(project)
    try WorldFaults.told {
      try knownAt.with(project, options) { then in
        // One that did not exist then can still be made of what was known.
        guard var definition = (then.reports + project.reports).first(where: { $0.name == report })
        else {
          let hint = nearest(to: report, among: project.reports.map(\.name)).map { "did you mean `\($0)`?" }
          throw Stop(.wrongUse, "unknown-report", "no report is named `\(report)`", remedy: hint)
        }
        if !then.reports.contains(where: { $0.name == report }) {
          Console.print([
            Finding(
              .note, "known-report", "the project had no report `\(report)` then",
              consequence: "it is laid out as today, of what was known then")
          ])
        }
        if let format { definition.formats = [format] }
        try render(definition, then)
      }
    }
  }

  /// What was known then does not take the place of what was delivered.
  private func refuseToReplaceDelivered(_ project: ProjectConfiguration) throws {
    guard knownAt.knownAt != nil, let folder else { return }
    let target = place(of: folder)
    let delivered = ["reports"] + project.pipelines.map(\.folder)
    for name in delivered {
      let reports = absolutePath(project.path(project.company.output + "/" + name))
      if target == reports || target.hasPrefix(reports + "/") {
        throw Stop(
          .wrongUse, "reports-of-today", "\(folder) holds the reports of today",
          remedy: "name another folder with `--to`")
      }
    }
  }

  /// Where a folder is, or will be.
  private func place(of folder: String) -> String {
    let absolute = absolutePath(folder)
    guard absolute == folder, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
      return absolute
    }
    return place(of: String(folder[..<slash])) + folder[slash...]
  }

  private func render(_ definition: ReportDefinition, _ project: ProjectConfiguration) throws {
    let data = try project.reportData(for: definition, month: month)
    let (documents, findings) = project.documents(definition, FigureTable(data))
    Console.print(findings)
    if findings.hasError { throw Stop(.refused) }
    if format != nil, folder == nil { return try Console.show(documents) }
    let target = folder ?? project.path(project.company.output + "/reports")
    let delivery = try writeDocuments(documents, to: target)
    Console.write("\(delivery.written.count) written, \(delivery.unchanged.count) unchanged in \(target)")
  }
}

extension ProjectConfiguration {
  /// What a report is made from, as last published; stops where the month is not.
  func reportData(for definition: ReportDefinition?, month: Month?) throws -> ReportData {
    let reader = try WarehouseReader(reading: warehousePath)
    var need = ReportNeed(
      months: max(25, definition?.months ?? 0), movements: definition?.namesCustomers ?? true,
      everyName: definition?.namesEveryCustomer ?? true,
      listsCustomers: definition?.listsCustomers ?? true)
    need.segmentHistory = definition.flatMap(\.segmentHistory)
    if definition?.reconciles ?? false {
      need.reconciliation = ReconciliationNeed(zone: company.zone, policy: policy)
    }
    need.month = try month ?? reader.lastWholeMonth()
    guard let wanted = need.month, try reader.periodLabels().contains(wanted.description),
      var data = try reader.reportData(need), !data.figures.isEmpty
    else { throw try unpublished(need.month?.description ?? "any month", reader) }
    data.decimalMark = company.csvDecimalMark
    data.style = company.style
    return data
  }
}

extension ProjectConfiguration {
  /// A report's documents as they are delivered, with what the programs beside this one make of them.
  func documents(_ definition: ReportDefinition, _ figures: FigureTable) -> (
    documents: [Document], findings: [Finding]
  ) {
    let converter = Converter()
    let (possible, notes) = converter.possible(definition)
    let rendered = render(possible, figures, templates: templates)
    if rendered.findings.hasError { return ([], rendered.findings + notes) }
    let (documents, faults) = converter.converted(rendered.documents, month: figures.month)
    return (documents, rendered.findings + notes + faults)
  }
}

extension ReportDefinition.Format: ExpressibleByArgument {}

extension ReportDefinition {
  /// The metrics whose segments it shows over months; of all others those of the reported month are enough. nil where it names what only the
  /// warehouse resolves.
  fileprivate var segmentHistory: [String]? {
    var metrics: [String] = []
    for section in sections {
      switch section.kind {
      case .chart where section.views.contains(.smallMultiples):
        metrics += section.metrics.isEmpty ? ["mrr"] : section.metrics.map(\.id)
      case .table where !section.dimensions.isEmpty: metrics += section.metrics.map(\.id)
      default: break
      }
    }
    return metrics.contains { SectionDefinition.Stand(rawValue: $0) != nil } ? nil : metrics
  }
}
