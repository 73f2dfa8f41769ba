import Model

/// Headline retention by the segments of one customer dimension, the segment taken at the window's start.
enum RetentionBySegment {
  /// Net and gross, by the segment at the window's end.
  static let atTheEnd = ["ndr_t12m_end_segment", "gdr_t12m_end_segment"]

  private struct Line {
    var name: String
    /// As it is shown.
    var title: String
    var net: MetricValue
    var gross: MetricValue
    var netReported: MetricValue
    var grossReported: MetricValue
    /// Those of ``atTheEnd``.
    var ended: [MetricValue]

    /// MRR at the window's start.
    var then: Int64 { if case .ratio(_, let then) = net { then } else { 0 } }
  }

  /// nil when the dimension has no segment in the reported month but that of what is unknown.
  static func table(
    _ dimension: String, _ gross: String, _ index: FigureIndex, rows limit: Int, _ footnotes: inout Footnotes
  ) -> Table? {
    let data = index.data
    let net = data.headlineNDR
    let names = index.segmentsWithRetention(dimension)
    guard !names.subtracting([SegmentKey.none]).isEmpty else { return nil }
    let ended = ended(dimension, index)
    let lines = names.map { name in
      let key = SegmentKey(dimension, name)
      return line(name, index.title(of: key), key, net, gross, ended, index)
    }
    let order = SegmentOrder.sorted(lines.map { ($0.name, $0.then) }.sorted { $0.0 < $1.0 })
    let ordered = order.compactMap { name in lines.first { $0.name == name } }
    let (named, rest) = SegmentOrder.split(ordered, limit) { $0.then }
    var columns: [Table.Column] = [
      .init(dimensionTitle(dimension), isNumber: false), .init("NDR"), .init("GDR"),
      .init("MRR then", rank: 1), .init("Same customers now", rank: 2),
    ]
    if index.hasExchangeRates {
      columns += ["NDR", "GDR"].map { .init("\($0), as reported", rank: 3) }
    }
    for (metric, title) in zip(ended, ["NDR", "GDR"]) {
      let notes = footnotes.definition(metric, index)
      columns.append(.init("\(title), segment at the end", notes: notes, rank: 4))
    }
    var table = Table(
      caption: "\(index.title(net)) and \(index.title(gross)) by \(dimensionTitle(dimension).lowercasedFirst)"
        + " at the window's start, amounts in \(data.currency.code)"
        + (index.hasExchangeRates ? ", at constant rates unless said otherwise" : ""), columns: columns)
    for line in named {
      table.rows.append(.init(cells: cells(line, net, gross, ended, index, &footnotes)))
    }
    if !rest.isEmpty {
      let title = "\(rest.count) others"
      let sum = Line(
        name: title, title: title, net: self.sum(rest.map(\.net)), gross: self.sum(rest.map(\.gross)),
        netReported: self.sum(rest.map(\.netReported)), grossReported: self.sum(rest.map(\.grossReported)),
        ended: ended.indices.map { place in self.sum(rest.map { $0.ended[place] }) })
      table.rows.append(.init(cells: cells(sum, net, gross, ended, index, &footnotes), emphasis: .rest))
    }
    let total = line("Total", "Total", .all, net, gross, ended, index)
    table.rows.append(.init(cells: cells(total, net, gross, ended, index, &footnotes), emphasis: .total))
    return table
  }

  private static func line(
    _ name: String, _ title: String, _ key: SegmentKey, _ net: String, _ gross: String, _ ended: [String],
    _ index: FigureIndex
  ) -> Line {
    let month = index.data.month
    return Line(
      name: name, title: title, net: index.value(net, month, key), gross: index.value(gross, month, key),
      netReported: index.value(net, month, key, valuation: .asReported),
      grossReported: index.value(gross, month, key, valuation: .asReported),
      ended: ended.map { index.value($0, month, key) })
  }

  /// Those of ``atTheEnd`` there are; they stand beside a window of twelve months alone.
  ///
  /// Of bands of MRR there are none: who grew has left the lowest band, so that its retention at the end tells who moved between bands and
  /// reads as if nearly all had left.
  private static func ended(_ dimension: String, _ index: FigureIndex) -> [String] {
    let words = dimension.lowercased().split { !$0.isLetter }
    let isOfMRR = index.hasOpenBands(dimension) && (words.contains("arr") || words.contains("mrr"))
    return index.data.headlineNDR == "ndr_t12m" && !isOfMRR
      ? atTheEnd.filter { index.metrics[$0] != nil } : []
  }

  private static func cells(
    _ line: Line, _ net: String, _ gross: String, _ ended: [String], _ index: FigureIndex,
    _ footnotes: inout Footnotes
  ) -> [Cell] {
    var cells = [
      Cell(line.title), footnotes.cell(line.net, net, index),
      footnotes.cell(line.gross, gross, index),
    ]
    if case .ratio(let now, let then) = line.net {
      cells += [.money(then, index.data.currency), .money(now, index.data.currency)]
    } else {
      let missing = footnotes.cell(line.net, net, index)
      cells += [missing, missing]
    }
    if index.hasExchangeRates {
      cells += [
        footnotes.cell(line.netReported, net, index), footnotes.cell(line.grossReported, gross, index),
      ]
    }
    return cells
      + zip(ended, line.ended).map { metric, value in footnotes.cell(value, metric, index) }
  }

  /// The ratio of the sums: exact, as both ends add up over customers.
  private static func sum(_ values: [MetricValue]) -> MetricValue {
    var top: Int64 = 0
    var bottom: Int64 = 0
    for case .ratio(let numerator, let denominator) in values {
      let (newTop, firstOverflow) = top.addingReportingOverflow(numerator)
      let (newBottom, secondOverflow) = bottom.addingReportingOverflow(denominator)
      if firstOverflow || secondOverflow { return .null("the sum is too large to be shown") }
      (top, bottom) = (newTop, newBottom)
    }
    return bottom == 0 ? .null("no MRR at the window's start") : .ratio(numerator: top, denominator: bottom)
  }
}
