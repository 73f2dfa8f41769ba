import Model

/// Turns one `Config/sources/NAME.yml` into a ``SourceConfiguration``.
struct SourceReader {
  let collector: FindingCollector
  let presets: SourcePresets
  let connectors: ConnectorFiles

  /// nil when the file is so wrong that nothing can be said of the source; findings say why.
  func read(_ written: ConfigurationNode, name: String) -> SourceConfiguration? {
    if written.entry("connector") != nil || (written.entry("stream") != nil && written.entry("files") == nil)
    {
      return StreamSource(collector: collector, presets: presets).read(written, name: name, among: connectors)
    }
    var node = written
    if let preset = written.entry("preset"), let presetName = preset.value.text {
      if let presetNode = presets.nodes[presetName] {
        node = presets.merged(written, over: presetNode, at: preset.keyPlace)
      } else {
        collector.reportUnknown(.preset, presetName, at: preset.value.place, among: presets.names)
      }
    } else if written.entry("preset") == nil, written.entry("entities") == nil {
      collector.report(
        .missingKey, at: written.place,
        "the source says neither `preset` nor `entities`: what its columns mean",
        remedy:
          "add the line `preset: NAME` (known are \(presets.names.joined(separator: ", "))), or map `entities`"
      )
    }
    return ShapeCheck(collector: collector).checked(node, SourceShape.ofFiles, subject: "the source").map {
      SourceBuilder(collector: collector).source($0, name: name, place: written.place)
    }
  }
}
