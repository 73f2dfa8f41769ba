import Model

/// What the coming year brings if it goes like the last months.
enum ForecastSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    guard let table = NoteTables.forecast(builder.index) else {
      return builder.omit(
        section, "Forecast", "it needs six months with an opening, and a year ahead that can still be counted"
      )
    }
    return builder.section(
      section, "Forecast",
      section.faces.compactMap { view -> ReportSection.Block? in
        switch view {
        case .fan: .chart(Chart(drawing: ForecastFan.drawing(builder.index, months: section.months)))
        case .whatIf: WhatIf(builder.index).map { .whatIf($0) }
        default: .table(table)
        }
      })
  }
}

/// Why customers left, where anything says so.
enum ChurnReasonsSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    builder.cite(NoteTables.churnFigures(builder.index))
    guard let table = NoteTables.churnReasons(builder.index) else {
      return builder.omit(section, "Why customers left", "no source says why, or nobody left")
    }
    return builder.section(section, "Why customers left", [.table(table)])
  }
}

/// Adjustments that were entered by hand; without any there is nothing to say.
enum AdjustmentsSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    NoteTables.adjustments(builder.index).map {
      builder.section(section, "Adjustments not in the figures", [.table($0)])
    } ?? []
  }
}
