import Model
import Yams

/// Parses one YAML file into nodes with places; a text that is no YAML becomes a finding and nil.
///
/// An empty file is an empty mapping.
func readYAML(_ text: String, file: String, _ collector: FindingCollector) -> ConfigurationNode? {
  let start = Place(file: file, line: 1, column: 1)
  do {
    guard let root = try Yams.compose(yaml: text) else {
      return ConfigurationNode(content: .mapping([]), place: start)
    }
    let node = converted(root, file: file)
    if case .nothing = node.content { return ConfigurationNode(content: .mapping([]), place: start) }
    return node
  } catch let error as YamlError {
    report(error, in: text, file: file, collector)
  } catch {
    collector.report(.yamlSyntax, at: start, "the file cannot be read as YAML")
  }
  return nil
}

private func converted(_ node: Node, file: String) -> ConfigurationNode {
  let place = Place(file: file, line: node.mark?.line, column: node.mark?.column)
  switch node {
  case .scalar(let scalar):
    let empty = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    return ConfigurationNode(
      content: empty ? .nothing : .scalar(scalar.string), place: place,
      isQuoted: ![.any, .plain].contains(scalar.style))
  case .sequence(let items):
    return ConfigurationNode(content: .list(items.map { converted($0, file: file) }), place: place)
  case .mapping(let pairs):
    let entries = pairs.map { key, value in
      ConfigurationNode.Entry(
        key: key.scalar?.string ?? "",
        keyPlace: Place(file: file, line: key.mark?.line, column: key.mark?.column),
        value: converted(value, file: file))
    }
    return ConfigurationNode(content: .mapping(entries), place: place)
  case .alias:
    return ConfigurationNode(content: .nothing, place: place)
  }
}

private func report(_ error: YamlError, in text: String, file: String, _ collector: FindingCollector) {
  if let fault = YAMLFault(error, in: text) {
    collector.report(
      .yamlSyntax, at: Place(file: file, line: fault.mark.line, column: fault.mark.column), fault.problem,
      remedy: fault.remedy)
  } else if case .duplicatedKeysInMapping(let duplicates, let context) = error {
    collector.report(
      .duplicateKey, at: Place(file: file, line: context.mark.line, column: context.mark.column),
      "the mapping that begins here gives `\(duplicates.joined(separator: "`, `"))` more than once",
      remedy: "keep one of the lines")
  } else {
    collector.report(
      .yamlSyntax, at: Place(file: file, line: 1, column: 1),
      "the file cannot be read as YAML text in UTF-8")
  }
}
