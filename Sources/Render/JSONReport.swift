import Model

/// Writes a report as one JSON document; `Documentation/Reports.md` describes it.
///
/// No number of it passes through a binary float: whole numbers are JSON numbers, all others exact decimals as strings.
enum JSONReport {
  /// Raised where a reader that knows the last version would misread this one; new members do not raise it.
  static let version: Int128 = 1

  /// - Parameter metrics: Declarations of all metrics; those the report's figures name are defined in it.
  static func bytes(_ report: Report, name: String, metrics: [Metric]) -> [UInt8] {
    let document: [(String, JSONValue)] = [
      ("format", .text("perennial-report")), ("version", .integer(version)), ("report", .text(name)),
      ("title", .text(report.title)), ("audience", .text(report.audience)),
      ("company", .text(report.company)),
      ("month", .text("\(report.month)")), ("provisional", .flag(report.isProvisional)),
      ("currency", .text(report.currency.code)), ("decimals", .integer(Int128(report.currency.exponent))),
      (
        "basis",
        .list(report.basis.map { .object([("label", .text($0.label)), ("text", .text($0.text))]) })
      ),
      ("sections", .list(report.sections.map(section))),
      ("omissions", .list(report.omissions.map(JSONValue.text))),
      (
        "notes",
        .list(
          report.notes.enumerated().map {
            .object([("number", .integer(Int128($0.offset + 1))), ("text", .text($0.element))])
          })
      ),
      ("metrics", .list(definitions(report, metrics))),
      ("findings", .list(report.findings.map(finding))),
      ("tables", .list(report.tables.map(tidy))),
    ]
    return JSONValue.object(document).bytes(depth: 4)
  }

  private static func section(_ section: ReportSection) -> JSONValue {
    .object([
      ("id", .text(section.id)), ("kind", .text(section.kind.rawValue)), ("title", JSONValue(section.title)),
      ("part", JSONValue(section.part)), ("blocks", .list(section.blocks.map(block))),
    ])
  }

  private static func block(_ block: ReportSection.Block) -> JSONValue {
    switch block {
    case .tiles(let tiles):
      .object([("type", .text("tiles")), ("tiles", .list(tiles.map(tile)))])
    case .sentences(let sentences):
      .object([("type", .text("sentences")), ("sentences", .list(sentences.map(JSONValue.text)))])
    case .text(let text): .object([("type", .text("text")), ("text", .text(text))])
    case .whatIf(let panel): .object([("type", .text("text")), ("text", .text(panel.sentence))])
    case .table(let table): .object([("type", .text("table"))] + members(table))
    case .chart(let chart):
      .object([
        ("type", .text("chart")), ("title", .text(chart.drawing.title)),
        ("description", .text(chart.drawing.description)),
        (
          "panels",
          .list(chart.drawing.data.map { .object([("shape", .text($0.shape.rawValue))] + members($0.table)) })
        ), ("table", chart.table.map { .object(members($0)) } ?? .null),
      ])
    }
  }

  private static func tile(_ tile: Tile) -> JSONValue {
    .object([
      ("metric", .text(tile.metric)), ("title", .text(tile.title)), ("text", .text(tile.value)),
      (
        "against",
        .list(
          tile.against.map {
            .object([
              ("period", .text($0.period)), ("text", .text($0.text)), ("tone", .text($0.tone.rawValue)),
            ])
          })
      ), ("notes", .list(tile.notes.map { .integer(Int128($0)) })),
    ])
  }

  private static func members(_ table: Table) -> [(String, JSONValue)] {
    [
      ("caption", .text(table.caption)),
      (
        "columns",
        .list(
          table.columns.map { column in
            .object(
              [("title", .text(column.title)), ("number", .flag(column.isNumber))] + notes(column.notes))
          })
      ),
      (
        "rows",
        .list(
          table.rows.map { row in
            .object([
              ("emphasis", .text("\(row.emphasis)")), ("cells", .list(row.cells.map(cell))),
            ])
          })
      ),
    ]
  }

  /// A cell's text, then its value where that is more than the text, then what stands beside it.
  private static func cell(_ cell: Cell) -> JSONValue {
    var members: [(String, JSONValue)] = [("text", .text(cell.text))]
    switch cell.value {
    case .text, .empty: break
    case .number(let quantity, let currency, let decimals):
      members.append(("value", number(quantity)))
      members.append(("unit", .text("\(quantity.unit)")))
      if let currency { members.append(("currency", .text(currency.code))) }
      members.append(("decimals", .integer(Int128(decimals))))
    case .month(let month): members += [("value", .text("\(month)")), ("unit", .text("month"))]
    case .day(let day): members += [("value", .text("\(day)")), ("unit", .text("day"))]
    case .missing(let reason): members += [("value", .null), ("reason", .text(reason))]
    }
    if let detail = cell.detail { members.append(("detail", .text(detail))) }
    if cell.tone != .neutral { members.append(("tone", .text(cell.tone.rawValue))) }
    return .object(members + notes(cell.notes))
  }

  /// Left out where there are none.
  private static func notes(_ numbers: [Int]) -> [(String, JSONValue)] {
    numbers.isEmpty ? [] : [("notes", .list(numbers.map { .integer(Int128($0)) }))]
  }

  private static func number(_ quantity: Quantity) -> JSONValue {
    quantity.unit == .count
      ? .integer(quantity.number) : .text(exactDecimalText(quantity.number, scale: quantity.scale))
  }

  private static func tidy(_ table: TidyTable) -> JSONValue {
    .object([
      ("name", .text(table.name)), ("columns", .list(table.columns.map(JSONValue.text))),
      ("rows", .list(table.rows.map { .list($0.map { JSONValue($0.plain) }) })),
    ])
  }

  private static func definitions(_ report: Report, _ metrics: [Metric]) -> [JSONValue] {
    var named: Set<String> = []
    for table in report.tables {
      guard let column = table.columns.firstIndex(of: "metric") else { continue }
      for row in table.rows { if case .text(let id) = row[column] { named.insert(id) } }
    }
    return metrics.filter { named.contains($0.id) }.sorted { $0.id < $1.id }.map { metric in
      .object([
        ("id", .text(metric.id)), ("title", .text(metric.title)), ("unit", .text(metric.unit.rawValue)),
        ("good", .text(metric.good.rawValue)), ("formula", .text(metric.formula)),
        ("definition", .text(metric.definition)),
      ])
    }
  }

  private static func finding(_ finding: Finding) -> JSONValue {
    .object([
      ("severity", .text(finding.severity.rawValue)), ("name", .text(finding.name)),
      ("place", JSONValue(finding.place?.description)), ("problem", .text(finding.problem)),
      ("consequence", JSONValue(finding.consequence)), ("remedy", JSONValue(finding.remedy)),
    ])
  }
}
