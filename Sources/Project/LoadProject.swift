import Model

/// Reads `Config/`, `Pipelines/` and `Reports/` of a project.
///
/// All faults of all files are told at once; with any of severity error there is no project. Where the project has no
/// reports of its own, the built-in ones are used.
///
/// - Parameters:
///   - folder: Where its paths begin.
///   - texts: Its files by path, instead of those that are there; nil: those that are there.
///   - everyConnector: Whether built-in connectors are wanted that no source names.
///   - check: What else is wrong with what could be read, told with the rest; it is given the names of own metrics whose files are
///     faulty, too: naming one of them is no mistake.
public func loadProject(
  at folder: String, of texts: [String: String]? = nil, everyConnector: Bool = false,
  check: (ProjectConfiguration, _ faultyMetrics: [String]) -> [Finding] = { _, _ in [] }
) -> LoadedProject {
  var loader = ProjectLoader(
    folder: ProjectFolder(root: folder, texts: texts), everyConnector: everyConnector)
  guard let project = loader.load() else { return LoadedProject(findings: loader.collector.sorted) }
  let findings = loader.collector.sorted + check(project, loader.faultyMetrics)
  return LoadedProject(findings: findings, draft: project, faultySources: loader.faultySources)
}

/// The connectors that every project can name without a file of its own, by name.
public func builtInConnectors() -> [Connector] {
  let collector = FindingCollector()
  let connectors = ConnectorFiles(
    project: [], presets: SourcePresets(project: []), collector: collector)
  connectors.readAll()
  return connectors.connectors
}

/// Whether there is a project in a folder, sound or not.
public func isProject(_ folder: String) -> Bool {
  ProjectFolder(root: folder).text(of: CompanyFile.path) != nil
}

/// The steps of reading one project, in the order in which one file needs another.
struct ProjectLoader {
  let folder: ProjectFolder
  let collector = FindingCollector()
  /// Text of every file read, by path.
  private(set) var texts: [String: String] = [:]
  /// Sources with a file, sound or not: naming one of them is no mistake.
  private var sourceNames: [String] = []
  private(set) var faultySources: [String: LoadedProject.Fault] = [:]
  private(set) var faultyMetrics: [String] = []

  private let everyConnector: Bool

  init(folder: ProjectFolder, everyConnector: Bool = false) {
    self.folder = folder
    self.everyConnector = everyConnector
  }

  mutating func load() -> ProjectConfiguration? {
    let written = read(CompanyFile.path, CompanyFile.shape, subject: "the company")
    guard texts[CompanyFile.path] != nil else {
      reportNoProject()
      return nil
    }
    // Where nothing can be made of it the other files have mistakes of their own to tell.
    let company = written ?? ConfigurationNode(content: .mapping([]), place: Place(file: CompanyFile.path))
    let policies = names(in: CompletePolicyFile.folder).compactMap { name in
      read("\(CompletePolicyFile.folder)/\(name).yml", CompletePolicyFile.shape, subject: "the policy")
        .flatMap {
          CompletePolicyFile.read($0, name: name, collector)
        }
    }
    let policy =
      read(PolicyFile.path, PolicyFile.shape, subject: "the policy")
      .map { PolicyFile.read($0, own: policies, collector) } ?? .standard
    let segments = read(SegmentsFile.path, SegmentsFile.shape, subject: "the file")
    let dimensions = segments.map { SegmentsFile.read($0, collector) } ?? []
    let rates =
      read(RatesFile.path, RatesFile.shape, subject: "the file").map(RatesFile.read)
      ?? ProjectConfiguration.Rates(maximumAge: 7, fixed: [:])
    reportUnknownFiles()
    let presets = presets()
    let connectors = connectors(presets)
    let sources = sources(presets, connectors)
    if everyConnector { connectors.readAll() }
    let reports = reports(dimensions: dimensions.map(\.name))
    let delivery =
      read(DeliveryFile.path, DeliveryShape.file, subject: "the file").map {
        (
          settings: DeliveryFile(collector: collector, reports: reports.names).read($0),
          names: ($0["rules"]?.entries ?? []).map(\.key).sorted()
        )
      }
    let pipelines = names(in: PipelineFile.folder).compactMap { name in
      read("\(PipelineFile.folder)/\(name).yml", PipelineFile.shape, subject: "the pipeline").map {
        PipelineFile.read(
          $0, name: name, sources: sourceNames, reports: reports.names, rules: delivery?.names ?? [],
          collector)
      }
    }
    let metricNames = names(in: MetricFile.folder)
    let ownMetrics = metricNames.compactMap { name in
      read("\(MetricFile.folder)/\(name).yml", MetricFile.shape, subject: "the metric").flatMap {
        MetricFile.read($0, name: name, dimensions: dimensions, collector)
      }
    }
    faultyMetrics = metricNames.filter { name in !ownMetrics.contains { $0.metric.id == name } }
    let project = ProjectConfiguration(
      folder: folder.root, company: CompanyFile.read(company, collector), policy: policy,
      ownPolicies: policies,
      dimensions: dimensions,
      ownMetrics: ownMetrics, rates: rates, delivery: delivery?.settings ?? DeliverySettings(),
      sources: sources, connectors: connectors.connectors, streamSources: connectors.sources,
      pipelines: pipelines, reports: reports.definitions, templates: reports.templates,
      files: texts)
    ProjectReferences(collector: collector, project: project, sourceNames: sourceNames)
      .check(company: company, segments: segments)
    return project
  }

  /// The checked root of a file; nil when there is no such file, or nothing can be made of it.
  private mutating func read(_ path: String, _ shape: Shape, subject: String) -> ConfigurationNode? {
    readUnchecked(path).flatMap { ShapeCheck(collector: collector).checked($0, shape, subject: subject) }
  }

  private mutating func readUnchecked(_ path: String) -> ConfigurationNode? {
    guard let text = folder.text(of: path) else { return nil }
    texts[path] = text
    collector.register(path, text: text)
    return readYAML(text, file: path, collector)
  }

  /// Names of the `.yml` files of a folder, without the extension.
  private func names(in path: String) -> [String] {
    folder.names(in: path).filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }
  }

  private mutating func presets() -> SourcePresets {
    var own: [(name: String, node: ConfigurationNode)] = []
    for name in names(in: SourcePresets.folder) {
      if let node = readUnchecked("\(SourcePresets.folder)/\(name).yml") { own.append((name, node)) }
    }
    return SourcePresets(project: own)
  }

  private mutating func connectors(_ presets: SourcePresets) -> ConnectorFiles {
    var own: [(name: String, node: ConfigurationNode?)] = []
    for name in names(in: ConnectorFiles.folder) {
      let node = readUnchecked("\(ConnectorFiles.folder)/\(name).yml")
      if node?.isEmptyFile != true { own.append((name, node)) }
    }
    return ConnectorFiles(project: own, presets: presets, collector: collector)
  }

  private mutating func sources(
    _ presets: SourcePresets, _ connectors: ConnectorFiles
  ) -> [SourceConfiguration] {
    let reader = SourceReader(collector: collector, presets: presets, connectors: connectors)
    var sources: [SourceConfiguration] = []
    for name in names(in: "Config/sources") {
      // A file of comments alone is no source: the one `init` writes.
      let known = collector.findings.count
      let node = readUnchecked("Config/sources/\(name).yml")
      if node?.isEmptyFile == true { continue }
      sourceNames.append(name)
      let source = node.flatMap { reader.read($0, name: name) }
      if let source { sources.append(source) }
      let errors = collector.findings[known...].filter { $0.severity == .error }
      if source == nil || !errors.isEmpty {
        let isInMapping = source != nil && errors.allSatisfy { node?.saysColumns(at: $0.place) ?? false }
        faultySources[name] = isInMapping ? .mapping : .reading
      }
    }
    return sources
  }

  private mutating func reports(
    dimensions: [String]
  ) -> (definitions: [ReportDefinition], names: [String], templates: [String: String]) {
    var templates = builtInTemplates
    for name in folder.names(in: ReportDefinition.templateFolder)
    where name.hasSuffix(ReportFile.templateExtension) {
      let path = "\(ReportDefinition.templateFolder)/\(name)"
      guard let text = folder.text(of: path) else { continue }
      templates[name] = text
      texts[path] = text
    }
    let own = names(in: ReportFile.folder)
    guard !own.isEmpty else {
      let definitions = builtInReports()
      return (definitions, definitions.map(\.name), templates)
    }
    var drafts: [ReportFile.Draft] = []
    for name in own {
      let node = read("\(ReportFile.folder)/\(name).yml", ReportFile.shape, subject: "the report")
      if let node {
        drafts.append(
          ReportFile.read(node, name: name, dimensions: dimensions, templates: templates, collector))
      }
    }
    return (ReportFile.definitions(drafts, collector), own, templates)
  }

  private func reportNoProject() {
    collector.report(
      .notAProject, at: Place(file: CompanyFile.path),
      "there is no such file: the folder is no Perennial project",
      remedy: "name the project's folder with `--project DIR`, or make one with `perennial init DIR`")
  }

  /// A file with a wrong name would be silently ignored.
  private func reportUnknownFiles() {
    let known = ["company.yml", "policy.yml", "segments.yml", "rates.yml", "delivery.yml"]
    for name in folder.names(in: "Config") where name.contains(".") && !known.contains(name) {
      report(unknownFile: "Config/\(name)", nearest(to: name, among: known))
    }
    for path in [
      "Config/sources", SourcePresets.folder, ConnectorFiles.folder, MetricFile.folder,
      CompletePolicyFile.folder,
      PipelineFile.folder,
    ] {
      for name in folder.names(in: path) where !name.hasSuffix(".yml") {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        report(unknownFile: "\(path)/\(name)", name.hasSuffix(".yaml") ? stem + ".yml" : nil)
      }
    }
  }

  private func report(unknownFile path: String, _ suggestion: String?) {
    collector.report(
      .unknownFile, at: Place(file: path), "nothing reads a file of this name",
      consequence: "it is ignored", remedy: suggestion.map { "did you mean `\($0)`?" })
  }
}
