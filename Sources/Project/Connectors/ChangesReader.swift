import Model

/// Turns `changes:` into a question for what changed.
struct ChangesReader {
  let collector: FindingCollector

  /// - Parameter all: How the stream asks for everything, which `changes` repeats no part of.
  func read(_ node: ConfigurationNode, over all: StreamRequest) -> StreamChanges {
    // Another list's count says nothing of this one, and the whole list's own request nothing of what changed.
    var base = all
    if case .request = base.count { base.count = nil }
    // `format` is here how times are written.
    var asked = node
    asked.content = .mapping(node.entries.filter { $0.key != "format" })
    let request = RequestReader(collector: collector, filled: [.since, .until]).read(asked, over: base)
    if !request.holds(.since), !request.path.isEmpty {
      collector.report(
        .missingPlaceholder, at: node.place,
        "`changes` does not say since when: `{since}` stands nowhere in it",
        consequence: "every read would be of everything, and be taken for changes",
        remedy: "write it where the API takes the time: `parameters: {updated_since: \"{since}\"}`")
    }
    var changes = StreamChanges(
      request: request, field: node["field"]?.text.flatMap(FieldPath.init) ?? FieldPath(names: []),
      format: node["format"]?.text.flatMap(dateFormat) ?? .iso,
      bound: node["bound"]?.text.flatMap(StreamChanges.Bound.init) ?? .inclusive)
    if let overlap = node["overlap"]?.text.flatMap(milliseconds) { changes.overlap = overlap }
    changes.memory = node["remembers"]?.text.flatMap(milliseconds)
    changes.fullEvery = node["full_every"]?.text.flatMap(milliseconds)
    changes.withoutTime = node["without_time"].map {
      RequestReader(collector: collector, filled: []).read($0, over: base)
    }
    changes.gone = node["without_time"]?.entry("gone").map { entry in
      if changes.withoutTime?.format == .csv {
        collector.report(
          .misplacedKey, at: entry.keyPlace,
          "`gone` means nothing for `format: csv`: a record is asked for as JSON",
          remedy: "take it out, then everything is read where a record has gone")
      }
      return oneRecord(entry.value)
    }
    changes.notices = node["notices"].map { notices($0, node, isText: request.format == .csv) }
    return changes
  }

  private func oneRecord(_ node: ConfigurationNode) -> StreamRequest {
    let request = RequestReader(collector: collector, filled: [.id]).read(node)
    if !request.holds(.id), !request.path.isEmpty {
      collector.report(
        .missingPlaceholder, at: node["path"]?.place ?? node.place,
        "a record is asked for by its id, and the request has no `{id}`",
        remedy: "write `path: \"/v1/subscriptions/{id}\"`")
    }
    return request
  }

  private func notices(
    _ node: ConfigurationNode, _ changes: ConfigurationNode, isText: Bool
  ) -> StreamChanges.Notices {
    let request = oneRecord(node)
    if let entry = changes.entry("notices"), isText {
      collector.report(
        .misplacedKey, at: entry.keyPlace,
        "`notices` means nothing for `format: csv`: notices and their records are JSON",
        remedy: "take it out, or read JSON")
    }
    if changes.entry("remembers") == nil, !changes.hasUnknownKeys {
      collector.report(
        .missingKey, at: changes.place,
        "`changes` with `notices` says no `remembers`: how long the API keeps notices",
        consequence: "after a longer pause changes would be missed",
        remedy: "add the line `remembers: 30 days` with the time its documentation says")
    }
    return StreamChanges.Notices(
      key: node["key"]?.text.flatMap(FieldPath.init) ?? FieldPath(names: []),
      record: node["record"]?.text.flatMap(FieldPath.init) ?? FieldPath(names: []), request: request)
  }
}
