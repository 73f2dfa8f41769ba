import Model

/// The text of Documentation/Configuration.md, made from the declarations the reader uses.
public func configurationReference() -> String {
  var lines = [
    "# Configuration", "",
    "This page is generated from the program's own declarations; `make record` writes it anew.", "",
    "A project is a folder of YAML files. `perennial init DIR` writes one, `perennial validate` tells every mistake in",
    "it at once, with file, line and column, and `perennial schema KIND` prints the JSON Schema an editor completes by.",
    "",
  ]
  for kind in ConfigurationKind.allCases {
    lines += ["## " + kind.path, "", kind.purpose, ""]
    switch kind {
    case .source: lines += sourceSections()
    case .connector: lines += connectorSections()
    case .policy:
      lines += keyTable(kind.shape, below: "")
      lines += [
        "",
        "[Policies.md](Policies.md) tells what each preset answers, what each answer means, and which metrics depend on it.",
        "",
      ]
    default: lines += keyTable(kind.shape, below: "") + [""]
    }
    lines += exampleSection(kind)
  }
  return lines.joined(separator: "\n")
}

/// A row for each key, keys of inner mappings as `hold.rows_fall`.
///
/// - Parameters:
///   - left: Keys that get no row.
///   - leaves: Rows whose inner mappings are described elsewhere.
func keyTable(
  _ shape: Shape, below path: String, without left: Set<String> = [], leaf leaves: Set<String> = []
) -> [String] {
  var rows: [[String]] = []
  func add(_ keys: [ShapeKey], _ path: String) {
    for key in keys where key.misplaced == nil && !left.contains(path + key.name) {
      let name = path + key.name
      rows.append([
        "`\(name)`", key.meaning, key.shape.inWords, key.required == nil ? key.standard ?? "" : "required",
      ])
      if leaves.contains(name) { continue }
      switch key.shape {
      case .mapping(_, let inner): add(inner, name + ".")
      case .list(.mapping(_, let inner), _): add(inner, name + ".")
      case .either(_, .mapping(_, let inner)): add(inner, name + ".")
      case .named(_, .mapping(_, let inner)): add(inner, name + ".NAME.")
      default: break
      }
    }
  }
  if case .mapping(_, let keys) = shape { add(keys, path) }
  return table(["key", "meaning", "value", "when missing"], rows)
}

/// A Markdown table.
func table(_ header: [String], _ rows: [[String]]) -> [String] {
  let lines = [header, header.map { _ in "---" }] + rows
  return lines.map { cells in
    "| "
      + cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
      .joined(separator: " | ") + " |"
  }
}

/// The repository's own file, as an example that is known to be valid.
private func exampleSection(_ kind: ConfigurationKind) -> [String] {
  let path: String
  switch kind {
  case .company, .policy, .segments, .rates, .delivery: path = kind.path
  case .completePolicy: path = "Config/policies/stripe@1.yml"
  case .metric: path = "Config/metrics/net_new_arr.yml"
  case .source: path = "Config/sources/stripe_subscriptions.yml"
  case .connector: path = "Config/connectors/stripe.yml"
  case .pipeline: path = "Pipelines/nightly.yml"
  case .report: path = "Reports/retention.yml"
  }
  guard let text = BuiltInFiles.all[path] else { return [] }
  return ["For example `\(path)`:", "", "```yaml", text + "```", ""]
}

extension Shape {
  /// What may stand there, in a few words.
  var inWords: String {
    switch self {
    case .scalar(let kind): kind.expected
    case .list(let item, let single):
      single ? "\(item.inWords), or a list of such" : "a list: \(item.inWords)"
    case .mapping: "a mapping"
    case .named(let name, let value): "a mapping from \(name.expected) to \(value.inWords)"
    case .either(let kind, let mapping): "\(kind.expected), or \(mapping.inWords)"
    case .document: "a mapping, sent as JSON"
    }
  }
}
