import Model

/// The connectors a project can name: the built-in ones, and over them its own in `Config/connectors/`.
struct ConnectorFiles {
  static let folder = "Config/connectors"

  /// By name; one that could not be read is in ``names`` alone.
  private(set) var files: [String: ConnectorFile] = [:]
  private(set) var names: [String] = []
  /// A source for each stream, as if a file said nothing but `connector` and `stream`.
  private(set) var sources: [SourceConfiguration] = []

  /// - Parameter project: The project's own, with nothing where the file is no YAML.
  init(
    project: [(name: String, node: ConfigurationNode?)], presets: SourcePresets, collector: FindingCollector
  ) {
    names = project.map(\.name)
    for own in project {
      guard let node = own.node else { continue }
      read(node, name: own.name, isOfProject: true, presets, collector)
    }
    for (path, text) in BuiltInFiles.all where path.hasPrefix(Self.folder + "/") {
      let name = String(path.dropFirst(Self.folder.count + 1).dropLast(".yml".count))
      // Built-in files are shown to be sound by a test.
      let unheard = FindingCollector()
      guard !names.contains(name), let node = readYAML(text, file: path, unheard) else { continue }
      names.append(name)
      read(node, name: name, isOfProject: false, presets, unheard)
    }
    names.sort()
    sources.sort { $0.name < $1.name }
  }

  var connectors: [Connector] { names.compactMap { files[$0]?.connector } }

  private mutating func read(
    _ node: ConfigurationNode, name: String, isOfProject: Bool, _ presets: SourcePresets,
    _ collector: FindingCollector
  ) {
    let errors = collector.errorCount
    let reader = ConnectorReader(collector: collector, presets: presets)
    guard var file = reader.read(node, name: name, isOfProject: isOfProject) else { return }
    let builder = StreamSource(collector: collector, presets: presets)
    let own = file.connector.streams.compactMap { builder.source(of: file, stream: $0) }
    file.isSound = collector.errorCount == errors
    files[name] = file
    if file.isSound { sources += own }
  }
}
