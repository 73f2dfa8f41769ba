import Model

/// Which of a report's tables a mail has, in the order in which they are read.
enum MailTables {
  static func of(_ content: ReportContent, _ kind: ReportDefinition.Kind, _ index: FigureIndex) -> [Table] {
    if kind == .executiveSummary { return [summary(index)] }
    var tables: [Table] = []
    let order = ["summary", "methods", "months", "customers", "constant"]
    for (name, piece) in content.pieces.sorted(by: {
      (order.firstIndex(of: $0.key) ?? order.count, $0.key) < (
        order.firstIndex(of: $1.key) ?? order.count, $1.key
      )
    }) {
      switch piece {
      case .table(let table): tables.append(table)
      case .list(let items) where name != "basis":
        for item in items {
          for (_, inner) in item.sorted(by: { $0.key < $1.key }) {
            if case .table(let table) = inner, !table.isGrid { tables.append(table) }
          }
        }
      default: break
      }
    }
    return tables.filter { !$0.rows.isEmpty }
  }

  /// The headline figures in four columns, which fit a telephone.
  private static func summary(_ index: FigureIndex) -> Table {
    let data = index.data
    var footnotes = Footnotes()
    var table = Table(
      caption: "\(data.month.longName) against last month and last year",
      columns: [
        .init("Metric", isNumber: false), .init(data.month.shortName),
        .init("vs \((data.month - 1).shortName)"),
        .init("vs \((data.month - 12).shortName)"),
      ])
    for metric in ExecutiveSummary.metrics(data) {
      let now = index.value(metric, data.month)
      let month = Comparison(metric, now: now, then: index.value(metric, data.month - 1), index, &footnotes)
      let year = Comparison(metric, now: now, then: index.value(metric, data.month - 12), index, &footnotes)
      table.rows.append(
        .init(cells: [
          Cell(index.title(metric)),
          Cell(headline(now, metric, index) ?? "n/a", value: footnotes.cell(now, metric, index).value),
          Cell(month.brief, tone: month.change.tone, value: month.change.value),
          Cell(year.brief, tone: year.change.tone, value: year.change.value),
        ]))
    }
    return table
  }

  private static func headline(_ value: MetricValue, _ metric: String, _ index: FigureIndex) -> String? {
    Quantity(value, index.metrics[metric])?.headline(
      index.data.currency, decimals: Quantity.decimals(of: metric))
  }

  /// What a chat or a subject shows.
  static func headlines(_ index: FigureIndex) -> [ReportBrief.Figure] {
    let data = index.data
    var footnotes = Footnotes()
    return ExecutiveSummary.metrics(data).map { metric in
      let now = index.value(metric, data.month)
      let month = Comparison(metric, now: now, then: index.value(metric, data.month - 1), index, &footnotes)
      let quantity = Quantity(now, index.metrics[metric])
      return ReportBrief.Figure(
        metric: metric, title: index.title(metric), value: headline(now, metric, index) ?? "n/a",
        change: month.brief == "n/a" ? "n/a" : "\(month.brief) on \((data.month - 1).shortName)",
        number: quantity.map { exactDecimalText($0.number, scale: $0.scale) })
    }
  }
}
