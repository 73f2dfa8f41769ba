/// The YAML files of one folder by name: a project's own, and the built-in ones behind them, each of which is read when it is
/// first asked for.
final class FolderNodes {
  private var read: [String: ConfigurationNode]
  private let builtIn: [String: String]
  private let folder: String
  /// Sorted, those of the project included.
  let names: [String]

  init(_ folder: String, own: [(name: String, node: ConfigurationNode)]) {
    self.folder = folder
    read = Dictionary(own.map { ($0.name, $0.node) }) { _, last in last }
    builtIn = BuiltInFiles.all.filter { $0.key.hasPrefix(folder + "/") }
    names = Set(read.keys).union(
      builtIn.keys.map { String($0.dropFirst(folder.count + 1).dropLast(".yml".count)) }
    ).sorted()
  }

  subscript(name: String) -> ConfigurationNode? {
    if let node = read[name] { return node }
    let path = "\(folder)/\(name).yml"
    // Built-in files are shown to be sound by a test.
    guard let text = builtIn[path], let node = readYAML(text, file: path, FindingCollector()) else {
      return nil
    }
    read[name] = node
    return node
  }
}
