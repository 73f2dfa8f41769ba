import Model

/// What of the report is worth a second look: bounds that were crossed, months that may still change, rows that are not in the figures, and
/// what else the run found wrong with the facts.
enum FindingsSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let data = builder.data
    var table = Table(
      caption: "What to know before reading on",
      columns: [.init("What", isNumber: false), .init("Consequence", isNumber: false)])
    for finding in builder.findings {
      table.rows.append(
        .init(cells: [Cell(prose(plainText(finding.problem))), Cell(prose(finding.consequence ?? ""))]))
    }
    if data.provisionalMonths.contains(data.month) {
      table.rows.append(
        .init(cells: [
          Cell("\(data.month.longName) is provisional"),
          Cell("its figures change with the data still to come"),
        ]))
    }
    let counts = data.notes.quarantine
    for source in data.sources.sorted(by: { $0.name < $1.name }) where source.quarantined > 0 {
      let rows = source.quarantined == 1 ? "1 row" : countText(source.quarantined) + " rows"
      let reasons = counts.filter { $0.source == source.name }
        .map { "\(countText($0.rows)) \(plainText($0.name))" }.joined(separator: ", ")
      table.rows.append(
        .init(cells: [
          Cell("\(source.name) has \(rows) in quarantine\(reasons.isEmpty ? "" : ": \(reasons)")"),
          Cell("not counted in any figure until they are put right; whoever runs Perennial can list them"),
        ]))
    }
    for finding in data.notes.findings {
      let times = finding.count == 1 ? "" : " (\(countText(finding.count)) times)"
      table.rows.append(
        .init(cells: [
          Cell(
            "\(prose(plainText(finding.problem, limit: 240)))\(times)",
            tone: finding.severity == .error ? .bad : .neutral),
          Cell(prose(plainText(finding.consequence, limit: 240))),
        ]))
    }
    let usual = "Findings"
    if table.rows.isEmpty { return builder.section(section, usual, [.text("Nothing was found.")]) }
    return builder.section(section, usual, [.table(table)])
  }

  /// Findings are written for terminals, where backticks mark what is typed; whoever reads a report types nothing.
  private static func prose(_ text: String) -> String { text.replacing("`", with: "'") }
}
