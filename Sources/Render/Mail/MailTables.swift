import Model

/// Which of a report's tables a mail has, in the order in which they are read.
enum MailTables {
  /// - Returns: those of the figures, which stand first, those behind the pictures, and the notes that all of them point at.
  static func of(_ report: Report, _ definition: ReportDefinition, _ index: FigureIndex)
    -> (figures: [Table], others: [Table], notes: [String])
  {
    // Tables of sections point at the report's notes by number.
    var footnotes = Footnotes()
    for note in report.notes { _ = footnotes.number(of: note) }
    var figures: [Table] = []
    if report.sections.contains(where: { $0.kind == .figures }) {
      let metrics = metrics(definition, index.data)
      figures = [summary(metrics, index, &footnotes), budget(metrics, index, &footnotes)]
    }
    let others = report.sections.filter { $0.kind != .figures }.flatMap(\.tables).filter { !$0.isGrid }
    return (
      figures.filter { !$0.rows.isEmpty }, others.filter { !$0.rows.isEmpty }, footnotes.texts
    )
  }

  /// The tables with their notes numbered from 1 on, and those notes: no note is told of what is not shown.
  static func renumbered(_ tables: [Table], _ notes: [String]) -> (tables: [Table], notes: [String]) {
    var footnotes = Footnotes()
    func number(_ old: [Int]) -> [Int] {
      old.filter { notes.indices.contains($0 - 1) }.map { footnotes.number(of: notes[$0 - 1]) }
    }
    var result = tables
    for table in result.indices {
      for column in result[table].columns.indices {
        result[table].columns[column].notes = number(result[table].columns[column].notes)
      }
      for row in result[table].rows.indices {
        for cell in result[table].rows[row].cells.indices {
          result[table].rows[row].cells[cell].notes = number(result[table].rows[row].cells[cell].notes)
        }
      }
    }
    return (result, footnotes.texts)
  }

  /// The metrics of all sections of figures, each once.
  private static func metrics(_ definition: ReportDefinition, _ data: ReportData) -> [String] {
    var metrics: [String] = []
    for section in definition.sections where section.kind == .figures {
      for metric in section.metrics.flatMap({ Headlines.metrics(named: $0.id, data) })
      where !metrics.contains(metric) {
        metrics.append(metric)
      }
    }
    return metrics
  }

  /// Figures in four columns, which fit a telephone.
  private static func summary(
    _ metrics: [String], _ index: FigureIndex, _ footnotes: inout Footnotes
  ) -> Table {
    let data = index.data
    var table = Table(
      caption: "\(data.month.longName) against last month and last year",
      columns: [
        .init("Metric", isNumber: false), .init(data.month.shortName),
        .init("vs \((data.month - 1).shortName)"),
        .init("vs \((data.month - 12).shortName)"),
      ])
    for metric in metrics where index.metrics[metric] != nil {
      let now = index.value(metric, data.month)
      let notes = footnotes.definition(metric, index, addition: FiguresSection.valuation(metric, index))
      let changes = [data.month - 1, data.month - 12].map { month in
        changed(Comparison(metric, now: now, then: index.value(metric, month), index, &footnotes))
      }
      table.rows.append(
        .init(
          cells: [
            Cell(index.title(metric), notes: notes), short(now, metric, index, &footnotes),
          ] + changes))
    }
    return table
  }

  /// What was planned of the metrics; without rows where nothing was.
  private static func budget(
    _ metrics: [String], _ index: FigureIndex, _ footnotes: inout Footnotes
  ) -> Table {
    let data = index.data
    var table = Table(
      caption: "\(data.month.longName) against budget",
      columns: [
        .init("Metric", isNumber: false), .init(data.month.shortName), .init("Budget"), .init("vs budget"),
      ])
    for metric in metrics where index.metrics[metric] != nil {
      guard let planned = data.notes.budgets.first(where: { $0.metric == metric })?.planned else { continue }
      let now = index.value(metric, data.month)
      let notes = footnotes.definition(metric, index, addition: FiguresSection.valuation(metric, index))
      table.rows.append(
        .init(cells: [
          Cell(index.title(metric), notes: notes), short(now, metric, index, &footnotes),
          short(planned, metric, index, &footnotes),
          changed(Comparison(metric, now: now, then: planned, index, &footnotes)),
        ]))
    }
    return table
  }

  private static func short(
    _ value: MetricValue, _ metric: String, _ index: FigureIndex, _ footnotes: inout Footnotes
  ) -> Cell {
    var cell = footnotes.cell(value, metric, index)
    cell.text = headline(value, metric, index) ?? "n/a"
    return cell
  }

  private static func changed(_ comparison: Comparison) -> Cell {
    Cell(
      comparison.brief, tone: comparison.change.tone,
      notes: comparison.brief == "n/a" ? comparison.change.notes : [], value: comparison.change.value)
  }

  private static func headline(_ value: MetricValue, _ metric: String, _ index: FigureIndex) -> String? {
    Quantity(value, index.metrics[metric])?.headline(
      index.data.currency, decimals: Quantity.decimals(of: metric))
  }

  /// What a chat or a subject shows.
  static func headlines(_ index: FigureIndex) -> [ReportBrief.Figure] {
    let data = index.data
    var footnotes = Footnotes()
    return Headlines.metrics(data).map { metric in
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
