import Model

/// Figures of the month against others: as headlines, and as a table.
enum FiguresSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let metrics = builder.metrics(section.metrics)
    let data = builder.data
    if let reason = builder.absence(metrics, [data.month]) {
      return builder.omit(section, "Figures", reason)
    }
    builder.citeHistory(metrics, section)
    return builder.section(
      section, "Figures",
      section.faces.map { view in
        view == .tiles
          ? .tiles(metrics.map { tile($0, section, &builder) }) : .table(table(metrics, section, &builder))
      })
  }

  private static func earlier(_ comparison: SectionDefinition.Comparison, _ data: ReportData) -> Month? {
    switch comparison {
    case .lastMonth: data.month - 1
    case .lastYear: data.month - 12
    case .budget: nil
    }
  }

  /// What a metric stands against; nil where nothing was planned of it.
  private static func compare(
    _ metric: String, _ comparison: SectionDefinition.Comparison, _ builder: inout ReportBuilder
  ) -> Comparison? {
    let index = builder.index
    let now = index.value(metric, index.data.month)
    guard let month = earlier(comparison, index.data) else {
      return index.data.notes.budgets.first { $0.metric == metric }.map {
        Comparison(metric, now: now, then: $0.planned, index, &builder.footnotes)
      }
    }
    return Comparison(metric, now: now, then: index.value(metric, month), index, &builder.footnotes)
  }

  private static func table(
    _ metrics: [String], _ section: SectionDefinition, _ builder: inout ReportBuilder
  ) -> Table {
    let index = builder.index
    let data = builder.data
    let hasBudget = metrics.contains { metric in data.notes.budgets.contains { $0.metric == metric } }
    let comparisons = section.comparisons.filter { $0 != .budget || hasBudget }
    let against = comparisons.compactMap { comparison in
      switch comparison {
      case .lastMonth: "last month"
      case .lastYear: "last year"
      case .budget: comparisons.count == 1 ? "budget" : nil
      }
    }
    var table = Table(
      caption: data.month.longName + (against.isEmpty ? "" : " against " + listText(against))
        + index.amountsNote(metrics),
      columns: [.init("Metric", isNumber: false), .init(data.month.shortName)])
    for comparison in comparisons {
      table.columns +=
        earlier(comparison, data).map { [.init($0.shortName), .init("Change")] }
        ?? [.init("Budget"), .init("Against it")]
    }
    for metric in metrics {
      let notes = builder.footnotes.definition(metric, index, addition: valuation(metric, index))
      var value = builder.footnotes.plainCell(index.value(metric, data.month), metric, index)
      value.spark = Sparkline(metric, index.months(section.months), index)
      var cells = [Cell(index.title(metric), notes: notes), value]
      for comparison in comparisons {
        let compared = compare(metric, comparison, &builder)
        cells += compared.map { [$0.earlier, $0.change] } ?? [.blank, .blank]
      }
      table.rows.append(.init(cells: cells))
    }
    return table
  }

  /// Said once where the valuations differ.
  static func valuation(_ metric: String, _ index: FigureIndex) -> String {
    guard index.hasExchangeRates, let figure = index.headline(metric, index.data.month),
      figure.valuation == .constant
    else { return "" }
    return " At constant exchange rates."
  }

  private static func tile(
    _ metric: String, _ section: SectionDefinition, _ builder: inout ReportBuilder
  ) -> Tile {
    let index = builder.index
    let data = index.data
    let notes = builder.footnotes.definition(metric, index, addition: valuation(metric, index))
    let quantity = Quantity(index.value(metric, data.month), index.metrics[metric])
    let value = quantity?.headline(data.currency, decimals: Quantity.decimals(of: metric)) ?? "n/a"
    let against = section.comparisons.compactMap { comparison in
      compare(metric, comparison, &builder).map {
        Tile.Against(
          text: $0.brief, tone: $0.change.tone, period: earlier(comparison, data)?.shortName ?? "budget")
      }
    }
    return Tile(
      metric: metric, title: index.title(metric), value: value, against: against, notes: notes)
  }
}

extension ReportBuilder {
  /// Why none of the metrics has a value in any of the months; nil where one has.
  func absence(_ metrics: [String], _ months: [Month], _ segment: SegmentKey = .all) -> String? {
    guard !metrics.isEmpty else { return "the catalogue as published has none of its metrics" }
    var reason: String?
    for month in months.reversed() {
      for metric in metrics {
        guard case .null(let why) = index.value(metric, month, segment) else { return nil }
        reason = reason ?? why
      }
    }
    return reason ?? index.absence(data.month)
  }

  /// Takes the months a section looks at into the file of figures, the one a year ago among them.
  mutating func citeHistory(_ metrics: [String], _ section: SectionDefinition) {
    var months = index.months(section.months)
    for comparison in section.comparisons {
      let month = comparison == .lastYear ? data.month - 12 : data.month - 1
      if comparison != .budget, !months.contains(month), index.row(month) != nil {
        months.insert(month, at: 0)
      }
    }
    cite(metrics, months)
  }
}
