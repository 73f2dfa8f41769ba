import Model

/// Tables of what stands beside a report's figures; nil where there is nothing of the kind.
enum NoteTables {
  /// Entries made by hand, each a line of its own: no figure contains them.
  static func adjustments(_ index: FigureIndex) -> Table? {
    let data = index.data
    guard !data.notes.adjustments.isEmpty else { return nil }
    let isOfCustomers = data.notes.adjustments.contains { $0.customer != nil }
    var table = Table(
      caption:
        "Adjustments of \(data.month.longName), in \(data.currency.code); the figures above do not contain them",
      columns: [.init("Figure", isNumber: false)]
        + (isOfCustomers ? [.init("Customer", isNumber: false)] : [])
        + [.init("Amount"), .init("By", isNumber: false), .init("Reason", isNumber: false)])
    for line in data.notes.adjustments {
      let customer = line.customer.map { data.name(of: $0) }
      table.rows.append(
        .init(
          cells: [Cell(index.title(line.metric))] + (isOfCustomers ? [Cell(customer ?? "")] : []) + [
            .money(line.amount, data.currency, signed: true), Cell(plainText(line.author, limit: 60)),
            Cell(plainText(line.reason, limit: 200)),
          ]))
    }
    return table
  }

  static func forecast(_ index: FigureIndex) -> Table? {
    let data = index.data
    guard !data.notes.forecasts.isEmpty else { return nil }
    var table = Table(
      caption:
        "MRR of the coming year if it goes like the last six months, in \(data.currency.code); low and high: like their worst and best",
      columns: [.init("Month", isNumber: false), .init("Low"), .init("Expected"), .init("High")])
    for line in data.notes.forecasts {
      table.rows.append(
        .init(
          cells: [.month(line.month)]
            + [line.low, line.expected, line.high].map { .wholeMoney($0, data.currency) }))
    }
    return table
  }

  /// Its total of customers is what `customers_churned` says, which the rows need not add up to: a customer may have several reasons.
  static func churnReasons(_ index: FigureIndex) -> Table? {
    let data = index.data
    let lines = data.notes.churnReasons.filter { $0.month == data.month }
    guard !lines.isEmpty else { return nil }
    let counted = lines.reduce(Int64(0)) { $0 + Int64($1.customers) }
    let customers: Int64 =
      if case .count(let left) = index.value("customers_churned", data.month) { left } else { counted }
    let remark =
      switch counted {
      case let sum where sum > customers: "; a customer with several reasons counts in each"
      case let sum where sum < customers: "; a customer that left several times counts once in a reason"
      default: ""
      }
    var table = Table(
      caption: "Churned MRR of \(data.month.longName) by reason, in \(data.currency.code)\(remark)",
      columns: [
        .init("Reason", isNumber: false), .init("Customers"), .init("Churned MRR"),
        .init("Share of churned MRR"),
      ])
    let total = lines.reduce(Int128(0)) { $0 + Int128($1.mrr) }
    func row(_ title: String, _ customers: Int64, _ mrr: Int128, _ emphasis: Table.Emphasis) -> Table.Row {
      .init(
        cells: [
          Cell(title), .count(customers), .money(mrr, data.currency), .share(mrr, of: total),
        ], emphasis: emphasis)
    }
    for line in lines {
      table.rows.append(row(churnReason(line.reason), Int64(line.customers), Int128(line.mrr), .none))
    }
    table.rows.append(row("Total", customers, total, .total))
    return table
  }

  /// A code of a billing system in words: `cancellation_requested`; what somebody wrote stays as it is.
  private static func churnReason(_ reason: String) -> String {
    if reason == SegmentKey.none { return "no reason given" }
    let isCode = reason.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
    return plainText(isCode ? reason.replacing("_", with: " ") : reason, limit: 80)
  }

  /// As figures of `mrr_churn` and `customers_churned`, the reason as a segment.
  static func churnFigures(_ index: FigureIndex) -> [Figure] {
    index.data.notes.churnReasons.flatMap { line -> [Figure] in
      let period = Period(grain: .month, first: line.month, last: line.month, label: line.month.description)
      let state = index.row(line.month)?.state ?? .open
      func figure(_ metric: String, _ value: MetricValue) -> Figure {
        Figure(
          period: period, metric: metric, segment: SegmentKey("churn_reason", line.reason),
          currency: index.data.currency, valuation: .asReported, value: value,
          grade: index.figure(metric, line.month, valuation: .asReported)?.grade ?? .exact, state: state)
      }
      return [figure("mrr_churn", .money(line.mrr)), figure("customers_churned", .count(line.customers))]
    }
  }
}
