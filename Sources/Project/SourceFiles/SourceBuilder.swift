import Model

/// Makes a ``SourceConfiguration`` of a checked file.
struct SourceBuilder {
  let collector: FindingCollector
  /// Where it is not for the file to say how its records are written.
  var fileKind: FileFormat.Kind?

  func source(_ checked: ConfigurationNode, name: String, place: Place) -> SourceConfiguration {
    let dates = checked["dates"]?.text.flatMap(dateFormat) ?? .iso
    let files = files(checked)
    let source = SourceConfiguration(
      name: name, system: checked["system"]?.text ?? name, files: files.globs,
      preset: checked["preset"]?.text,
      format: format(checked["format"]),
      extent: checked["extent"]?.text.flatMap(SourceConfiguration.Extent.init) ?? .full,
      dataThrough: dataThrough(checked["data_through"], dates) ?? files.pattern.map { .fileName($0) }
        ?? .asOf,
      entities: (checked["entities"]?.entries ?? []).compactMap { entry in
        EntityKind(rawValue: entry.key).map {
          EntityReader(collector: collector, kind: $0, dates: dates).read(entry)
        }
      },
      maximumQuarantineShare: share(checked["quarantine"]?["max_share"]) ?? 10_000,
      maximumRowFall: share(checked["hold"]?["rows_fall"]) ?? 200_000,
      maximumMRRFall: share(checked["hold"]?["mrr_fall"]) ?? 200_000,
      access: AccessReader(collector: collector).read(checked),
      place: place)
    DocumentMapping(collector: collector).check(source)
    return source
  }

  private func share(_ node: ConfigurationNode?) -> Int64? { node?.text.flatMap(shareInMillionths) }

  /// Dated names become globs; their common pattern says where data-through is read from.
  private func files(_ source: ConfigurationNode) -> (globs: [String], pattern: String?) {
    var globs: [String] = []
    var patterns: [String] = []
    for item in source["files"]?.items ?? [] {
      guard let path = item.text, FilesEntry.check(item, collector) else { continue }
      guard let dated = DatedFileName(path) else {
        globs.append(path)
        continue
      }
      globs.append(dated.glob)
      if !patterns.contains(dated.pattern) { patterns.append(dated.pattern) }
      if patterns.count == 2, source.entry("data_through") == nil {
        collector.report(
          .ambiguousDataThrough, at: item.place, "the files carry their dates in different names",
          remedy: "make each kind of file a source of its own, or say `data_through`")
      }
    }
    return (globs, patterns.first)
  }

  private func dataThrough(
    _ node: ConfigurationNode?, _ dates: FieldMapping.DateFormat
  ) -> SourceConfiguration.DataThrough? {
    guard let node else { return nil }
    if case .nothing = node.content { return nil }
    if let text = node.text { return Moment(iso: text).map { .fixed($0) } ?? .asOf }
    switch (node["file_name"], node["column"]) {
    case (let pattern?, nil): return pattern.text.map { .fileName($0) }
    case (nil, let column?):
      let date = node["date"]?.text.flatMap(dateFormat) ?? dates
      return column.text.map { .column(FieldMapping(.column($0), date: date, place: column.place)) }
    case (nil, nil):
      collector.report(
        .missingKey, at: node.place, "`data_through` says neither `file_name` nor `column`",
        remedy:
          "write `data_through: {file_name: export_YYYY-MM-DD.csv}` or `data_through: {column: exported_at}`")
    case (.some, .some):
      collector.report(
        .ambiguousDataThrough, at: node.place, "`data_through` says both `file_name` and `column`",
        remedy: "keep one of them")
    }
    return nil
  }

  private func format(_ node: ConfigurationNode?) -> FileFormat {
    func byte(_ key: String) -> UInt8? { node?[key]?.text?.utf8.first }
    let header = node?["header"]?.flag ?? true
    if let node, !header, node["columns"] == nil {
      collector.report(
        .missingKey, at: node.entry("header")?.keyPlace ?? node.place,
        "without a header the columns need names",
        remedy: "add the line `columns: [FIRST, SECOND]` below `format`")
    }
    let delimiter = node?["delimiter"]?.text
    if let node { DocumentMapping(collector: collector).checkKeys(of: node, kind: fileKind) }
    return FileFormat(
      encoding: node?["encoding"]?.text.flatMap(FileFormat.Encoding.init),
      delimiter: delimiter == "tab" ? "\t" : delimiter,
      quote: byte("quote") ?? 0x22, escape: byte("escape"), comment: node?["comment"]?.text, header: header,
      columns: node?["columns"]?.texts, skipLines: node?["skip_lines"]?.whole ?? 0,
      footer: node?["footer"]?.texts ?? [],
      skippedRows: node?["skip_empty_lines"]?.text.flatMap(FileFormat.SkippedRows.init) ?? .empty,
      decimalMark: byte("decimal") ?? 0x2E,
      thousands: byte("thousands"), kind: fileKind ?? node?["type"]?.text.flatMap(FileFormat.Kind.init),
      records: node?["records"]?.text.flatMap(FieldPath.init),
      each: node?["each"]?.text.flatMap(FieldPath.init), maximumInflation: node?["max_inflation"]?.whole,
      maximumInflated: node?["max_inflated"]?.text.flatMap(byteCount))
  }
}
