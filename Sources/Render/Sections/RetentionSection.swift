import Model

/// How much of the revenue stays: by method, by month, by segment, by cohort.
enum RetentionSection {
  private static let methods: [(title: String, net: String, gross: String)] = [
    ("1 month", "ndr_1m", "gdr_1m"), ("3 months", "ndr_3m", "gdr_3m"), ("12 months", "ndr_t12m", "gdr_t12m"),
    ("1 month, annualized", "ndr_1m_annualized", "gdr_1m_annualized"),
    ("3 months, annualized", "ndr_3m_annualized", "gdr_3m_annualized"),
    ("12 months, compounded", "ndr_t12m_compounded", "gdr_t12m_compounded"),
    ("Sign-up cohort of a year ago", "ndr_signup_cohort", "gdr_signup_cohort"),
  ]

  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let data = builder.data
    let gross = Headlines.gross(data)
    let valuations: [Valuation] = [.constant, .asReported]
    let all = methods.flatMap { [$0.net, $0.gross] }.filter { index.metrics[$0] != nil }
    var blocks: [ReportSection.Block] = []
    var breakdowns: [ReportSection] = []
    for view in section.views.isEmpty ? [.methods] : section.views {
      if view == .segments {
        let dimensions = builder.dimensions(of: section, customersOnly: true)
        for dimension in dimensions {
          let table = RetentionBySegment.table(
            dimension, gross, index, rows: section.rows, &builder.footnotes)
          guard let table else { continue }
          builder.cite(
            all + RetentionBySegment.atTheEnd, [data.month],
            index.segmentsWithRetention(dimension).sorted().map { SegmentKey(dimension, $0) }, valuations)
          breakdowns += builder.section(section, of: dimension, among: dimensions, [.table(table)])
        }
      } else {
        guard index.row(data.month) != nil else {
          return builder.omit(section, "Retention", index.absence(data.month))
        }
        blocks.append(.table(methodTable(index, &builder.footnotes)))
        builder.cite(all, index.months(section.months), [.all], valuations)
      }
    }
    return (blocks.isEmpty ? [] : builder.section(section, "By method", blocks)) + breakdowns
  }

  /// The month's net and gross retention.
  static func sentence(_ index: FigureIndex) -> String {
    let gross = Headlines.gross(index.data)
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
}
