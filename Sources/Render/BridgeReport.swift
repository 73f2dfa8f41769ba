import Model

/// Where MRR came from and went to: by month, by segment, and with exchange rates held still.
enum BridgeReport {
  static func content(_ index: FigureIndex, _ definition: ReportDefinition) -> ReportContent {
    let data = index.data
    var footnotes = Footnotes()
    var findings: [Finding] = []
    let months = index.months(definition.months)
    let rows = months.compactMap { index.row($0) }
    let dimensions = index.dimensions(of: definition, customersOnly: false, &findings)
    var content = ReportContent(figures: BridgeTable.tidy(index, months: months, dimensions: dimensions))
    content.pieces["sentence"] = .text(sentence(index, &footnotes))
    content.pieces["months"] = .table(BridgeTable.byMonth(rows, data.currency))
    content.pieces["customers"] = .table(BridgeTable.customersByMonth(rows))
    content.pieces["trend"] = .chart(TrendChart.drawing(index, months: definition.months))
    let row = index.row(data.month)
    content.pieces["has_bridge"] = .flag(row != nil)
    content.pieces["waterfall"] = row.map { .chart(WaterfallChart.drawing($0)) } ?? .text("")
    var breakdowns: [[String: Piece]] = []
    for dimension in dimensions {
      guard let table = BridgeTable.bySegment(dimension, index, rows: definition.rows, &findings) else {
        continue
      }
      breakdowns.append(["dimension": .text(dimensionTitle(dimension)), "breakdown": .table(table)])
    }
    content.pieces["breakdowns"] = .list(breakdowns)
    let constant = index.row(data.month, .all, .constant)
    content.pieces["has_constant"] = .flag(index.hasExchangeRates && row != nil && constant != nil)
    if let row, let constant {
      content.pieces["constant"] = .table(BridgeTable.besideConstant(row, constant))
    } else {
      content.pieces["constant"] = .text("")
    }
    content.findings = findings
    content.pieces.merge(ReportFrame.pieces(index, definition, footnotes)) { first, _ in first }
    return content
  }

  private static func sentence(_ index: FigureIndex, _ footnotes: inout Footnotes) -> String {
    let data = index.data
    guard let row = index.row(data.month) else { return "There is no MRR bridge of \(data.month.longName)." }
    for metric in ["mrr", "mrr_net_new"] { _ = footnotes.definition(metric, index) }
    let (starting, ending) = (row.amounts.starting, row.amounts.ending)
    let relative = Comparison.relativeText(Int128(ending), Int128(starting)).map { ", \($0)" } ?? ""
    let change = codedMoneyText(ending - starting, data.currency, signed: true)
    return
      "MRR went from \(codedMoneyText(starting, data.currency)) to \(codedMoneyText(ending, data.currency))"
      + " in \(data.month.longName) (\(change)\(relative)). " + Driver(index).sentence
  }
}

/// `employees_band` as reports show it: `Employees band`.
func dimensionTitle(_ dimension: String) -> String {
  let acronyms: Set<String> = ["arr", "mrr", "crm", "id"]
  let words = plainText(dimension, limit: 60).split(separator: "_").map {
    acronyms.contains($0.lowercased()) ? $0.uppercased() : String($0)
  }.joined(separator: " ")
  return words.prefix(1).uppercased() + words.dropFirst()
}
