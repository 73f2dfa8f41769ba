import Model

/// Makes sources of the streams of connectors.
struct StreamSource {
  let collector: FindingCollector
  let presets: SourcePresets

  /// The source that says nothing but `connector` and `stream`: named `CONNECTOR_STREAM`.
  func source(of file: ConnectorFile, stream: ConnectorStream) -> SourceConfiguration? {
    let checked: ConfigurationNode?
    switch file.meanings[stream.name] ?? .none {
    case .none: checked = ConfigurationNode(content: .mapping([]), place: stream.place)
    case .mapping(let node): checked = node
    case .preset(let name, let place):
      checked = (presets.nodes[name]?.placed(at: place)).flatMap {
        ShapeCheck(collector: collector).checked(
          stripped($0, connector: file.connector.name, stream: stream.name), SourceShape.ofStream,
          subject: "the preset")
      }
    }
    return checked.map {
      source(
        $0, name: file.connector.name + "_" + stream.name, of: file.connector, stream, place: stream.place)
    }
  }

  /// nil when nothing can be said of the source; findings say why.
  func read(_ written: ConfigurationNode, name: String, among connectors: ConnectorFiles)
    -> SourceConfiguration?
  {
    var node = written
    let found = lookedUp(written, among: connectors)
    if let (file, stream) = found { node = merged(written, file, stream) }
    guard
      let checked = ShapeCheck(collector: collector).checked(
        node, SourceShape.ofStream, subject: "the source"),
      let (file, stream) = found
    else { return nil }
    let connector = file.connector.changed(
      baseURL: checked["base_url"]?.text.flatMap { WebAddress($0)?.text },
      transfer: AccessReader(collector: collector).policy(checked["transfer"], over: file.connector.transfer))
    reportOpenly(connector, checked["base_url"], collector)
    reportNoAddress(connector, checked)
    return source(checked, name: name, of: connector, stream, place: written.place)
  }

  private func source(
    _ checked: ConfigurationNode, name: String, of connector: Connector, _ stream: ConnectorStream,
    place: Place
  ) -> SourceConfiguration {
    let builder = SourceBuilder(collector: collector, fileKind: stream.all.format == .csv ? .csv : .ndjson)
    var source = builder.source(checked, name: name, place: place)
    source.system = checked["system"]?.text ?? connector.system
    source.stream = .init(connector: connector.changed(), stream: stream)
    source.access.policy = connector.transfer
    source.preset = checked["preset"]?.text ?? stream.preset
    return source
  }

  /// The connector and the stream that are named; nil with findings where there is no such thing, or without where another
  /// finding has said what is wrong.
  private func lookedUp(
    _ written: ConfigurationNode, among connectors: ConnectorFiles
  ) -> (ConnectorFile, ConnectorStream)? {
    guard let named = written["connector"], let name = named.text else { return nil }
    guard connectors.names.contains(name) else {
      collector.reportUnknown(.connector, name, at: named.place, among: connectors.names)
      return nil
    }
    guard let file = connectors.file(name), let wanted = written["stream"], let streamName = wanted.text
    else {
      return nil
    }
    guard let stream = file.connector.stream(named: streamName) else {
      collector.reportUnknown(
        .stream, streamName, at: wanted.place, among: file.connector.streams.map(\.name))
      return nil
    }
    if let preset = written["preset"], let name = preset.text, presets.nodes[name] == nil {
      collector.reportUnknown(.preset, name, at: preset.place, among: presets.names)
      return nil
    }
    return file.isSound ? (file, stream) : nil
  }

  /// What the source says over what its preset, else the stream, says its records mean.
  private func merged(
    _ written: ConfigurationNode, _ file: ConnectorFile, _ stream: ConnectorStream
  ) -> ConfigurationNode {
    let place = written.entry("stream")?.keyPlace ?? written.place
    let base: ConfigurationNode
    if let preset = written.entry("preset"), let name = preset.value.text, let node = presets.nodes[name] {
      base = node.placed(at: preset.keyPlace)
    } else {
      switch file.meanings[stream.name] ?? .none {
      case .none: return written
      case .preset(let name, _):
        guard let node = presets.nodes[name] else { return written }
        base = node.placed(at: place)
      // The user can look at lines of the project alone.
      case .mapping(let node): base = node.placed(at: file.isOfProject ? nil : place)
      }
    }
    return presets.merged(written, over: stripped(base))
  }

  private func stripped(
    _ preset: ConfigurationNode, connector: String? = nil, stream: String? = nil
  ) -> ConfigurationNode {
    var node = preset
    var entries = preset.entries.filter { !SourceShape.keysOfFiles.contains($0.key) }
    for index in entries.indices where entries[index].key == "format" {
      entries[index].value.content = .mapping(
        entries[index].value.entries.filter { !["type", "records"].contains($0.key) })
    }
    for (key, name) in [("connector", connector), ("stream", stream)] {
      guard let name else { continue }
      entries.append(
        .init(key: key, keyPlace: node.place, value: .init(content: .scalar(name), place: node.place)))
    }
    node.content = .mapping(entries)
    return node
  }

  private func reportNoAddress(_ connector: Connector, _ node: ConfigurationNode) {
    guard connector.baseURL.isEmpty, let named = node.entry("connector") else { return }
    if case .oauth2(let oauth) = connector.authentication, oauth.baseURLField != nil,
      !oauth.tokenURL.hasPrefix("/")
    {
      return
    }
    guard node.entry("base_url") == nil else { return }
    collector.report(
      .missingKey, at: named.keyPlace,
      "the source says no `base_url`, and neither does connector `\(connector.name)`",
      remedy: "add the line `base_url: https://...` with the address of your account")
  }
}

extension Connector {
  /// The same at another address, with another pace; a path to ask the token at is put behind the address.
  fileprivate func changed(baseURL: String? = nil, transfer: TransferPolicy? = nil) -> Connector {
    var connector = self
    if let baseURL { connector.baseURL = baseURL }
    if let transfer { connector.transfer = transfer }
    if case .oauth2(var oauth) = authentication, oauth.tokenURL.hasPrefix("/") {
      oauth.tokenURL = connector.baseURL + oauth.tokenURL
      connector.authentication = .oauth2(oauth)
    }
    return connector
  }
}
