import Model

/// Charts of what other sections have as tables.
enum ChartSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let data = builder.data
    guard let row = index.row(data.month) else {
      return builder.omit(section, "Chart", index.absence(data.month))
    }
    let charts = (section.views.isEmpty ? [.trend] : section.views).map { view -> Chart in
      switch view {
      case .waterfall: return Chart(drawing: WaterfallChart.drawing(row))
      case .retention:
        let (net, gross) = (data.headlineNDR, Headlines.gross(data))
        builder.cite([net, gross], index.months(section.months))
        return Chart(
          drawing: RetentionChart.drawing(index, net: net, gross: gross, months: section.months))
      default: return Chart(drawing: TrendChart.drawing(index, months: section.months))
      }
    }
    return builder.section(section, nil, charts.map { .chart($0) })
  }
}
