import Model

/// A connector's file, read: what it is, and what its streams' records mean.
struct ConnectorFile {
  enum Meaning {
    case preset(String, at: Place)
    /// As checked.
    case mapping(ConfigurationNode)
    case none
  }

  var connector: Connector
  /// By stream.
  var meanings: [String: Meaning]
  /// False for the program's own.
  var isOfProject: Bool
  /// False where findings have said what is wrong with it; a source that reads it is not at fault for that.
  var isSound = true
}

/// Turns one `Config/connectors/NAME.yml` into a ``Connector``.
struct ConnectorReader {
  let collector: FindingCollector
  let presets: SourcePresets

  /// nil when nothing can be made of the file; findings say why.
  func read(_ written: ConfigurationNode, name: String, isOfProject: Bool) -> ConnectorFile? {
    guard
      let node = ShapeCheck(collector: collector).checked(
        written, ConnectorShape.file, subject: "the connector")
    else { return nil }
    var headers: [String: SecretText] = [:]
    for entry in node["headers"]?.entries ?? [] {
      guard let text = entry.value.text, let value = SecretText(text) else { continue }
      if value.references.isEmpty, soundsSecret(entry.key) {
        reportLiteralSecret(entry.value, text, "`\(entry.key)`", collector)
      }
      headers[entry.key] = value
    }
    let connector = Connector(
      name: name, title: node["title"]?.text ?? inWords(name), documentation: node["documentation"]?.text,
      baseURL: node["base_url"]?.text.flatMap { WebAddress($0)?.text } ?? "",
      system: node["system"]?.text ?? name,
      authentication: AuthenticationReader(collector: collector).read(node["authentication"]),
      headers: headers,
      transfer: AccessReader(collector: collector).policy(node["transfer"]),
      streams: (node["streams"]?.entries ?? []).map(stream), place: node.place)
    reportNoStream(node)
    reportOpenly(connector, node["base_url"], collector)
    reportTokenOpenly(connector, node["authentication"]?["oauth2"]?["token_url"])
    return ConnectorFile(
      connector: connector,
      meanings: Dictionary((node["streams"]?.entries ?? []).map { ($0.key, meaning($0)) }) { first, _ in first
      },
      isOfProject: isOfProject)
  }

  private func stream(_ entry: ConfigurationNode.Entry) -> ConnectorStream {
    let node = entry.value
    let all = RequestReader(collector: collector, filled: []).read(node)
    var stream = ConnectorStream(
      name: entry.key, title: node["title"]?.text ?? inWords(entry.key), all: all,
      key: node["key"]?.text.flatMap(FieldPath.init) ?? FieldPath(names: []),
      nested: (node["nested"]?.texts ?? []).compactMap(FieldPath.init),
      version: node["version"]?.text.flatMap(FieldPath.init), preset: node["preset"]?.text,
      place: entry.keyPlace)
    stream.changes = node["changes"].map { ChangesReader(collector: collector).read($0, over: all) }
    if let field = node["deleted"]?["field"]?.text.flatMap(FieldPath.init) {
      stream.deleted = .init(field: field, values: node["deleted"]?["values"]?.texts ?? ["true"])
    }
    if let nested = node.entry("nested"), all.format == .csv {
      collector.report(
        .misplacedKey, at: nested.keyPlace,
        "`nested` means nothing for `format: csv`: it has no lists in a record",
        remedy: "take it out")
    }
    return stream
  }

  private func meaning(_ entry: ConfigurationNode.Entry) -> ConnectorFile.Meaning {
    let preset = entry.value.entry("preset")
    if preset != nil, let mapping = entry.value.entry("mapping") {
      collector.report(
        .ambiguousChoice, at: mapping.keyPlace, "stream `\(entry.key)` has both `preset` and `mapping`",
        remedy: "keep one of them; a source may say what differs from a preset")
      return .none
    }
    if let preset, let name = preset.value.text {
      guard presets.nodes[name] != nil else {
        collector.reportUnknown(.preset, name, at: preset.value.place, among: presets.names)
        return .none
      }
      return .preset(name, at: preset.keyPlace)
    }
    return entry.value["mapping"].map { .mapping($0) } ?? .none
  }

  private func reportNoStream(_ node: ConfigurationNode) {
    guard let streams = node.entry("streams"), case .mapping(let entries) = streams.value.content,
      entries.isEmpty
    else { return }
    collector.report(
      .emptyKey, at: streams.keyPlace, "`streams` names no stream",
      remedy: "write one: `streams: {subscriptions: {path: /v1/subscriptions, key: id}}`")
  }

  private func reportTokenOpenly(_ connector: Connector, _ node: ConfigurationNode?) {
    guard let node, let address = node.text.flatMap(WebAddress.init) else { return }
    reportOpenly(address, node, collector)
  }
}

/// `recurring_charges` becomes `Recurring charges`.
private func inWords(_ name: String) -> String {
  let words = String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
  return words.prefix(1).uppercased() + words.dropFirst()
}

/// A connector that sends a secret must not send it where anybody on the way can read it; this machine may be spoken to openly.
func reportOpenly(_ connector: Connector, _ node: ConfigurationNode?, _ collector: FindingCollector) {
  guard let node, !connector.references.isEmpty, let address = node.text.flatMap(WebAddress.init) else {
    return
  }
  reportOpenly(address, node, collector)
}

private func reportOpenly(_ address: WebAddress, _ node: ConfigurationNode, _ collector: FindingCollector) {
  guard !address.isEncrypted, !address.isThisMachine else { return }
  collector.report(
    .unencryptedConnector, at: node.place,
    "the connector's secret would be sent to \(address.host) without encryption",
    consequence: "anybody on the way could read it", remedy: "write `https://\(address.text.dropFirst(7))`")
}
