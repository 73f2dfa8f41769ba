import Model

/// What must hold between the cells of one row, beyond each cell being readable.
enum RowRule: Sendable {
  /// At least one of the columns has a value; the first is the one a fault names.
  case anyOf([Int], FieldFault)
  case ordered(start: Int, end: Int)
  /// Nothing recurring began before 1900: a start like 0203-01-01 is a slip, and would make two thousand years of months.
  case plausible(Int)

  static func rules(of kind: EntityKind, _ rows: SourceConfiguration.Rows) -> [RowRule] {
    func anyOf(_ names: [String], _ fault: FieldFault) -> RowRule {
      .anyOf(names.compactMap { kind.index(of: $0) }, fault)
    }
    func ordered(_ start: String, _ end: String) -> [RowRule] {
      guard let start = kind.index(of: start), let end = kind.index(of: end) else { return [] }
      return [.ordered(start: start, end: end)]
    }
    func plausible(_ name: String) -> [RowRule] { kind.index(of: name).map { [.plausible($0)] } ?? [] }
    switch kind {
    case .recurringCharge:
      // A current state may have no start: the snapshot it is first seen in gives it one.
      let start = rows == .periods ? [anyOf(["start", "subscription"], .noStart)] : []
      return start + [
        anyOf(["customer", "subscription"], .noCustomer),
        anyOf(["amount", "plan"], .noAmount), anyOf(["interval_unit", "plan"], .noInterval),
        anyOf(["currency", "plan"], .noCurrency),
      ] + ordered("start", "end") + plausible("start")
    case .subscription:
      return ordered("started", "ended") + ordered("pause_start", "pause_end") + plausible("started")
    case .invoice, .invoiceLine: return ordered("period_start", "period_end") + plausible("period_start")
    case .contract: return ordered("start", "end") + plausible("start")
    case .customer, .plan, .payment, .refund, .creditNote, .opportunity, .expense, .fxRate,
      .cashBalance, .adjustment:
      return []
    case .usageEvent: return plausible("at")
    case .budget: return [anyOf(["amount", "value"], .noAmount)]
    }
  }

  /// Appends a fault for every row of the pass that breaks the rule.
  func check(_ pass: ColumnPass, faults: inout [CellFault]) {
    switch self {
    case .anyOf(let columns, let fault):
      check(pass, reportedAt: columns[0], fault, &faults) { [first = columns[0]] row in
        row[first] != EntityColumn.null || columns.contains { row[$0] != EntityColumn.null }
      }
    case .ordered(let start, let end):
      check(pass, reportedAt: end, .endBeforeStart, &faults) { row in
        row[start] == EntityColumn.null || row[end] == EntityColumn.null
          || !liesBefore(Moment(packed: row[end]), Moment(packed: row[start]))
      }
    case .plausible(let column):
      check(pass, reportedAt: column, .startTooEarly, &faults) { row in
        row[column] == EntityColumn.null || Moment(packed: row[column]).seconds >= -2_208_988_800
      }
    }
  }

  @inline(__always)
  private func check(
    _ pass: ColumnPass, reportedAt column: Int, _ fault: FieldFault, _ faults: inout [CellFault],
    holds: (UnsafeMutablePointer<Int64>) -> Bool
  ) {
    var row = pass.rows
    for record in pass.records {
      if !holds(row) {
        faults.append(CellFault(record: record, entity: pass.entity, column: column, fault: fault))
      }
      row += pass.rowWidth
    }
  }
}

/// Beyond doubt: a plain date and an instant may be a day apart, depending on the reporting time zone. An end
/// equal to its start is an empty interval, which billing systems do write.
private func liesBefore(_ end: Moment, _ start: Moment) -> Bool {
  let doubt: Int64 = end.isInstant == start.isInstant ? 0 : 86_400
  return end.seconds + doubt < start.seconds
}
