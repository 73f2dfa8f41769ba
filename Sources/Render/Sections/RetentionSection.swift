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
    for view in section.faces {
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

  /// The windows of headline retention, as a sentence begins.
  private static let windows = [
    "ndr_1m": "In", "ndr_3m": "Over the three months to", "ndr_t12m": "Over the twelve months to",
  ]

  /// The month's gross and net retention, with those of a year before where they are known.
  static func sentence(_ index: FigureIndex) -> String {
    let (net, gross) = (index.data.headlineNDR, Headlines.gross(index.data))
    let month = index.data.month
    func text(_ metric: String, _ month: Month) -> String? {
      Quantity(index.value(metric, month), index.metrics[metric])?.text(index.data.currency)
    }
    func named(_ name: String, _ metric: String) -> String {
      name + (text(metric, month - 12).map { ", \($0) a year before" } ?? "")
    }
    if let window = windows[net], gross == "gdr_" + net.dropFirst(4), let kept = text(gross, month),
      let now = text(net, month)
    {
      return "\(window) \(month.longName), customers kept \(kept) of their MRR (\(named("GDR", gross)));"
        + " with what they expanded it is \(now) (\(named("NDR", net)))."
    }
    if case .null(let reason) = index.value(net, month), text(gross, month) == nil {
      return "What customers kept of their MRR cannot be told for \(month.longName): \(reason)."
    }
    return "\(index.title(net)) of \(month.longName) is \(text(net, month) ?? "n/a"),"
      + " and \(index.title(gross)) is \(text(gross, month) ?? "n/a")."
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
