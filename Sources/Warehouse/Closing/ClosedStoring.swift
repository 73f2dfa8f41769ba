import GRDB
import Model

extension RunTransaction {
  /// Keeps what was first defined after its month was closed, and notes which closed figures are others now.
  ///
  /// To be called once all figures are stored; nil before the first close.
  /// - Returns: the restatements that no run noted before as they are.
  public func store(_ part: RollupResult.ClosedPart?) throws -> [FigureRestatement] {
    guard let part else { return [] }
    for month in Set(part.addedFigures.map(\.period.last)) {
      try database.execute(
        sql: """
          insert into closed_value
          select k.entry, \(closedValueColumns), :run from closing k
          join period p on p.last_month = k.month
          join figure x on x.period = p.period join metric_declaration m on m.metric = x.metric
          where \(standing) and k.month = :month
          on conflict do nothing
          """, arguments: ["month": month.number, "run": run])
    }
    return try store(part.restatements)
  }

  private func store(_ restatements: [FigureRestatement]) throws -> [FigureRestatement] {
    var new: [FigureRestatement] = []
    var codes = try Codes(database)
    var known: [FigureRestatementKey: (asClosed: DatabaseValue, now: DatabaseValue)] = [:]
    for row in try Row.fetchAll(
      database,
      sql: "select grain, period, metric, segment, currency, valuation, as_closed, now from restated_figure")
    {
      let key = FigureRestatementKey(
        grain: row[0], period: row[1], metric: row[2], segment: row[3], currency: row[4], valuation: row[5])
      known[key] = (row[6], row[7])
    }
    for restatement in restatements {
      let figure = restatement.figure
      let key = FigureRestatementKey(
        grain: figure.period.grain.rawValue, period: figure.period.label, metric: figure.metric,
        segment: try codes.code(figure.segment), currency: figure.currency.code,
        valuation: figure.valuation.code)
      let (asClosed, now) = (
        (restatement.asClosed?.stored ?? .null), (restatement.now?.stored ?? .null)
      )
      if let before = known.removeValue(forKey: key), before.asClosed == asClosed, before.now == now {
        continue
      }
      new.append(restatement)
      try database.execute(
        sql: "insert or replace into restated_figure values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          key.grain, key.period, key.metric, key.segment, key.currency, key.valuation,
          figure.period.first.number, figure.period.last.number, asClosed, now, run,
        ])
    }
    for gone in known.keys {
      try database.execute(
        sql: """
          delete from restated_figure
          where (grain, period, metric, segment, currency, valuation) = (?, ?, ?, ?, ?, ?)
          """,
        arguments: [gone.grain, gone.period, gone.metric, gone.segment, gone.currency, gone.valuation])
    }
    return new
  }
}

private struct FigureRestatementKey: Hashable {
  var grain: String
  var period: String
  var metric: String
  var segment: Int64
  var currency: String
  var valuation: Int64
}

extension MetricValue {
  /// One number: quotients as such.
  fileprivate var stored: DatabaseValue {
    switch self {
    case .money(let amount), .count(let amount), .moneyRatio(let amount, _, _): amount.databaseValue
    case .ratio(let numerator, let denominator):
      denominator == 0 ? .null : (Double(numerator) / Double(denominator)).databaseValue
    case .real(let number): number.databaseValue
    case .null: .null
    }
  }
}

/// Of a figure `x` of a metric `m` in a period `p`.
private let closedValueColumns = """
  p.grain, p.label, p.first_month, m.id, x.segment, x.currency, x.valuation,
  case when x.reason is not null then 5 when x.value is null then 3 when x.denominator is not null then 1
    when typeof(x.value) = 'real' then 4 when m.unit = 'money' then 0 else 2 end,
  x.value, x.numerator, x.denominator, x.grade, x.reason
  """

/// Copies what is published of a month's periods to what is closed with an entry.
func keepPublished(of month: Month, _ entry: Int64, _ database: Database) throws {
  let arguments: StatementArguments = ["entry": entry, "month": month.number]
  try database.execute(
    sql: """
      insert into closed_value
      select :entry, \(closedValueColumns), null
      from period p join figure x on x.period = p.period join metric_declaration m on m.metric = x.metric
      where p.last_month = :month
      """, arguments: arguments)
  try database.execute(
    sql: """
      insert into closed_bridge
      select :entry, p.grain, p.label, p.first_month, x.segment, x.currency, x.valuation, x.starting, x.restatement,
        x.transfer_in, x.transfer_out, x.new, x.reactivation, x.expansion, x.contraction, x.churn, x.fx, x.ending,
        x.customers_starting, x.customers_transfer_in, x.customers_transfer_out, x.customers_new,
        x.customers_reactivated, x.customers_churned, x.customers_ending
      from period p join bridge x on x.period = p.period
      where p.last_month = :month
      """, arguments: arguments)
  try database.execute(
    sql: """
      insert into closed_cohort
      select :entry, p.grain, p.label, p.first_month, x.segment, x.age, x.customers, x.mrr_net, x.mrr_gross,
        x.customers_at_start, x.mrr_at_start
      from period p join cohort_cell x on x.period = p.period
      where p.last_month + x.age * (case p.grain when 'month' then 1 else 3 end) = :month
      """, arguments: arguments)
}
