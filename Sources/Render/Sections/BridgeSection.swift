import Model

/// Where MRR came from and went to: by month, by segment, and with exchange rates held still.
enum BridgeSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let data = builder.data
    let months = index.months(section.months)
    let rows = months.compactMap { index.row($0) }
    guard let row = index.row(data.month), !rows.isEmpty else {
      return builder.omit(section, "MRR bridge", index.absence(data.month))
    }
    var blocks: [ReportSection.Block] = []
    var breakdowns: [ReportSection] = []
    var usual: String?
    for view in section.faces {
      switch view {
      case .customers: blocks.append(.table(BridgeTable.customersByMonth(rows)))
      case .rates:
        usual = usual ?? "Exchange rates held still"
        guard index.hasExchangeRates, let constant = index.row(data.month, .all, .constant) else { continue }
        blocks.append(.table(BridgeTable.besideConstant(row, constant)))
      case .segments: breakdowns += bySegment(section, &builder)
      default:
        usual = usual ?? "Month by month"
        blocks.append(.table(BridgeTable.byMonth(rows, data.currency)))
      }
    }
    builder.add(BridgeTable.tidy(index, months.map { ($0, .all) }))
    return (blocks.isEmpty ? [] : builder.section(section, usual, blocks)) + breakdowns
  }

  private static func bySegment(
    _ section: SectionDefinition, _ builder: inout ReportBuilder
  ) -> [ReportSection] {
    let month = builder.data.month
    let dimensions = builder.dimensions(of: section, customersOnly: false)
    return dimensions.flatMap { dimension -> [ReportSection] in
      let keys = builder.index.segments(of: dimension, month).map { SegmentKey(dimension, $0) }
      builder.add(BridgeTable.tidy(builder.index, keys.map { (month, $0) }))
      guard
        let table = BridgeTable.bySegment(
          dimension, builder.index, rows: section.rows, &builder.findings)
      else { return [] }
      return builder.section(section, of: dimension, among: dimensions, [.table(table)])
    }
  }

  /// From where to where MRR went in the month.
  static func sentence(_ builder: inout ReportBuilder) -> String {
    let index = builder.index
    let data = builder.data
    guard let row = index.row(data.month) else { return "There is no MRR bridge of \(data.month.longName)." }
    for metric in ["mrr", "mrr_net_new"] { _ = builder.footnotes.definition(metric, index) }
    let (starting, ending) = (Int128(row.amounts.starting), Int128(row.amounts.ending))
    let relative = Comparison.relativeText(ending, starting).map { ", \($0)" } ?? ""
    let change = toldMoneyText(ending - starting, data.currency, signed: true)
    return
      "MRR went from \(toldMoneyText(starting, data.currency)) to \(toldMoneyText(ending, data.currency))"
      + " in \(data.month.longName) (\(change)\(relative))."
  }
}
