import Model

/// The tables of the MRR bridge.
enum BridgeTable {
  static func byMonth(_ rows: [BridgeRow], _ currency: Currency) -> Table {
    let lines = BridgeLine.shown(in: rows)
    var table = Table(
      caption: "MRR by month, in \(currency.code)",
      columns: [.init("Month", isNumber: false)] + lines.map { .init($0.title, rank: rank($0)) } + [
        .init("Change")
      ])
    for row in rows {
      let amounts = lines.map { Cell.money($0.amount(row.amounts), currency) }
      let change = Cell.money(
        Int128(row.amounts.ending) - Int128(row.amounts.starting), currency, signed: true)
      table.rows.append(.init(cells: [.month(row.period.last)] + amounts + [change]))
    }
    if let last = rows.indices.last { table.rows[last].emphasis = .total }
    return table
  }

  /// What a reader of a few columns misses least goes first.
  private static func rank(_ line: BridgeLine) -> Int {
    switch line {
    case .ending: 0
    case .new, .churn: 1
    case .expansion, .contraction: 2
    default: 3
    }
  }

  static func customersByMonth(_ rows: [BridgeRow]) -> Table {
    let lines: [BridgeLine] = [.starting, .new, .reactivation, .churn, .ending]
    var table = Table(
      caption: rows.contains { $0.amounts.restatement != 0 }
        ? "Customers by month; a month that is restated starts with those of the restated opening"
        : "Customers by month",
      columns: [.init("Month", isNumber: false)] + lines.map { .init($0.title) })
    for row in rows {
      let counts = lines.map { line -> Cell in
        guard let count = line.customers(row.counts) else {
          return Cell("n/a", value: .missing(reason: "customers are not counted"))
        }
        return .count(line == .churn ? -count : count)
      }
      table.rows.append(.init(cells: [.month(row.period.last)] + counts))
    }
    if let last = rows.indices.last { table.rows[last].emphasis = .total }
    return table
  }

  /// The month as reported beside the month at its opening rates.
  static func besideConstant(_ reported: BridgeRow, _ constant: BridgeRow) -> Table {
    let currency = reported.currency
    var table = Table(
      caption:
        "\(reported.period.last.longName) as reported and at the rates of its opening, in \(currency.code)",
      columns: [
        .init("Line", isNumber: false), .init("As reported"), .init("Constant rates"), .init("Difference"),
      ])
    for line in BridgeLine.shown(in: [reported, constant]) {
      let (first, second) = (line.amount(reported.amounts), line.amount(constant.amounts))
      table.rows.append(
        .init(
          cells: [
            Cell(line.title), .money(first, currency), .money(second, currency),
            .money(Int128(first) - Int128(second), currency, signed: true),
          ], emphasis: line == .ending ? .total : .none))
    }
    return table
  }

  /// The month by the segments of one dimension: the largest by name, the rest in one row, and the total.
  ///
  /// - Returns: nil when the dimension has no segment in the month but that of what is unknown. Amounts that do not add up to the total are
  ///   an error.
  static func bySegment(
    _ dimension: String, _ index: FigureIndex, rows limit: Int, _ findings: inout [Finding]
  ) -> Table? {
    let data = index.data
    let rows = index.segments(of: dimension, data.month)
      .compactMap { index.row(data.month, SegmentKey(dimension, $0)) }
    guard rows.contains(where: { $0.segment.segment != SegmentKey.none }), var total = index.row(data.month)
    else { return nil }
    // A dimension that was defined after the close of the month before has nothing to be restated from.
    let isLater = total.amounts.restatement != 0 && rows.allSatisfy { $0.amounts.restatement == 0 }
    if isLater {
      total.amounts.starting += total.amounts.restatement
      total.amounts.restatement = 0
    }
    let lines = BridgeLine.shown(in: rows)
    for line in lines where line != .transferIn && line != .transferOut {
      let sum = rows.reduce(Int128(0)) { $0 + Int128(line.amount($1.amounts)) }
      guard sum != Int128(line.amount(total.amounts)) else { continue }
      findings.append(
        Finding(
          .error, "segments-do-not-add-up",
          "\(data.month): \(line.title) of the segments of '\(dimension)' is not that of the total",
          consequence: "the report contradicts itself", remedy: "run again with --full-refresh"))
    }
    let ordered = SegmentOrder.sorted(rows.map { ($0.segment.segment, $0.amounts.ending) })
    let ranked = ordered.compactMap { name in rows.first { $0.segment.segment == name } }
    var table = Table(
      caption:
        "\(data.month.longName) by \(dimensionTitle(dimension).lowercasedFirst), in \(data.currency.code)\(isLater ? "; from the restated opening" : "")",
      columns: [.init(dimensionTitle(dimension), isNumber: false)]
        + lines.map { .init($0.title, rank: rank($0)) }
        + [.init("Share of ending", rank: 1)])
    let (named, rest) = SegmentOrder.split(ranked, limit) { $0.amounts.ending }
    func row(_ title: String, _ rows: [BridgeRow], _ emphasis: Table.Emphasis) -> Table.Row {
      let sums = lines.map { line in rows.reduce(Int128(0)) { $0 + Int128(line.amount($1.amounts)) } }
      let ending = rows.reduce(Int128(0)) { $0 + Int128($1.amounts.ending) }
      let share = Cell.share(ending, of: max(0, total.amounts.ending))
      return .init(
        cells: [Cell(title)] + sums.map { .money($0, data.currency) } + [share],
        emphasis: emphasis)
    }
    for segment in named {
      table.rows.append(row(index.title(of: segment.segment), [segment], .none))
    }
    if !rest.isEmpty { table.rows.append(row("\(rest.count) others", rest, .rest)) }
    table.rows.append(row("Total", rows, .total))
    return table
  }

  /// One line of one bridge a row.
  static func tidy(_ index: FigureIndex, _ keys: [(month: Month, segment: SegmentKey)]) -> TidyTable {
    var table = TidyTable(
      name: "bridge",
      columns: [
        "period", "period_end", "dimension", "segment", "valuation", "currency", "line", "amount",
        "customers",
        "state",
      ])
    for (month, key) in keys {
      for valuation: Valuation in [.asReported, .constant] {
        guard let row = index.row(month, key, valuation) else { continue }
        for line in BridgeLine.allCases {
          table.rows.append([
            .date(row.period.label), .date("\(month.lastDay)"), .text(key.dimension), .text(key.segment),
            .text(valuation.rawValue), .text(row.currency.code), .text(line.rawValue),
            .money(line.amount(row.amounts), row.currency),
            line.customers(row.counts).map { .number(String($0)) } ?? .empty, .text(row.state.rawValue),
          ])
        }
      }
    }
    return table
  }
}
