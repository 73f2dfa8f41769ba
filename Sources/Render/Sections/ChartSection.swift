import Model

/// Charts: of the bridge, of retention, or of any metrics.
enum ChartSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let data = builder.data
    guard let row = index.row(data.month) else {
      return builder.omit(section, "Chart", index.absence(data.month))
    }
    let metrics = builder.metrics(section.metrics)
    var charts: [Chart] = []
    var unsplit: [String] = []
    for view in section.faces {
      switch view {
      case .waterfall: charts.append(Chart(drawing: WaterfallChart.drawing(row)))
      case .retention:
        let (net, gross) = (data.headlineNDR, Headlines.gross(data))
        builder.cite([net, gross], index.months(section.months))
        charts.append(
          Chart(drawing: RetentionChart.drawing(index, net: net, gross: gross, months: section.months)))
      case .line:
        let known = metrics.filter { builder.absence([$0], index.months(section.months)) == nil }
        guard !known.isEmpty else {
          return builder.omit(
            section, "Chart", builder.absence(metrics, [data.month]) ?? index.absence(data.month))
        }
        builder.cite(known, index.months(section.months))
        charts.append(Chart(drawing: LineChart.drawing(known, index, months: section.months)))
      case .smallMultiples:
        for metric in section.metrics.isEmpty ? ["mrr"] : metrics {
          let made = smallMultiples(metric, section, &builder)
          if made.isEmpty { unsplit.append(metric) }
          charts += made
        }
      default: charts.append(Chart(drawing: TrendChart.drawing(index, months: section.months)))
      }
    }
    guard !charts.isEmpty else {
      return builder.omit(
        section, "Chart",
        metrics.isEmpty && !section.metrics.isEmpty
          ? builder.absence(metrics, [data.month]) ?? index.absence(data.month)
          : "no figures of \(data.month.longName) are split")
    }
    for metric in unsplit {
      _ = builder.omit(
        section, "Chart", "\(index.title(metric)) of \(data.month.longName) is not split into segments")
    }
    return builder.section(section, nil, charts.map { .chart($0) })
  }

  /// One drawing for each dimension, of its largest segments.
  private static func smallMultiples(
    _ metric: String, _ section: SectionDefinition, _ builder: inout ReportBuilder
  ) -> [Chart] {
    let index = builder.index
    return builder.dimensions(of: section, customersOnly: false).compactMap { dimension in
      let known = index.segments(of: dimension, [metric]).filter { segment in
        index.value(metric, index.data.month, SegmentKey(dimension, segment)).isKnown
      }
      let segments = known.filter { $0 != SegmentKey.none }
      guard segments.count > 1 else { return nil }
      let amounts = segments.map { segment in
        let value = index.value(metric, index.data.month, SegmentKey(dimension, segment))
        return (segment, Int64(clamping: Quantity(value, index.metrics[metric])?.number ?? 0))
      }
      let (named, _) = SegmentOrder.split(
        SegmentOrder.sorted(amounts), section.rows
      ) { name in amounts.first { $0.0 == name }?.1 ?? 0 }
      builder.cite([metric], index.months(section.months), named.map { SegmentKey(dimension, $0) })
      var left = named.count < segments.count ? ["largest \(named.count) of \(segments.count)"] : []
      if segments.count < known.count { left.append("\(SegmentKey.none) is not drawn") }
      return Chart(
        drawing: LineChart.smallMultiples(
          metric, dimension, named, index, months: section.months, left: left.joined(separator: "; ")))
    }
  }
}
