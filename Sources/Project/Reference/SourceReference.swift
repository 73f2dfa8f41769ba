import Model

/// The sections on sources: their keys, what can be said of one column, every entity's columns, the presets.
func sourceSections() -> [String] {
  var lines = keyTable(SourceShape.file, below: "", without: ["entities"]) + [""]
  lines += [
    "### Fields", "",
    "Below `entities` stand entities, below each its columns. A plain text is the name of the file's column; a mapping",
    "says more:", "",
  ]
  lines += fieldOptions() + [""]
  for kind in EntityKind.allCases { lines += entitySection(kind) }
  return lines + presetSection()
}

private func fieldOptions() -> [String] {
  // An end and an amount of money have, together, every option there is.
  let columns = EntityKind.recurringCharge.columns.filter { ["end", "amount"].contains($0.name) }
  var seen: Set<String> = []
  let keys = columns.flatMap { EntityShape.options(of: $0) }.filter {
    $0.misplaced == nil && seen.insert($0.name).inserted
  }
  return table(
    ["option", "meaning", "value", "when missing"],
    keys.map { ["`\($0.name)`", $0.meaning, $0.shape.inWords, $0.standard ?? ""] })
}

private func entitySection(_ kind: EntityKind) -> [String] {
  let rows = kind.columns.map { column -> [String] in
    let isIdentifiedOtherwise = column.name == "id" && kind.compositeKey != nil
    let note =
      EntityShape.endColumns.contains(column.name)
      ? "needs `bound`" : column.required && !isIdentifiedOtherwise ? "required" : ""
    guard column.name != "attributes" else {
      return ["`attributes`", EntityShape.attributesMeaning, "a mapping from names to fields", ""]
    }
    return ["`\(column.name)`", column.meaning, words(column.kind), note]
  }
  return [
    "### Entity `\(kind.rawValue)`", "",
    "`rows` is `\(EntityShape.standardRows(kind).rawValue)` unless said otherwise: \(meaning(of: EntityShape.standardRows(kind)))",
    "",
  ] + table(["column", "meaning", "kind", ""], rows) + [""]
}

private func words(_ kind: EntityColumn.Kind) -> String {
  switch kind {
  case .text: "text"
  case .integer: "whole number"
  case .moment: "date or instant"
  case .money: "money"
  case .millionths: "decimal"
  case .flag: "true or false"
  case .choice(let choices): choices.joined(separator: ", ")
  }
}

private func presetSection() -> [String] {
  let presets = SourcePresets(project: [])
  let rows = presets.names.map { name -> [String] in
    let node = presets.nodes[name]
    let entities = node?["entities"]?.entries.map(\.key) ?? []
    return [
      "`\(name)`", entities.joined(separator: ", "),
      presets.columns(of: name, optional: false).joined(separator: ", "),
      presets.columns(of: name, optional: true).joined(separator: ", "),
    ]
  }
  return [
    "### Presets", "",
    "Known exports. A project's own presets are files of the same form in `Config/presets/`.", "",
  ] + table(["preset", "feeds", "columns needed", "columns read where there are any"], rows) + [""]
}

extension SourcePresets {
  /// Names of the file's columns a preset reads, in its order.
  func columns(of name: String, optional: Bool) -> [String] {
    var columns: [String] = []
    func add(_ field: ConfigurationNode) {
      let isOptional = field["optional"]?.flag ?? false
      guard isOptional == optional, let column = field.text ?? field["column"]?.text,
        !columns.contains(column)
      else {
        return
      }
      columns.append(column)
    }
    for entity in nodes[name]?["entities"]?.entries ?? [] {
      for field in entity.value.entries where field.key != "rows" {
        if field.key == "attributes" {
          for attribute in field.value.entries { add(attribute.value) }
        } else {
          add(field.value)
        }
      }
    }
    let needed = optional ? Set(self.columns(of: name, optional: false)) : []
    return columns.filter { !needed.contains($0) }
  }
}

/// What one row states, and what the other value of `rows` would make of it.
private func meaning(of rows: SourceConfiguration.Rows) -> String {
  switch rows {
  case .periods:
    "a row has its own start and end. Under `current_state` it states what holds at the export's date, and dated files are compared."
  case .currentState:
    "a row states what holds at the export's date, and dated files are compared. Under `periods` it has its own start and end."
  }
}
