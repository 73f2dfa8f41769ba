import Model

/// What of the report is worth a second look: bounds that were crossed, rows that are not in the figures, months that may still change.
enum FindingsSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let data = builder.data
    var table = Table(
      caption: "What to know before reading on",
      columns: [.init("What", isNumber: false), .init("Consequence", isNumber: false)])
    for finding in builder.findings {
      table.rows.append(.init(cells: [Cell(plainText(finding.problem)), Cell(finding.consequence ?? "")]))
    }
    if data.provisionalMonths.contains(data.month) {
      table.rows.append(
        .init(cells: [
          Cell("\(data.month.longName) is provisional"),
          Cell("its figures change with the data still to come"),
        ]))
    }
    for source in data.sources.sorted(by: { $0.name < $1.name }) where source.quarantined > 0 {
      table.rows.append(
        .init(cells: [
          Cell(
            "\(source.name) has \(source.quarantined == 1 ? "1 row" : countText(source.quarantined) + " rows") in quarantine"
          ),
          Cell("what they say is in no figure"),
        ]))
    }
    let usual = "Findings"
    if table.rows.isEmpty { return builder.section(section, usual, [.text("Nothing was found.")]) }
    return builder.section(section, usual, [.table(table)])
  }
}
