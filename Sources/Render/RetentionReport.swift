import Model

/// How much of the revenue stays: by method, by month, by segment, by cohort.
enum RetentionReport {
  private static let methods: [(title: String, net: String, gross: String)] = [
    ("1 month", "ndr_1m", "gdr_1m"), ("3 months", "ndr_3m", "gdr_3m"), ("12 months", "ndr_t12m", "gdr_t12m"),
    ("1 month, annualized", "ndr_1m_annualized", "gdr_1m_annualized"),
    ("3 months, annualized", "ndr_3m_annualized", "gdr_3m_annualized"),
    ("12 months, compounded", "ndr_t12m_compounded", "gdr_t12m_compounded"),
    ("Sign-up cohort of a year ago", "ndr_signup_cohort", "gdr_signup_cohort"),
  ]

  /// Most cohorts a table has room for, and most a heat map has.
  private static let gridLimit = 13
  private static let heatMapLimit = 36

  static func content(_ index: FigureIndex, _ definition: ReportDefinition) -> ReportContent {
    let data = index.data
    var footnotes = Footnotes()
    var findings: [Finding] = []
    let months = index.months(definition.months)
    let gross = ExecutiveSummary.headlineGDR(data)
    let dimensions = index.dimensions(of: definition, customersOnly: true, &findings)
    var content = ReportContent(figures: tidy(index, months, dimensions))
    content.pieces["sentence"] = .text(sentence(gross, index))
    content.pieces["methods"] = .table(methodTable(index, &footnotes))
    content.pieces["trend"] = .chart(
      RetentionChart.drawing(index, net: data.headlineNDR, gross: gross, months: definition.months))
    content.pieces["months"] = .table(monthTable(months, gross, index, &footnotes))
    content.pieces["churn_reasons"] = NoteTables.piece(NoteTables.churnReasons(index), as: "churn_table")
    content.pieces["breakdowns"] = .list(
      dimensions.compactMap { dimension in
        RetentionBySegment.table(dimension, gross, index, rows: definition.rows, &footnotes).map {
          ["dimension": .text(dimensionTitle(dimension)), "breakdown": .table($0)]
        }
      })
    let quarters = CohortGrid(data, .quarter, limit: gridLimit)
    let monthly = CohortGrid(data, .month, limit: gridLimit)
    let heatMap = CohortGrid(data, .month, limit: heatMapLimit)
    content.pieces["quarter_grids"] = grids(quarters, data.currency)
    content.pieces["month_grids"] = grids(monthly, data.currency)
    content.pieces["has_quarters"] = .flag(!quarters.cohorts.isEmpty)
    content.pieces["has_cohorts"] = .flag(!heatMap.cohorts.isEmpty)
    content.pieces["heat_map"] = .chart(CohortHeatMap.drawing(heatMap))
    content.findings = findings
    content.pieces.merge(ReportFrame.pieces(index, definition, footnotes)) { first, _ in first }
    return content
  }

  private static func grids(_ grid: CohortGrid, _ currency: Currency) -> Piece {
    guard !grid.cohorts.isEmpty else { return .list([]) }
    return .list(
      CohortGrid.Measure.allCases.map {
        ["measure": .text($0.title), "grid": .table(grid.table($0, currency))]
      })
  }

  private static func sentence(_ gross: String, _ index: FigureIndex) -> String {
    let month = index.data.month
    func text(_ metric: String) -> String {
      Quantity(index.value(metric, month), index.metrics[metric])?.text(index.data.currency) ?? "n/a"
    }
    let net = index.data.headlineNDR
    return "\(month.longName): \(index.title(net)) \(text(net)), \(index.title(gross)) \(text(gross))."
  }

  private static func methodTable(_ index: FigureIndex, _ footnotes: inout Footnotes) -> Table {
    let month = index.data.month
    let valuations: [Valuation] = index.hasExchangeRates ? [.constant, .asReported] : [.asReported]
    func name(_ kind: String, _ valuation: Valuation) -> String {
      guard index.hasExchangeRates else { return kind }
      return valuation == .constant ? "\(kind), constant rates" : "\(kind), as reported"
    }
    var table = Table(
      caption: "\(month.longName), by method; the method is part of the number",
      columns: [.init("Method", isNumber: false)]
        + ["NDR", "GDR"].flatMap { kind in
          valuations.map { .init(name(kind, $0)) }
        })
    for method in methods where index.metrics[method.net] != nil || index.metrics[method.gross] != nil {
      var notes: [Int] = []
      var cells: [Cell] = []
      for metric in [method.net, method.gross] {
        guard index.metrics[metric] != nil else {
          cells += valuations.map { _ in footnotes.missing("gross retention is not defined for this method") }
          continue
        }
        notes += footnotes.definition(metric, index)
        cells += valuations.map { valuation in
          let figure = index.figure(metric, month, valuation: valuation) ?? index.headline(metric, month)
          return footnotes.cell(figure?.value ?? .null(index.absence(month)), metric, index)
        }
      }
      let isHeadline = method.net == index.data.headlineNDR
      table.rows.append(
        .init(
          cells: [Cell(isHeadline ? method.title + " (headline)" : method.title, notes: notes)] + cells,
          emphasis: isHeadline ? .total : .none))
    }
    return table
  }

  private static func monthTable(
    _ months: [Month], _ gross: String, _ index: FigureIndex, _ footnotes: inout Footnotes
  ) -> Table {
    let metrics = [
      index.data.headlineNDR, gross, "gross_mrr_churn_rate", "net_mrr_churn_rate", "customer_churn_rate",
    ].filter { index.metrics[$0] != nil }
    var table = Table(
      caption: "Retention and churn by month" + (index.hasExchangeRates ? ", MRR at constant rates" : ""),
      columns: [.init("Month", isNumber: false)] + metrics.map { .init(index.title($0)) })
    for metric in metrics { _ = footnotes.definition(metric, index) }
    for month in months {
      let cells = metrics.map { footnotes.cell(index.value($0, month), $0, index) }
      table.rows.append(.init(cells: [.month(month)] + cells))
    }
    if let last = table.rows.indices.last { table.rows[last].emphasis = .total }
    return table
  }

  private static func tidy(_ index: FigureIndex, _ months: [Month], _ dimensions: [String]) -> TidyTable {
    let ids =
      methods.flatMap { [$0.net, $0.gross] } + RetentionBySegment.atTheEnd + [
        "gross_mrr_churn_rate", "net_mrr_churn_rate", "customer_churn_rate", "customer_retention_rate",
      ]
    var figures: [Figure] = []
    func add(_ month: Month, _ key: SegmentKey) {
      for metric in ids {
        for valuation: Valuation in [.constant, .asReported] {
          if let figure = index.figure(metric, month, key, valuation: valuation) { figures.append(figure) }
        }
      }
    }
    for month in months { add(month, .all) }
    for dimension in dimensions {
      for segment in index.segments(of: dimension, index.data.month) {
        add(index.data.month, SegmentKey(dimension, segment))
      }
    }
    figures += NoteTables.churnFigures(index)
    var table = TidyTable.ofFigures(figures, index)
    table.columns += ["cohort", "age"]
    table.rows = table.rows.map { $0 + [.empty, .empty] }
    for grain: Grain in [.month, .quarter] {
      table.rows += cohortRows(CohortGrid(index.data, grain, limit: .max), index.data)
    }
    return table
  }

  private static func cohortRows(_ grid: CohortGrid, _ data: ReportData) -> [[TidyTable.Field]] {
    var rows: [[TidyTable.Field]] = []
    for cohort in grid.cohorts {
      for age in 0..<grid.ages {
        guard let cell = grid.cell(cohort, age) else { continue }
        for measure in CohortGrid.Measure.allCases {
          let share = measure.share(cell)
          let isMoney = measure != .customers
          let metric =
            switch measure {
            case .customers: "cohort_customers"
            case .net: "cohort_mrr_net"
            case .gross: "cohort_mrr_gross"
            }
          rows.append([
            .date("\(data.month)"), .date("\(data.month.lastDay)"), .text(metric), .text("all"), .text("all"),
            .text(Valuation.constant.rawValue), .text(isMoney ? "money" : "count"),
            isMoney ? .text(data.currency.code) : .empty,
            isMoney ? .money(share.number, data.currency) : .number(String(share.number)), .empty,
            isMoney ? .money(share.of, data.currency) : .number(String(share.of)), .empty, .empty, .empty,
            .date(cohort.label), .number(String(age)),
          ])
        }
      }
    }
    return rows
  }
}
