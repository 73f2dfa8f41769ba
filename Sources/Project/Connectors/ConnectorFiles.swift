import Model

/// The connectors a project can name: the built-in ones, and over them its own in `Config/connectors/`. A built-in one is read
/// when it is first asked for.
final class ConnectorFiles {
  static let folder = "Config/connectors"

  private var files: [String: ConnectorFile] = [:]
  /// Sorted; one that could not be read is here alone.
  let names: [String]
  /// Of the connectors read so far: a source for each stream, as if a file said nothing but `connector` and `stream`.
  private(set) var sources: [SourceConfiguration] = []
  private let own: Set<String>
  private let nodes: FolderNodes
  private let presets: SourcePresets

  /// - Parameter project: The project's own, with nothing where the file is no YAML.
  init(
    project: [(name: String, node: ConfigurationNode?)], presets: SourcePresets, collector: FindingCollector
  ) {
    own = Set(project.map(\.name))
    self.presets = presets
    nodes = FolderNodes(Self.folder, own: project.compactMap { own in own.node.map { (own.name, $0) } })
    names = own.union(nodes.names).sorted()
    for name in own.sorted() {
      if let node = project.last(where: { $0.name == name })?.node { read(node, name: name, collector) }
    }
  }

  /// nil where there is no such connector, or it could not be read.
  func file(_ name: String) -> ConnectorFile? {
    if files[name] == nil, !own.contains(name), let node = nodes[name] {
      read(node, name: name, FindingCollector())
    }
    return files[name]
  }

  func readAll() { for name in names { _ = file(name) } }

  /// Those read so far, by name.
  var connectors: [Connector] { names.compactMap { files[$0]?.connector } }

  private func read(_ node: ConfigurationNode, name: String, _ collector: FindingCollector) {
    let errors = collector.errorCount
    let reader = ConnectorReader(collector: collector, presets: presets)
    guard var file = reader.read(node, name: name, isOfProject: own.contains(name)) else { return }
    let builder = StreamSource(collector: collector, presets: presets)
    let streams = file.connector.streams.compactMap { builder.source(of: file, stream: $0) }
    file.isSound = collector.errorCount == errors
    files[name] = file
    guard file.isSound else { return }
    sources = (sources + streams).sorted { $0.name < $1.name }
  }
}
