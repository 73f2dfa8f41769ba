import Model

/// The sections on connectors: the file, its streams, how a list is asked for, how changes are, and the built-in ones.
func connectorSections() -> [String] {
  var lines = keyTable(ConnectorShape.file, below: "", without: ["streams"])
  lines += [
    "", "`streams` holds them by name; each has the keys of the three tables that follow.", "",
    "### A stream's records", "",
  ]
  lines += keyTable(.mapping(noun: .key, StreamShape.own), below: "", without: ["changes", "mapping"])
  lines += [
    "",
    "`mapping` stands in place of `preset` and has the keys `dates`, `format` (without `type` and `records`) and `entities` of a",
    "source. Without either, the records are kept in the landing folder and feed nothing.", "",
    "### A stream's requests", "",
    "`changes` and `changes.without_time` have these keys, too, and repeat only what is different from the stream: `parameters` are",
    "added to the stream's (one of the same name replaces it), `job` changes the keys it names, everything else stands as a",
    "whole in place of the stream's. With a `path` of its own `changes` takes over only `records`, `format` and `page`.",
    "",
  ]
  lines += keyTable(.mapping(noun: .key, RequestShape.keys(needsPath: true)), below: "")
  lines += [
    "", "### What changed", "",
    "Below `changes`. `{since}` in its `path`, `parameters`, `body` or `job` stands for the time to ask from and must be there; `{until}`",
    "stands for the moment of asking.", "",
  ]
  lines += keyTable(
    .mapping(noun: .key, StreamShape.ownOfChanges), below: "changes.", leaf: ["changes.without_time"])
  return lines + [""] + builtInConnectors()
}

private func builtInConnectors() -> [String] {
  let presets = SourcePresets(project: [])
  let files = ConnectorFiles(project: [], presets: presets, collector: FindingCollector())
  files.readAll()
  let rows = files.connectors.flatMap { connector in
    connector.streams.map { stream -> [String] in
      let source = files.sources.first {
        $0.stream?.connector.name == connector.name && $0.stream?.stream == stream
      }
      let fed = source?.entities.map(\.entity.rawValue) ?? []
      let changes =
        stream.changes.map { $0.notices == nil ? "by `\($0.field.dotted)`" : "by notices" }
        ?? "everything, every time"
      return [
        "`\(connector.name)`", "`\(stream.name)`", stream.title,
        fed.isEmpty ? "nothing: kept in the landing folder" : fed.joined(separator: ", "), changes,
        Set(connector.references.map(\.description)).sorted().map { "`\($0)`" }.joined(separator: ", "),
      ]
    }
  }
  return [
    "### Connectors", "",
    "Known services. A project's own connectors are files of the same form in `Config/connectors/`; one of the same name stands before",
    "the built-in one.", "",
  ] + table(["connector", "stream", "what it is", "feeds", "what changed is asked for", "secrets"], rows) + [
    ""
  ]
}
