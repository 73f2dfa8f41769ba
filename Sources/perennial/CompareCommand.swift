import ArgumentParser
import Deliver
import Model
import Project
import Render
import Rollup
import Warehouse

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Explain a figure's difference under two policies.",
    discussion: """
      Changes the first policy into the second one key at a time, in the order in which Documentation/Policies.md lists them, and tells
      what each key makes of the gap, and of amounts of MRR each customer; both add up to it exactly. Nothing is stored: the figures are made of what the last
      published run knew. A policy is the name of a preset, or `project` for Config/policy.yml; with one alone the project's is the first.

      EXAMPLE
        perennial compare --policy stripe@1
        perennial compare --policy standard@1 --policy baremetrics@1 --month 2024-01 --metric mrr_churn
        perennial compare --policy stripe@1 --format csv > gap.csv
      """)

  @Option(
    name: .customLong("policy"),
    help: ArgumentHelp(
      "A preset, a file of Config/policies/, or `project`; once or twice.", valueName: "name")
  )
  var names: [String] = []
  @Option(help: "The month compared; the last whole one by default.")
  var month: Month?
  @Option(help: ArgumentHelp("A metric of the catalogue.", valueName: "id"))
  var metric = "mrr"
  @Option(
    name: .customLong("keep"),
    help: ArgumentHelp(
      "A key of the policy that keeps the first one's answer, as `basis` where there are no invoices; repeatable.",
      valueName: "key"))
  var kept: [String] = []
  @Option(help: "Customers listed in Markdown and HTML.")
  var rows = 25
  @Option(help: "Only this format, printed on stdout: markdown, html, csv, json or xlsx.")
  var format: ReportDefinition.Format?
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("Folder to write comparison.md, .html and .csv into.", valueName: "dir"))
  var folder: String?
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.load()
    let (first, second) = try policies(project)
    let metrics = catalogue(
      with: project.ownMetrics.filter { if case .expression = $0.source { true } else { false } })
    guard let metric = metrics.first(where: { $0.id == self.metric }) else {
      let hint = nearest(to: self.metric, among: metrics.map(\.id)).map { "did you mean `\($0)`?" }
      throw Stop(.wrongUse, "unknown-metric", "no metric is named `\(self.metric)`", remedy: hint)
    }
    try WorldFaults.told {
      let reader = try WarehouseReader(reading: project.warehousePath)
      guard let last = try reader.lastWholeMonth(),
        var data = try reader.reportData(
          ReportNeed(month: month ?? last, months: 2, dimensions: [], movements: false)),
        !data.figures.isEmpty
      else {
        throw Stop(.wrongUse, "month-not-published", "\(month?.description ?? "no month") is not published")
      }
      var comparison = try compared(project, reader, first, second, metric, data.month)
      comparison.name(by: try reader.keys(ofCustomers: comparison.customers?.map(\.id) ?? []))
      data.decimalMark = project.company.csvDecimalMark
      data.policyAssumptions = Set(first.assumptions + second.assumptions).map(\.rawValue).sorted()
      (data.policyName, data.policyOverrides) = (first.title, ["compared with \(second.title)"])
      try write(comparison, data, project)
    }
  }

  private func compared(
    _ project: ProjectConfiguration, _ reader: WarehouseReader, _ first: Policy, _ second: Policy,
    _ metric: Metric, _ month: Month
  ) throws -> PolicyComparison {
    let book = try reader.book(
      BookRequest(
        sources: project.sources.map(\.name), attributeSources: project.company.attributeSources,
        zone: project.company.zone,
        billing: billingEntities(of: first).union(billingEntities(of: second)),
        documents: revenueEntities))
    let reads = try (reader.terms()?.sources ?? []).compactMap { name in
      try project.source(named: name).flatMap { source in
        try reader.dataThrough(of: name).map { (source, $0) }
      }
    }
    let dataThrough = DataThrough(
      reads, zone: project.company.zone,
      deciding: decidingEntities(of: first).union(decidingEntities(of: second)))
    var settings = project.rollupSettings(lastMonth: dataThrough.lastMonth, dataThrough: dataThrough.earliest)
    settings.policy = first
    // No segment is compared, and making them costs.
    settings.dimensions = []
    switch compare(book, settings, to: second, metric: metric, month: month) {
    case .success(let comparison): return comparison
    case .failure(let refused):
      let isUnfed = refused.findings.contains { $0.name.hasPrefix("policy-") }
      let remedy =
        refused.key.map { "`--keep \($0.rawValue)` leaves that answer as \(first.name) has it" }
        ?? "choose another policy"
      throw Stop(
        isUnfed ? .wrongUse : .refused,
        // Nothing was to be published.
        refused.findings.map { finding in
          var finding = finding
          finding.consequence = nil
          return finding
        }
          + [
            Finding(
              .error, "policy-without-figures",
              refused.key.map {
                "with `\($0.rawValue)` changed to \(second.text(of: $0)) there are no figures"
              }
                ?? "under \(first.title) there are no figures", remedy: remedy)
          ])
    }
  }

  // MARK: Policies

  private func policies(_ project: ProjectConfiguration) throws -> (Policy, Policy) {
    guard (1...2).contains(names.count) else {
      throw Stop(
        .wrongUse, "two-policies", "\(names.count) policies are named, and a comparison is of two",
        remedy: "write `--policy A --policy B`, or one of them to compare the project's with it")
    }
    let named = try names.map { try policy($0, project) }
    let first = named.count == 2 ? named[0] : project.policy
    var second = named[named.count - 1]
    for name in kept {
      guard let key = PolicyKey(rawValue: name) else {
        let hint = nearest(to: name, among: PolicyKey.allCases.map(\.rawValue)).map {
          "did you mean `\($0)`?"
        }
        throw Stop(.wrongUse, "unknown-policy-key", "no policy key is named `\(name)`", remedy: hint)
      }
      second = second.answering(key, as: first)
    }
    return (first, second)
  }

  private func policy(_ name: String, _ project: ProjectConfiguration) throws -> Policy {
    if name == "project" { return project.policy }
    let own = project.ownPolicies
    if let known = own.first(where: { $0.name == name }) ?? Policy.preset(named: name) { return known }
    let known = Policy.presetNames + own.map(\.name) + ["project"]
    throw Stop(
      .wrongUse, "unknown-policy", "no policy is named `\(name)`",
      remedy: nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? "write one of \(known.joined(separator: ", "))")
  }

  // MARK: Documents

  private func write(
    _ comparison: PolicyComparison, _ data: ReportData, _ project: ProjectConfiguration
  ) throws {
    let formats: [ReportDefinition.Format] =
      format.map { [$0] } ?? (folder == nil ? [.markdown] : ReportDefinition.Format.usual)
    var documents: [Document] = []
    for format in formats {
      let made = render(comparison, format, data, rows: max(1, rows), templates: project.templates)
      Console.print(made.findings)
      guard let document = made.document else { throw Stop(.refused) }
      documents.append(document)
    }
    guard let folder else { return try Console.show(documents) }
    let delivery = try writeDocuments(documents, to: folder)
    Console.write("\(delivery.written.count) written, \(delivery.unchanged.count) unchanged in \(folder)")
  }
}
