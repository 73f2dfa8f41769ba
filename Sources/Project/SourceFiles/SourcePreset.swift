import Model

/// Presets are files in the shape of a source: the built-in ones, and a project's own in `Config/presets/`.
struct SourcePresets {
  /// By name, as read.
  let nodes: FolderNodes

  static let folder = "Config/presets"

  var names: [String] { nodes.names }

  /// A preset of a project's own stands before the built-in one of the same name.
  init(project: [(name: String, node: ConfigurationNode)]) {
    nodes = FolderNodes(Self.folder, own: project)
  }

  /// What the source's file says over what its preset says; every part of the preset stands at `preset:`.
  func merged(_ source: ConfigurationNode, over preset: ConfigurationNode, at place: Place)
    -> ConfigurationNode
  {
    merged(source, over: preset.placed(at: place))
  }

  /// The same over a preset that stands where it is to be looked for.
  func merged(_ source: ConfigurationNode, over preset: ConfigurationNode) -> ConfigurationNode {
    var result = source
    var entries = preset.entries
    for entry in source.entries {
      guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
        entries.append(entry)
        continue
      }
      switch entry.key {
      case "entities":
        entries[index] = Self.merged(entry, over: entries[index]) { fields, presetFields in
          Self.merged(fields, over: presetFields, Self.mergedField)
        }
      case "format": entries[index] = Self.merged(entry, over: entries[index]) { own, _ in own }
      default: entries[index] = entry
      }
    }
    result.content = .mapping(entries)
    return result
  }

  /// Mapping over mapping; `~` takes a key out.
  private static func merged(
    _ own: ConfigurationNode.Entry, over preset: ConfigurationNode.Entry,
    _ both: (ConfigurationNode.Entry, ConfigurationNode.Entry) -> ConfigurationNode.Entry
  ) -> ConfigurationNode.Entry {
    guard case .mapping(let ownEntries) = own.value.content, case .mapping(var entries) = preset.value.content
    else {
      return own
    }
    for entry in ownEntries {
      let index = entries.firstIndex { $0.key == entry.key }
      switch (entry.value.content, index) {
      case (.nothing, let index?): entries.remove(at: index)
      case (_, let index?): entries[index] = both(entry, entries[index])
      case (_, nil): entries.append(entry)
      }
    }
    var result = own
    result.value.content = .mapping(entries)
    return result
  }

  /// A text changes only the column a preset reads; that column must then be there.
  private static func mergedField(
    _ own: ConfigurationNode.Entry, over preset: ConfigurationNode.Entry
  ) -> ConfigurationNode.Entry {
    if own.key == "attributes" { return merged(own, over: preset) { own, _ in own } }
    guard case .scalar = own.value.content, case .mapping(var options) = preset.value.content,
      options.contains(where: { $0.key == "column" })
    else { return own }
    options.removeAll { $0.key == "column" || $0.key == "optional" }
    options.append(.init(key: "column", keyPlace: own.keyPlace, value: own.value))
    var result = own
    result.value.content = .mapping(options)
    return result
  }
}

extension ConfigurationNode {
  /// The same values as a preset says them, all standing at one place of another file, or where they are.
  func placed(at place: Place?) -> ConfigurationNode {
    var copy = self
    copy.place = place ?? self.place
    copy.isFromPreset = true
    switch content {
    case .nothing, .scalar: break
    case .list(let items): copy.content = .list(items.map { $0.placed(at: place) })
    case .mapping(let entries):
      copy.content = .mapping(
        entries.map {
          .init(key: $0.key, keyPlace: place ?? $0.keyPlace, value: $0.value.placed(at: place))
        })
    }
    return copy
  }
}
