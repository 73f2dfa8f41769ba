import Model

/// What a source of JSON must say, and what it cannot say.
struct DocumentMapping {
  let collector: FindingCollector

  private static let delimitedKeys: Set<String> = [
    "delimiter", "header", "columns", "skip_lines", "footer", "comment", "quote", "escape",
    "skip_empty_lines",
  ]

  /// Keys of `format` that contradict each other. What a preset says for another kind of file is no fault.
  func checkKeys(of format: ConfigurationNode, kind fixed: FileFormat.Kind? = nil) {
    let kind = fixed ?? format["type"]?.text.flatMap(FileFormat.Kind.init)
    for entry in format.entries where !entry.value.isFromPreset {
      let reason: String? =
        switch entry.key {
        case "records" where kind == .csv || kind == .ndjson:
          "`type: \(kind?.rawValue ?? "")` has no document around its records"
        case "each" where kind == .csv: fixed == nil ? "`type: csv` has no arrays" : "CSV has no arrays"
        case Self.delimitedKeys where kind == .json || kind == .ndjson: "JSON has no such thing"
        case Self.delimitedKeys where kind == nil && (format["records"] ?? format["each"]) != nil:
          "`records` and `each` say that the files are JSON, which has no such thing"
        default: nil
        }
      guard let reason else { continue }
      collector.report(
        .misplacedKey, at: entry.keyPlace, "`\(entry.key)` means nothing here: \(reason)",
        remedy: "take it out")
    }
  }

  /// Columns of a source of JSON are paths, and a field has either a value or fields of its own.
  func check(_ source: SourceConfiguration) {
    guard isJSON(source) else { return }
    var paths: [(path: FieldPath, place: Place)] = []
    for column in source.mappedColumns {
      guard let path = FieldPath(column.name) else {
        collector.report(
          .badValue, at: column.place, "`\(column.name)` is no field of a JSON document",
          remedy: "write names with dots between them, `customer.id`, or a JSON pointer, `/customer/id`")
        continue
      }
      if let outer = paths.first(where: {
        $0.path != path && ($0.path.contains(path) || path.contains($0.path))
      }) {
        let (first, second) = outer.path.contains(path) ? (outer.path, path) : (path, outer.path)
        collector.report(
          .badValue, at: column.place,
          "`\(first.dotted)` is mapped as a value, and `\(second.dotted)` as a field of it",
          remedy: "a field has either a value or fields of its own: map one of them")
      }
      paths.append((path, column.place))
    }
  }

  private func isJSON(_ source: SourceConfiguration) -> Bool {
    if let kind = source.format.kind { return kind != .csv }
    if source.format.records != nil || source.format.each != nil { return true }
    let endings = [".json", ".ndjson", ".jsonl"].flatMap { [$0, $0 + ".gz", $0 + ".zst"] }
    return !source.files.isEmpty
      && source.files.allSatisfy { file in endings.contains { file.lowercased().hasSuffix($0) } }
  }
}

private func ~= (keys: Set<String>, key: String) -> Bool { keys.contains(key) }
