import Model

/// The figures of a month in two ways each: what of it ties is for whoever reads it to say.
struct Reconciliation {
  typealias Check = ReconciliationSection.Check

  let index: FigureIndex

  init(_ index: FigureIndex) { self.index = index }

  /// Movements to MRR, of every month shown, and each opening to the closing before it.
  func bridge(_ section: SectionDefinition) -> [Check] {
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
    return checks + openings(rows)
  }

  /// Each opening to the closing before it: those that agree as their sums, which cannot hide one that does not, since each such month
  /// stands for itself.
  private func openings(_ rows: [BridgeRow]) -> [Check] {
    var checks: [Check] = []
    var agreed: [BridgeRow] = []
    for (before, row) in zip(rows, rows.dropFirst()) {
      if row.amounts.starting == before.amounts.ending {
        agreed.append(row)
      } else {
        checks.append(
          Check(
            name: "Opening of \(row.period.last.shortName)",
            expected: "the closing of \(before.period.last.shortName)", left: Int128(row.amounts.starting),
            right: Int128(before.amounts.ending)))
      }
    }
    guard !agreed.isEmpty else { return checks }
    let sum = agreed.reduce(Int128(0)) { $0 + Int128($1.amounts.starting) }
    let months = agreed.count == 1 ? "1 month" : "\(countText(agreed.count)) months"
    checks.append(
      Check(
        name: "Openings of \(months), added up", expected: "the closings before them, added up", left: sum,
        right: sum))
    return checks
  }

  /// Customers counted, and movements by customer.
  var customers: [Check] {
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

  func segments(_ dimension: String) -> Check? {
    let month = index.data.month
    let rows = index.segments(of: dimension, month).compactMap { index.row(month, SegmentKey(dimension, $0)) }
    guard !rows.isEmpty, let total = index.row(month) else { return nil }
    return Check(
      name: "MRR by \(dimensionTitle(dimension).lowercasedFirst)", expected: "MRR",
      left: rows.reduce(0) { $0 + Int128($1.amounts.ending) }, right: Int128(total.amounts.ending))
  }

  /// Billings to deferred revenue, and MRR to what invoices and contracts earn.
  var revenue: [Check] {
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
            left: opening, right: before, kind: isFirstOpen ? .information : .tie))
      }
    }
    if let recognized = amount("recognized_revenue"), let mrr = amount("mrr") {
      checks.append(
        Check(
          name: "MRR", expected: "revenue recognized from invoices and contracts", left: mrr,
          right: recognized, kind: .information))
    }
    if let billed = amount("billings"), let collected = amount("collections") {
      checks.append(
        Check(name: "Billings", expected: "collections", left: billed, right: collected, kind: .information))
    }
    return checks
  }

  /// MRR to what invoices bill, and their lines to the metric.
  var invoices: [Check] {
    // Invoices are as known now, a closed month's figures as they were closed.
    guard let invoiced = index.data.notes.invoiced, let row = index.row(index.data.month) else { return [] }
    var checks = [
      Check(
        name: "MRR of all customers", expected: "MRR", left: invoiced.mrr, right: Int128(row.amounts.ending)),
      Check(
        name: "MRR", expected: "recurring lines of invoices for the month's end, their amount a month",
        left: Int128(row.amounts.ending), right: invoiced.invoiced, kind: .explained),
    ]
    let value = index.value("billings", index.data.month, valuation: .asReported)
    if let billings = value.knownMicros {
      checks.append(
        Check(
          name: "Lines of invoices less discounts and credit notes", expected: "billings",
          left: invoiced.billed, right: billings, kind: row.state == .closed ? .information : .tie))
    }
    return checks
  }

  /// Whether the month before is closed and this one is not: what is known now of its opening need not be what was closed.
  private var isFirstOpen: Bool {
    let month = index.data.month
    return index.row(month - 1)?.state == .closed && index.row(month)?.state != .closed
  }
}

extension MetricValue {
  /// Micro-units of an amount that is known.
  fileprivate var knownMicros: Int128? { isKnown ? RollForwardSection.micros(self) : nil }
}
