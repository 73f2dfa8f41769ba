import Model

/// Turns the mapping of one entity into typed fields, and says which columns it lacks.
struct EntityReader {
  let collector: FindingCollector
  let kind: EntityKind
  /// How dates are written where a field does not say.
  let dates: FieldMapping.DateFormat

  func read(_ entry: ConfigurationNode.Entry) -> SourceConfiguration.EntityMapping {
    var fields: [String: FieldMapping] = [:]
    var attributes: [String: FieldMapping] = [:]
    for field in entry.value.entries {
      if field.key == "attributes" {
        for attribute in field.value.entries {
          attributes[attribute.key] = read(attribute, as: EntityColumn.text("attribute"))
        }
      } else if let column = kind.columns.first(where: { $0.name == field.key }) {
        fields[field.key] = read(field, as: column)
      }
    }
    let rows =
      entry.value["rows"]?.text.flatMap(SourceConfiguration.Rows.init) ?? EntityShape.standardRows(kind)
    reportMissing(Set(entry.value.entries.map(\.key)), entry, rows)
    return SourceConfiguration.EntityMapping(
      entity: kind, rows: rows, fields: fields, attributes: attributes, place: entry.keyPlace)
  }

  private func read(_ field: ConfigurationNode.Entry, as column: EntityColumn) -> FieldMapping? {
    let isEnd = EntityShape.endColumns.contains(column.name)
    let node = field.value
    if case .nothing = node.content { return nil }
    if let text = node.text {
      if isEnd { reportMissingBound(field, column: text) }
      return FieldMapping(.column(text), date: dates, place: node.place)
    }
    guard let origin = origin(field) else { return nil }
    let bound = node["bound"]?.text.flatMap(FieldMapping.Bound.init)
    if isEnd, bound == nil, node.entry("bound") == nil {
      reportMissingBound(field, column: node["column"]?.text ?? "COLUMN")
    }
    var map: [String: String]?
    if let pairs = node["map"]?.entries {
      map = Dictionary(pairs.map { ($0.key, $0.value.text ?? "") }) { first, _ in first }
    }
    let check = ValueCheck(collector: collector, column: column)
    for value in [node["constant"], node["otherwise"], node["default"]].compactMap({ $0 })
      + (node["map"]?.entries.map(\.value) ?? [])
    {
      check.check(value)
    }
    return FieldMapping(
      origin, date: node["date"]?.text.flatMap(dateFormat) ?? (node["constant"] == nil ? dates : .iso),
      bound: bound,
      unit: node["unit"]?.text.flatMap(FieldMapping.Unit.init) ?? .major, map: map,
      otherwise: node["otherwise"]?.text, refused: node["refused"]?.texts ?? [],
      because: node["because"]?.text,
      defaultValue: node["default"]?.text, missing: node["missing"]?.texts ?? [],
      optional: node["optional"]?.flag ?? false, isShared: node["shared"]?.flag ?? false,
      place: node["column"]?.place ?? node.place)
  }

  private func origin(_ field: ConfigurationNode.Entry) -> FieldMapping.Origin? {
    let node = field.value
    let said = ["column", "constant", "template"].count { node[$0] != nil }
    let origins: [FieldMapping.Origin] = [
      node["column"]?.text.map { .column($0) }, node["constant"]?.text.map { .constant($0) },
      node["template"]?.text.map { .template($0) },
    ].compactMap { $0 }
    if said > 1 {
      collector.report(
        .ambiguousOrigin, at: field.keyPlace,
        "`\(field.key)` has more than one of `column`, `constant` and `template`", remedy: "keep one of them")
    } else if said == 0 {
      collector.report(
        .missingKey, at: field.keyPlace, "`\(field.key)` does not say where its value comes from",
        remedy: "add `column: NAME`, `constant: VALUE` or `template: \"{NAME}\"`")
    }
    return origins.first
  }

  private func reportMissingBound(_ field: ConfigurationNode.Entry, column: String) {
    collector.report(
      .missingBound, at: field.keyPlace,
      "`\(field.key)` ends an interval and does not say whether its date is still part of it",
      remedy: """
        write `\(field.key): {column: \(quotedInFlow(column)), bound: exclusive}` (the first day no longer in force)
        or    `\(field.key): {column: \(quotedInFlow(column)), bound: inclusive}` (the last day in force)
        """)
  }

  /// A name that YAML would misread within `{}` in quotes.
  private func quotedInFlow(_ name: String) -> String {
    name.contains { ",:{}[]#\"'".contains($0) }
      ? "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
      : name
  }
}
