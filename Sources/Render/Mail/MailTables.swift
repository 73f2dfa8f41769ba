import Model

/// Which of a report's tables a mail has, in the order in which they are read.
enum MailTables {
  static func of(_ report: Report, _ definition: ReportDefinition, _ index: FigureIndex) -> [Table] {
    var tables: [Table] = []
    var hasFigures = false
    for section in report.sections {
      if section.kind == .figures {
        if !hasFigures { tables.append(summary(metrics(definition, index.data), index)) }
        hasFigures = true
      } else {
        tables += section.tables.filter { !$0.isGrid }
      }
    }
    return tables.filter { !$0.rows.isEmpty }
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
  private static func summary(_ metrics: [String], _ index: FigureIndex) -> Table {
    let data = index.data
    var footnotes = Footnotes()
    var table = Table(
      caption: "\(data.month.longName) against last month and last year",
      columns: [
        .init("Metric", isNumber: false), .init(data.month.shortName),
        .init("vs \((data.month - 1).shortName)"),
        .init("vs \((data.month - 12).shortName)"),
      ])
    for metric in metrics where index.metrics[metric] != nil {
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
