import CXlsxWriter
import Model

/// Writes a report as a workbook: a first sheet that says what it is, one sheet a section, and all figures behind them.
struct SpreadsheetReport {
  private let report: Report
  private let workbook: Workbook
  /// Every number a chart shows stands on a sheet of its own, the last one.
  private var panels:
    [(data: ChartData, sheet: UnsafeMutablePointer<lxw_worksheet>, row: UInt32, column: UInt16)] = []

  static func bytes(_ report: Report) throws(Workbook.Failure) -> [UInt8] {
    let workbook = try Workbook(
      title: plainText(report.title), company: plainText(report.company), created: report.month.lastDay)
    var writer = SpreadsheetReport(report, workbook)
    do {
      try writer.write()
    } catch {
      // The library frees what it holds only when the workbook ends.
      _ = try? workbook.bytes()
      throw error
    }
    return try workbook.bytes()
  }

  private init(_ report: Report, _ workbook: Workbook) {
    self.report = report
    self.workbook = workbook
  }

  private mutating func write() throws(Workbook.Failure) {
    try writeFront()
    for section in report.sections where !section.isText { try write(section) }
    for table in report.tables { try write(table) }
    try writeCharts()
  }

  // MARK: The first sheet

  private func writeFront() throws(Workbook.Failure) {
    var sheet = SheetTable(workbook: workbook, sheet: try workbook.sheet("Report"))
    var row: UInt32 = 0
    func line(_ text: String, _ look: Workbook.Look = .init(isWrapped: true)) {
      let shown = SheetTable.cellText(plainText(text))
      worksheet_merge_range(sheet.sheet, row, 0, row, 1, shown, workbook.format(look))
      // A merged cell does not grow by itself.
      worksheet_set_row(sheet.sheet, row, Double(shown.count / 110 + 1) * (look.size ?? 11) * 1.4, nil)
      row += 1
    }
    line(report.title, .init(isBold: true, size: 16))
    line("\(report.company), \(report.month.longName)" + (report.isProvisional ? " (provisional)" : ""))
    if !report.audience.isEmpty { line(report.audience, .init(isQuiet: true)) }
    for section in report.sections {
      let texts = section.texts
      guard !texts.isEmpty else { continue }
      row += 1
      if section.isText, let title = section.title { line(title, .init(isBold: true)) }
      for text in texts { line(text) }
    }
    worksheet_set_landscape(sheet.sheet)
    pairs("What the figures rest on", report.basis.map { ($0.label, $0.text) }, &row, &sheet)
    pairs(
      "Notes", report.notes.enumerated().map { (String($0.offset + 1), $0.element) }, &row, &sheet)
    pairs("Left out", report.omissions.map { ($0, "") }, &row, &sheet)
    sheet.widths[0] = 24
    sheet.widths[1] = 100
    sheet.setWidths()
  }

  private func pairs(
    _ title: String, _ pairs: [(String, String)], _ row: inout UInt32, _ sheet: inout SheetTable
  ) {
    guard !pairs.isEmpty else { return }
    row += 1
    worksheet_write_string(
      sheet.sheet, row, 0, title, workbook.format(.init(isBold: true, hasLineBelow: true)))
    worksheet_write_blank(sheet.sheet, row, 1, workbook.format(.init(hasLineBelow: true)))
    row += 1
    for pair in pairs {
      sheet.text(plainText(pair.0), row, 0, .init(isWrapped: !pair.1.isEmpty))
      if !pair.1.isEmpty { sheet.text(plainText(pair.1), row, 1, .init(isWrapped: true)) }
      row += 1
    }
  }

  // MARK: Sections

  private mutating func write(_ section: ReportSection) throws(Workbook.Failure) {
    let tables = section.allTables + section.tiles
    let title = section.title ?? section.part ?? section.held
    var sheet = SheetTable(workbook: workbook, sheet: try workbook.sheet(title))
    worksheet_set_landscape(sheet.sheet)
    func line(_ text: String, _ row: UInt32, _ look: Workbook.Look) {
      worksheet_write_string(sheet.sheet, row, 0, SheetTable.cellText(plainText(text)), workbook.format(look))
    }
    line(title, 0, .init(isBold: true, size: 14))
    var row: UInt32 = 1
    var frozen: UInt32 = 1
    for (number, table) in tables.enumerated() {
      if !table.caption.isEmpty, table.caption != title {
        line(table.caption, row, .init(isItalic: true))
        row += 1
      }
      let columns = sheet.write(table, at: row)
      // With several tables their heads scroll with them.
      if number == 0, tables.count == 1 { frozen = row + 1 }
      row = columns.last + 2
    }
    worksheet_freeze_panes(sheet.sheet, frozen, tables.isEmpty ? 0 : 1)
    // What has few rows stands on one page, its charts in one piece.
    if row < 48 { worksheet_fit_to_pages(sheet.sheet, 1, 1) }
    place(section.charts, beside: sheet, below: row, isTall: row > 24)
    sheet.setWidths()
  }

  /// Charts stand below the tables, or beside them where nobody would scroll that far.
  private mutating func place(_ charts: [Drawing], beside sheet: SheetTable, below row: UInt32, isTall: Bool)
  {
    var row = isTall ? 2 : row
    let column = isTall ? UInt16((sheet.widths.keys.max() ?? 0) + 2) : 0
    for data in charts.flatMap(\.data) where data.table.columns.count > 1 && !data.table.rows.isEmpty {
      panels.append((data, sheet.sheet, row, column))
      row += 18
    }
  }

  // MARK: Figures

  private func write(_ table: TidyTable) throws(Workbook.Failure) {
    var sheet = SheetTable(
      workbook: workbook,
      sheet: try workbook.sheet(table.name.prefix(1).uppercased() + table.name.dropFirst()))
    for (column, title) in table.columns.enumerated() {
      sheet.head(title, 0, UInt16(column), isNumber: false)
    }
    // A sheet ends at 1,048,576 rows.
    let rows = table.rows.prefix(1_048_574)
    for (number, fields) in rows.enumerated() {
      for (column, field) in fields.enumerated() {
        let (row, column) = (UInt32(number) + 1, UInt16(column))
        switch field {
        case .empty: break
        case .text(let text): sheet.text(text, row, column, .init(), widest: 32)
        case .number, .micros:
          let number = field.plain ?? ""
          sheet.number(Double(number) ?? 0, row, column, .init(), shown: number)
        case .date(let label):
          guard let day = Day(iso: label), let serial = NumberFormat.serial(day) else {
            sheet.text(label, row, column, .init())
            continue
          }
          sheet.number(serial, row, column, .init(numberFormat: NumberFormat.day), shown: label)
        }
      }
    }
    if table.rows.count > rows.count {
      sheet.text(
        "\(table.rows.count - rows.count) further rows do not fit; the CSV file has them",
        UInt32(rows.count) + 1, 0, .init(isItalic: true))
    }
    worksheet_freeze_panes(sheet.sheet, 1, 0)
    if !rows.isEmpty, !table.columns.isEmpty {
      worksheet_autofilter(sheet.sheet, 0, 0, UInt32(rows.count), UInt16(table.columns.count - 1))
    }
    sheet.setWidths()
  }

  // MARK: Charts

  private func writeCharts() throws(Workbook.Failure) {
    guard !panels.isEmpty else { return }
    let name = "Chart data"
    var sheet = SheetTable(workbook: workbook, sheet: try workbook.sheet(name))
    var row: UInt32 = 0
    for panel in panels {
      sheet.text(panel.data.title, row, 0, .init(isBold: true), widest: 12)
      let chart = NativeChart(workbook: workbook, dataSheet: name)
      let used = chart.insert(panel.data, into: panel.sheet, panel.row, panel.column, &sheet, at: row + 1)
      row = used + 2
    }
    sheet.setWidths()
  }
}

extension ReportSection {
  var charts: [Drawing] {
    blocks.compactMap { block in if case .chart(let chart) = block { chart.drawing } else { nil } }
  }

  /// Those of charts too.
  var allTables: [Table] {
    blocks.compactMap { block in
      switch block {
      case .table(let table): table
      case .chart(let chart): chart.table
      case .tiles, .sentences, .text, .whatIf: nil
      }
    }
  }

  /// Whether it has nothing that needs a sheet.
  var isText: Bool {
    blocks.allSatisfy {
      switch $0 {
      case .sentences, .text, .whatIf: true
      case .tiles, .table, .chart: false
      }
    }
  }

  var texts: [String] {
    blocks.flatMap { block -> [String] in
      switch block {
      case .sentences(let sentences): sentences
      case .text(let text): [text]
      case .whatIf(let panel): [panel.sentence]
      case .tiles, .table, .chart: []
      }
    }
  }

  /// What stands in it, where it has no title: the chart, or the metrics of its table.
  fileprivate var held: String {
    if let chart = charts.first { return chart.title }
    guard let table = allTables.first else { return "Headline figures" }
    switch kind {
    // Their captions say the month and what it is set against.
    case .figures:
      return table.rows.count == 1 ? table.rows[0].cells.first?.text ?? "Key figures" : "Key figures"
    case .table where table.columns.count == 2:
      return "\(table.columns[1].title) by \(table.columns[0].title.lowercasedFirst)"
    default: return table.caption
    }
  }

  /// Headline figures as a table, where the section shows them in no other.
  fileprivate var tiles: [Table] {
    guard allTables.isEmpty else { return [] }
    return blocks.compactMap { block in
      guard case .tiles(let tiles) = block, let first = tiles.first else { return nil }
      var table = Table(
        caption: "",
        columns: [.init("Metric", isNumber: false), .init("Value")]
          + first.against.map { .init("vs \($0.period)", isNumber: false) })
      table.rows = tiles.map { tile in
        .init(
          cells: [Cell(tile.title, notes: tile.notes), Cell(tile.value)]
            + tile.against.map { Cell($0.text, tone: $0.tone) })
      }
      return table
    }
  }
}
