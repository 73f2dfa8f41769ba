import GRDB
import Model

extension RunTransaction {
  /// What stands beside the figures of a month, as stored.
  ///
  /// - Parameters:
  ///   - listsCustomers: Whether customers are wanted that stand in no movement: the largest, and those at risk.
  ///   - reconciliation: nil where nothing is held against invoices and rows.
  public func notes(
    on month: Month, listsCustomers: Bool, reconciliation: ReconciliationNeed? = nil
  ) throws -> ReportNotes {
    try ReportNotes(month, listsCustomers: listsCustomers, reconciliation, database)
  }
}

extension ReportNotes {
  init(
    _ month: Month, listsCustomers: Bool, _ reconciliation: ReconciliationNeed?, _ database: Database
  ) throws {
    self.init()
    let terms = try PublicationTerms.fetch(database)
    findings = terms?.findings ?? []
    if let reconciliation, let terms {
      invoiced = try InvoicedMonth.read(month, reconciliation, terms.currency, database)
      heldRows = try HeldRows.read(database)
    }
    if listsCustomers { try addCustomers(month, database) }
    budgets = try Self.budgets(month, database)
    adjustments = try Self.adjustments(month, database)
    try name(
      adjustments.compactMap(\.customer) + (invoiced?.largest ?? []).map(\.customer), CustomerKeys(database),
      database)
    let select = try RawStatement(
      database,
      "select month, low, expected, high from forecast_month where made = \(month.number) order by month")
    while try select.step() {
      forecasts.append(
        ForecastLine(
          made: month, month: Month(number: Int32(select.integer(0))), low: select.integer(1),
          expected: select.integer(2), high: select.integer(3)))
    }
    churnReasons = try Self.churnReasons(month, database)
    restatedMonths = try Self.restatedMonths(month, database)
  }

  private static func restatedMonths(_ month: Month, _ database: Database) throws -> [RestatedMonth] {
    guard let closed = try closedMonth(database), month > closed else { return [] }
    return try Row.fetchAll(
      database,
      sql: """
        select c.month, coalesce(r.as_closed, 0), coalesce(r.now, 0), r.cause from restatement r
        join calendar_month c on c.label = r.period
        where r.grain = 'month' and r.metric = 'mrr' and r.dimension = 'all' and r.valuation = 'as_reported'
          and r.customer_id is null
        order by c.month
        """
    ).map { row in
      RestatedMonth(month: Month(number: row[0]), asClosed: row[1], now: row[2], cause: row[3])
    }
  }

  private static func budgets(_ month: Month, _ database: Database) throws -> [BudgetLine] {
    let select = try RawStatement(
      database,
      """
      select m.id, m.unit, x.amount, x.numerator, x.denominator from planned_figure x
      join metric_declaration m on m.metric = x.metric join segment s on s.segment = x.segment
      where x.month = \(month.number) and s.dimension = 'all' and s.name = 'all' order by m.metric
      """)
    var lines: [BudgetLine] = []
    while try select.step() {
      let planned: MetricValue =
        if let amount = select.optionalInteger(2) {
          select.text(1) == "money" ? .money(amount) : .count(amount)
        } else {
          .ratio(numerator: select.integer(3), denominator: select.integer(4))
        }
      lines.append(BudgetLine(month: month, metric: select.text(0), segment: .all, planned: planned))
    }
    return lines
  }

  private static func adjustments(_ month: Month, _ database: Database) throws -> [AdjustmentLine] {
    let select = try RawStatement(
      database,
      """
      select m.id, x.customer_id, x.amount, x.native_amount, x.native_currency, x.author, x.reason
      from adjustment_entry x join metric_declaration m on m.metric = x.metric
      where x.month = \(month.number) order by x.entry
      """)
    var lines: [AdjustmentLine] = []
    while try select.step() {
      guard let currency = Currency(ascii: select.bytes(4)) else { continue }
      lines.append(
        AdjustmentLine(
          month: month, metric: select.text(0), customer: select.optionalInteger(1),
          amount: select.integer(2), native: select.integer(3), currency: currency, author: select.text(5),
          reason: select.text(6)))
    }
    return lines
  }

  /// None where no reason is known in any of the months: then there is nothing to tell apart.
  private static func churnReasons(_ month: Month, _ database: Database) throws -> [ChurnReasonLine] {
    let known = try RawStatement(
      database,
      "select exists (select 1 from churn_part where month between \(month.number - 11) and \(month.number))")
    guard try known.step(), known.integer(0) == 1 else { return [] }
    known.reset()
    let select = try RawStatement(
      database,
      """
      select c.month, v.reason, v.customers, v.mrr from churn_reason v join calendar_month c on c.label = v.month
      where c.month between \(month.number - 11) and \(month.number) order by c.month, v.mrr desc, v.reason
      """)
    var lines: [ChurnReasonLine] = []
    while try select.step() {
      lines.append(
        ChurnReasonLine(
          month: Month(number: Int32(select.integer(0))), reason: select.text(1),
          customers: select.integer(2),
          mrr: select.integer(3)))
    }
    return lines
  }
}
