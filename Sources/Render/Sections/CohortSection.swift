import Model

/// What is still there of each cohort, by age: as tables, or as a map of shades.
enum CohortSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let data = builder.data
    let grid = CohortGrid(
      data, section.grain, limit: section.months, hasExchangeRates: builder.index.hasExchangeRates)
    let title = "Cohorts by \(section.grain.noun) of first MRR"
    guard !grid.cohorts.isEmpty else {
      return builder.omit(section, title, "no cohort has begun yet")
    }
    var blocks: [ReportSection.Block] = []
    for view in section.faces {
      if view == .map {
        blocks.append(
          .chart(
            Chart(drawing: CohortHeatMap.drawing(grid), table: grid.table(.net, data.currency), isTall: true))
        )
      } else {
        blocks += CohortGrid.Measure.allCases.map { .table(grid.table($0, data.currency)) }
      }
    }
    builder.add(tidy(CohortGrid(data, section.grain, limit: .max), data))
    return builder.section(section, title, blocks)
  }

  /// One measure of one cohort at one age a row.
  private static func tidy(_ grid: CohortGrid, _ data: ReportData) -> TidyTable {
    var table = TidyTable(
      name: "cohorts",
      columns: [
        "period", "period_end", "cohort", "age", "metric", "valuation", "unit", "currency", "value",
        "denominator",
      ])
    let (period, end) = (TidyTable.Field.date("\(data.month)"), TidyTable.Field.date("\(data.month.lastDay)"))
    let currency = TidyTable.Field.text(data.currency.code)
    for cohort in grid.cohorts {
      let label = TidyTable.Field.date(cohort.label)
      for age in 0..<grid.ages {
        guard let cell = grid.cell(cohort, age) else { continue }
        for measure in CohortGrid.Measure.allCases {
          let share = measure.share(cell)
          let isMoney = measure != .customers
          func field(_ value: Int64) -> TidyTable.Field {
            isMoney ? .money(value, data.currency) : .number(String(value))
          }
          table.rows.append([
            period, end, label, .number(String(age)), .text(measure.metric),
            .text(Valuation.constant.rawValue),
            .text(isMoney ? "money" : "count"), isMoney ? currency : .empty,
            field(share.number), field(share.of),
          ])
        }
      }
    }
    return table
  }
}

extension CohortGrid.Measure {
  /// What the file of cohorts calls it.
  fileprivate var metric: String {
    switch self {
    case .customers: "cohort_customers"
    case .net: "cohort_mrr_net"
    case .gross: "cohort_mrr_gross"
    }
  }
}
