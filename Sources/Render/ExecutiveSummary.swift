import Model

/// The one page a board reads: the headline figures against last month and last year, and what drove them.
struct ExecutiveSummary {
  /// Metrics of the table, in order.
  static func metrics(_ data: ReportData) -> [String] {
    [
      "mrr", "arr", "mrr_net_new", data.headlineNDR, headlineGDR(data), "customers", "customer_churn_rate",
      "gross_mrr_churn_rate", "net_mrr_churn_rate", "arpa", "quick_ratio",
    ] + data.metrics.filter { $0.group == .own }.map(\.id).sorted()
  }

  /// The gross counterpart of the headline net retention, where there is one.
  static func headlineGDR(_ data: ReportData) -> String {
    guard data.headlineNDR.hasPrefix("ndr_") else { return "gdr_t12m" }
    let counterpart = "gdr_" + data.headlineNDR.dropFirst(4)
    return data.metrics.contains { $0.id == counterpart } ? counterpart : "gdr_t12m"
  }

  static func content(_ index: FigureIndex, _ definition: ReportDefinition) -> ReportContent {
    let data = index.data
    var footnotes = Footnotes()
    var table = Table(
      caption: "\(data.month.longName) against last month and last year",
      columns: [
        .init("Metric", isNumber: false), .init(data.month.shortName), .init((data.month - 1).shortName),
        .init("Change"), .init((data.month - 12).shortName), .init("Change"),
      ])
    let planned = Dictionary(data.notes.budgets.map { ($0.metric, $0.planned) }) { first, _ in first }
    let hasBudget = metrics(data).contains { planned[$0] != nil }
    if hasBudget { table.columns += [.init("Budget"), .init("Against it")] }
    var tiles: [[String: Piece]] = []
    let headlines: Set<String> = [
      "mrr", "mrr_net_new", data.headlineNDR, headlineGDR(data), "customers", "gross_mrr_churn_rate",
    ]
    for metric in metrics(data) {
      let now = index.value(metric, data.month)
      var title = Cell(
        index.title(metric), notes: footnotes.definition(metric, index, addition: valuation(metric, index)))
      title.notes = Array(title.notes.prefix(1))
      let value = footnotes.cell(now, metric, index)
      let month = Comparison(metric, now: now, then: index.value(metric, data.month - 1), index, &footnotes)
      let year = Comparison(metric, now: now, then: index.value(metric, data.month - 12), index, &footnotes)
      var cells = [title, value, month.earlier, month.change, year.earlier, year.change]
      if hasBudget { cells += budget(planned[metric], metric, now, index, &footnotes) }
      table.rows.append(.init(cells: cells))
      if headlines.contains(metric) {
        tiles.append(tile(metric, now, value, month, year, index))
      }
    }
    var content = ReportContent(figures: figures(index, definition))
    content.pieces["tiles"] = .list(tiles)
    content.pieces["figures"] = .table(table)
    content.pieces["adjustments"] = NoteTables.piece(NoteTables.adjustments(index), as: "adjustment_table")
    content.pieces["forecasts"] = NoteTables.piece(NoteTables.forecast(index), as: "forecast_table")
    content.pieces["driver"] = .text(Driver(index).sentence)
    content.pieces["trend"] = .chart(TrendChart.drawing(index, months: definition.months))
    content.pieces.merge(ReportFrame.pieces(index, definition, footnotes)) { first, _ in first }
    return content
  }

  /// What was planned of a metric, and how it stands against that; blank where nothing was.
  private static func budget(
    _ planned: MetricValue?, _ metric: String, _ now: MetricValue, _ index: FigureIndex,
    _ footnotes: inout Footnotes
  ) -> [Cell] {
    guard let planned else { return [.blank, .blank] }
    let comparison = Comparison(metric, now: now, then: planned, index, &footnotes)
    return [comparison.earlier, comparison.change]
  }

  /// Said once where the valuations differ.
  static func valuation(_ metric: String, _ index: FigureIndex) -> String {
    guard index.hasExchangeRates, let figure = index.headline(metric, index.data.month),
      figure.valuation == .constant
    else { return "" }
    return " At constant exchange rates."
  }

  private static func tile(
    _ metric: String, _ now: MetricValue, _ value: Cell, _ month: Comparison, _ year: Comparison,
    _ index: FigureIndex
  ) -> [String: Piece] {
    let quantity = Quantity(now, index.metrics[metric])
    let text = quantity?.headline(index.data.currency, decimals: Quantity.decimals(of: metric)) ?? value.text
    return [
      "tile_title": .text(index.title(metric)), "tile_value": .text(text),
      "tile_month": .text(month.brief), "tile_month_tone": .text(month.change.tone.rawValue),
      "tile_year": .text(year.brief), "tile_year_tone": .text(year.change.tone.rawValue),
      "tile_month_name": .text((index.data.month - 1).shortName),
      "tile_year_name": .text((index.data.month - 12).shortName),
    ]
  }

  private static func figures(_ index: FigureIndex, _ definition: ReportDefinition) -> TidyTable {
    var months = index.months(definition.months)
    let yearAgo = index.data.month - 12
    if !months.contains(yearAgo), index.row(yearAgo) != nil { months.insert(yearAgo, at: 0) }
    return TidyTable.ofFigures(
      months.flatMap { month in metrics(index.data).compactMap { index.headline($0, month) } }, index)
  }
}
