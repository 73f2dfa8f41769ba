import Model

/// The reported month's headline figures against last month and last year, as aligned plain text for a terminal.
///
/// Columns are parted by spaces only; reasons of missing values stand below. Ends with a line break.
public func summaryTable(_ data: ReportData) -> String { summaryTable(FigureTable(data)) }

/// The same beside reports of the month.
public func summaryTable(_ figures: FigureTable) -> String {
  let (index, data) = (FigureIndex(figures), figures.data)
  var footnotes = Footnotes()
  var rows: [[String]] = [
    ["", data.month.shortName, "vs \((data.month - 1).shortName)", "vs \((data.month - 12).shortName)"]
  ]
  for metric in Headlines.metrics(data) {
    let now = index.value(metric, data.month)
    let value = footnotes.cell(now, metric, index)
    let month = Comparison(metric, now: now, then: index.value(metric, data.month - 1), index, &footnotes)
    let year = Comparison(metric, now: now, then: index.value(metric, data.month - 12), index, &footnotes)
    rows.append([index.title(metric), value.text, month.brief, year.brief])
  }
  var widths = [Int](repeating: 0, count: 4)
  for row in rows {
    for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
  }
  let provisional = data.provisionalMonths.contains(data.month) ? " (provisional)" : ""
  var text = "\(plainText(data.company)), \(data.month.longName)\(provisional)\n\n"
  for row in rows {
    var line = ""
    for (column, cell) in row.enumerated() {
      let space = String(repeating: " ", count: widths[column] - cell.count)
      line += column == 1 ? "  " + space + cell : column == 0 ? cell + space : "   " + cell + space
    }
    while line.last == " " { line.removeLast() }
    text += line + "\n"
  }
  return text + "\n" + Driver(index).sentence + "\n"
}
