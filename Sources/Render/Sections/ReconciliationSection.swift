import Model

/// Figures held against what they must agree with: each ties, or it is said by how much not.
enum ReconciliationSection {
  /// One figure computed in two ways.
  struct Check: Hashable {
    enum Unit { case money, count }

    var name: String
    var expected: String
    var left: Int128
    var right: Int128
    var unit = Unit.money
    /// True where the two are known to differ for good reason, and the difference is information.
    var mayDiffer = false
  }

  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let data = builder.data
    guard index.row(data.month) != nil else {
      return builder.omit(section, "Reconciliation", index.absence(data.month))
    }
    var checks = bridge(section, index) + customers(index)
    checks += builder.dimensions(of: section, customersOnly: false).compactMap { segments($0, index) }
    checks += revenue(index) + rows(data)
    for check in checks where check.left != check.right && !check.mayDiffer && check.unit == .money {
      builder.findings.append(
        Finding(
          .warning, "does-not-tie",
          "\(data.month): \(check.name) is not \(check.expected): off by \(exactDecimalText(check.left - check.right, scale: 6)) \(data.currency.code)",
          consequence: "the figures contradict each other", remedy: "run again with --full-refresh"))
    }
    builder.add(tidy(checks, data))
    let failed = checks.filter { $0.left != $0.right && !$0.mayDiffer }.count
    let verdict =
      failed == 0
      ? "Everything that must tie ties: \(countText(checks.filter { !$0.mayDiffer }.count)) checks."
      : "\(countText(failed)) of \(countText(checks.filter { !$0.mayDiffer }.count)) checks do not tie."
    return builder.section(section, "Reconciliation", [.sentences([verdict]), .table(table(checks, data))])
  }

  /// Movements to MRR, of every month shown, and each opening to the closing before it.
  private static func bridge(_ section: SectionDefinition, _ index: FigureIndex) -> [Check] {
    let rows = index.months(section.months).compactMap { index.row($0) }
    var checks: [Check] = []
    for row in rows.suffix(1) {
      let moved = BridgeLine.allCases.filter { $0 != .starting && $0 != .ending }
        .reduce(Int128(row.amounts.starting)) { $0 + Int128($1.amount(row.amounts)) }
      checks.append(
        Check(
          name: "Starting MRR and movements", expected: "ending MRR", left: moved,
          right: Int128(row.amounts.ending)))
      checks.append(
        Check(
          name: "Ending MRR of the bridge", expected: "the metric MRR", left: Int128(row.amounts.ending),
          right: RollForwardSection.micros(index.value("mrr", row.period.last, valuation: .asReported))))
      checks.append(
        Check(
          name: "ARR", expected: "twelve times MRR",
          left: RollForwardSection.micros(index.value("arr", row.period.last, valuation: .asReported)),
          right: 12 * Int128(row.amounts.ending)))
    }
    let gaps = zip(rows, rows.dropFirst()).reduce(Int128(0)) { sum, pair in
      sum + (Int128(pair.1.amounts.starting) - Int128(pair.0.amounts.ending)).magnitude128
    }
    if rows.count > 1 {
      checks.append(
        Check(
          name: "Openings of \(rows.count - 1) months", expected: "the closings before them", left: gaps,
          right: 0))
    }
    return checks
  }

  /// Customers counted, and movements by customer.
  private static func customers(_ index: FigureIndex) -> [Check] {
    let data = index.data
    guard let row = index.row(data.month) else { return [] }
    var checks: [Check] = []
    if let counts = row.counts {
      checks.append(
        Check(
          name: "Starting customers, joined and left", expected: "ending customers",
          left: Int128(counts.starting + counts.new + counts.reactivated - counts.churned),
          right: Int128(counts.ending), unit: .count))
    }
    guard !data.movements.isEmpty else { return checks }
    var sums: [Movement: Int128] = [:]
    for movement in data.movements where movement.month == data.month {
      sums[movement.movement, default: 0] += Int128(movement.amount)
    }
    for line in BridgeLine.movements {
      guard let kind = line.movement else { continue }
      let amount = Int128(line.amount(row.amounts))
      if sums[kind] == nil, amount == 0 { continue }
      checks.append(
        Check(
          name: "\(line.title) of all customers", expected: "the bridge", left: sums[kind] ?? 0, right: amount
        ))
    }
    return checks
  }

  private static func segments(_ dimension: String, _ index: FigureIndex) -> Check? {
    let month = index.data.month
    let rows = index.segments(of: dimension, month).compactMap { index.row(month, SegmentKey(dimension, $0)) }
    guard !rows.isEmpty, let total = index.row(month) else { return nil }
    return Check(
      name: "MRR by \(dimensionTitle(dimension).lowercasedFirst)", expected: "MRR",
      left: rows.reduce(0) { $0 + Int128($1.amounts.ending) }, right: Int128(total.amounts.ending))
  }

  /// Billings to deferred revenue, and MRR to what invoices and contracts earn.
  private static func revenue(_ index: FigureIndex) -> [Check] {
    let month = index.data.month
    func amount(_ metric: String) -> Int128? {
      let value = index.value(metric, month, valuation: .asReported)
      return value.isKnown ? RollForwardSection.micros(value) : nil
    }
    var checks: [Check] = []
    if let opening = amount("deferred_revenue_opening"), let billed = amount("billings"),
      let recognized = amount("recognized_revenue"), let asset = amount("contract_asset_change"),
      let fx = amount("deferred_revenue_fx"), let closing = amount("deferred_revenue")
    {
      checks.append(
        Check(
          name: "Deferred revenue opening, billed less recognized, contract assets and exchange rates",
          expected: "deferred revenue closing", left: opening + billed - recognized + asset + fx,
          right: closing))
      if let before = index.value("deferred_revenue", month - 1, valuation: .asReported).knownMicros {
        checks.append(
          Check(
            name: "Deferred revenue opening", expected: "the closing of \((month - 1).shortName)",
            left: opening, right: before))
      }
    }
    if let recognized = amount("recognized_revenue"), let mrr = amount("mrr") {
      checks.append(
        Check(
          name: "MRR", expected: "revenue recognized from invoices and contracts", left: mrr,
          right: recognized, mayDiffer: true))
    }
    if let billed = amount("billings"), let collected = amount("collections") {
      checks.append(
        Check(name: "Billings", expected: "collections", left: billed, right: collected, mayDiffer: true))
    }
    return checks
  }

  /// Rows read to rows that count.
  private static func rows(_ data: ReportData) -> [Check] {
    data.sources.sorted { $0.name < $1.name }.filter { $0.proof == nil }.map { source in
      Check(
        name: "Rows of \(plainText(source.name))", expected: "rows that count", left: Int128(source.rows),
        right: Int128(source.rows - source.quarantined), unit: .count)
    }
  }

  // MARK: Tables

  private static func table(_ checks: [Check], _ data: ReportData) -> Table {
    var table = Table(
      caption: "\(data.month.longName): each line in two ways, amounts in \(data.currency.code)",
      columns: [
        .init("Figure", isNumber: false), .init("Amount"), .init("Against", isNumber: false), .init("Amount"),
        .init("Difference"), .init("Result", isNumber: false),
      ])
    for check in checks {
      func cell(_ number: Int128) -> Cell {
        check.unit == .money ? .money(number, data.currency) : .count(number)
      }
      let difference = check.left - check.right
      let result = difference == 0 ? "ties" : check.mayDiffer ? "differs, as it may" : "does not tie"
      table.rows.append(
        .init(cells: [
          Cell(check.name), cell(check.left), Cell(check.expected), cell(check.right),
          check.unit == .money
            ? .money(difference, data.currency, signed: true) : .count(difference, signed: true),
          Cell(result, tone: difference == 0 ? .good : check.mayDiffer ? .neutral : .bad),
        ]))
    }
    return table
  }

  private static func tidy(_ checks: [Check], _ data: ReportData) -> TidyTable {
    var table = TidyTable(
      name: "checks",
      columns: [
        "period", "period_end", "figure", "against", "unit", "currency", "value", "against_value",
        "difference", "state",
      ])
    for check in checks {
      func field(_ number: Int128) -> TidyTable.Field {
        check.unit == .money
          ? .number(exactDecimalText(number, scale: 6, leastDigits: data.currency.exponent))
          : .number(String(number))
      }
      table.rows.append([
        .date("\(data.month)"), .date("\(data.month.lastDay)"), .text(check.name), .text(check.expected),
        .text(check.unit == .money ? "money" : "count"),
        check.unit == .money ? .text(data.currency.code) : .empty, field(check.left), field(check.right),
        field(check.left - check.right),
        .text(check.left == check.right ? "ties" : check.mayDiffer ? "differs" : "does not tie"),
      ])
    }
    return table
  }
}

extension MetricValue {
  /// Micro-units of an amount that is known.
  fileprivate var knownMicros: Int128? { isKnown ? RollForwardSection.micros(self) : nil }
}

extension Int128 {
  fileprivate var magnitude128: Int128 { self < 0 ? -self : self }
}

extension String {
  /// `Plan` within a sentence; what is all capitals stays so.
  var lowercasedFirst: String {
    dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
  }
}
