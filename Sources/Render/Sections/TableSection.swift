import Model

/// Metrics by period, or the month by the segments of a dimension.
enum TableSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let metrics = builder.metrics(section.metrics)
    if !section.dimensions.isEmpty { return bySegment(metrics, section, &builder) }
    let periods = builder.index.periods(section.grain, section.months)
    let known = periods.filter { period in
      metrics.contains { builder.index.value($0, period).isKnown }
    }
    guard let first = known.first else {
      return builder.omit(
        section, "By \(section.grain.noun)",
        builder.absence(metrics, [builder.data.month]) ?? "nothing is known")
    }
    let table = byPeriod(periods.filter { $0.last >= first.last }, metrics, section, &builder)
    builder.cite(metrics.flatMap { metric in periods.compactMap { builder.index.headline(metric, $0) } })
    return builder.section(section, "\(section.grain.adjective)", [.table(table)])
  }

  private static func byPeriod(
    _ periods: [Period], _ metrics: [String], _ section: SectionDefinition, _ builder: inout ReportBuilder
  ) -> Table {
    let index = builder.index
    var table = Table(
      caption: "By \(section.grain.noun)" + units(metrics, index),
      columns: [.init(section.grain.noun.capitalizedFirst, isNumber: false)]
        + metrics.map { .init(index.title($0), notes: builder.footnotes.definition($0, index)) })
    for period in periods {
      let cells = metrics.map { metric in
        builder.footnotes.plainCell(index.value(metric, period), metric, index)
      }
      table.rows.append(.init(cells: [period.cell] + cells))
    }
    if let last = table.rows.indices.last, section.grain == .month { table.rows[last].emphasis = .total }
    return table
  }

  /// `, amounts in USD, retention at constant rates`: what the columns' titles do not say.
  private static func units(_ metrics: [String], _ index: FigureIndex) -> String {
    let hasRetention = metrics.contains { index.metrics[$0]?.group == .retention }
    return index.amountsNote(metrics)
      + (index.hasExchangeRates && hasRetention ? ", retention and churn at constant rates" : "")
  }

  private static func bySegment(
    _ metrics: [String], _ section: SectionDefinition, _ builder: inout ReportBuilder
  ) -> [ReportSection] {
    let index = builder.index
    let month = builder.data.month
    let dimensions = builder.dimensions(of: section, customersOnly: false)
    return dimensions.flatMap { dimension -> [ReportSection] in
      let segments = index.segments(of: dimension, metrics).filter { segment in
        metrics.contains { index.value($0, month, SegmentKey(dimension, segment)).isKnown }
      }
      guard segments.contains(where: { $0 != SegmentKey.none }) else {
        return builder.omit(
          section, dimensionTitle(dimension), "no figures of \(month.longName) are split by '\(dimension)'")
      }
      let ordered = order(segments, dimension, metrics, section, index)
      // A rest of one is shown by name instead.
      let named = ordered.count > section.rows + 1 ? Array(ordered.prefix(section.rows)) : ordered
      let others = ordered.dropFirst(named.count)
      var table = Table(
        caption: "\(month.longName) by \(dimensionTitle(dimension).lowercasedFirst)" + units(metrics, index),
        columns: [.init(dimensionTitle(dimension), isNumber: false)]
          + metrics.map { .init(index.title($0), notes: builder.footnotes.definition($0, index)) })
      func add(_ title: String, _ key: SegmentKey, _ emphasis: Table.Emphasis = .none) {
        let cells = metrics.map { metric in
          var cell = builder.footnotes.plainCell(index.value(metric, month, key), metric, index)
          cell.spark = Sparkline(metric, index.months(section.months), index, key)
          return cell
        }
        table.rows.append(.init(cells: [Cell(title)] + cells, emphasis: emphasis))
      }
      for segment in named {
        let key = SegmentKey(dimension, segment)
        add(index.title(of: key), key)
      }
      if !others.isEmpty {
        let cells = metrics.map { metric in
          func values(_ segments: some Sequence<String>) -> [MetricValue] {
            segments.map { index.value(metric, month, SegmentKey(dimension, $0)) }
          }
          let value = OtherSegments.value(
            of: values(others), beside: values(named), total: index.value(metric, month))
          return builder.footnotes.plainCell(value, metric, index)
        }
        table.rows.append(
          .init(cells: [Cell("\(countText(others.count)) others")] + cells, emphasis: .rest))
      }
      add("Total", .all, .total)
      builder.cite(metrics, [month], [.all] + ordered.sorted().map { SegmentKey(dimension, $0) })
      return builder.section(section, of: dimension, among: dimensions, [.table(table)])
    }
  }

  private static func order(
    _ segments: [String], _ dimension: String, _ metrics: [String], _ section: SectionDefinition,
    _ index: FigureIndex
  ) -> [String] {
    let amounts = segments.sorted().map { segment -> (name: String, amount: Int64) in
      guard let metric = metrics.first else { return (segment, 0) }
      let value = index.value(metric, index.data.month, SegmentKey(dimension, segment))
      return (segment, Int64(clamping: Quantity(value, index.metrics[metric])?.number ?? Int128(Int64.min)))
    }
    switch section.order {
    case .natural: return SegmentOrder.sorted(amounts)
    case .largest: return amounts.sorted { ($1.amount, $0.name) < ($0.amount, $1.name) }.map(\.name)
    case .smallest: return amounts.sorted { ($0.amount, $0.name) < ($1.amount, $1.name) }.map(\.name)
    case .name: return amounts.map(\.name)
    }
  }
}

extension Grain {
  /// `month`, `fiscal quarter`.
  var noun: String {
    switch self {
    case .month: "month"
    case .quarter: "quarter"
    case .fiscalQuarter: "fiscal quarter"
    case .fiscalYear: "fiscal year"
    }
  }

  /// The heading of a table by periods.
  var adjective: String { "\(noun.capitalizedFirst) by \(noun)" }
}

extension Period {
  /// `Feb 2024`, `2024-Q1`.
  fileprivate var cell: Cell { grain == .month ? .month(last) : Cell(label) }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension FigureIndex {
  /// `, amounts in USD` behind the caption of a table with amounts, whose cells then do without.
  func amountsNote(_ metrics: [String]) -> String {
    metrics.contains { self.metrics[$0]?.unit == .money } ? ", amounts in \(data.currency.code)" : ""
  }
}

extension Footnotes {
  /// As ``cell(_:_:_:)``, but amounts without their currency, which the table's caption names.
  mutating func plainCell(_ value: MetricValue, _ metric: String, _ index: FigureIndex) -> Cell {
    guard let quantity = Quantity(value, index.metrics[metric]), quantity.unit == .money else {
      return cell(value, metric, index)
    }
    return .money(quantity.number, index.data.currency)
  }
}
