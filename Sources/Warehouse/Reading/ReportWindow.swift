import GRDB
import Model

/// The months and segments one report looks at.
struct ReportWindow {
  var first: Month
  var last: Month
  var need: ReportNeed

  /// Rows of periods that end in the window, in the dimensions wanted.
  private var condition: String {
    var parts = ["p.last_month between \(first.number) and \(last.number)"]
    if need.dimensions != nil {
      parts.append("(s.dimension = 'all' or s.dimension in \(marks(need.dimensions)))")
    }
    return parts.joined(separator: " and ")
  }

  /// Leaves out segments of months before the last one, but for the metrics whose history is wanted.
  private func history(_ metric: String?) -> String {
    guard let wanted = need.segmentHistory else { return "" }
    let metrics = metric.map { " or \($0) in \(marks(wanted))" } ?? ""
    return " and (s.dimension = 'all' or p.last_month = \(last.number)\(metrics))"
  }

  private func marks(_ names: [String]?) -> String {
    "("
      + (names ?? []).map {
        "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
      }
      .joined(separator: ", ") + ")"
  }

  func figures(_ database: Database) throws -> [Figure] {
    let metrics = need.metrics == nil ? "" : " and m.id in \(marks(need.metrics))"
    let select = try RawStatement(
      database,
      """
      select p.period, m.id, m.unit, s.segment, x.currency, x.valuation, x.value, x.numerator, x.denominator, x.grade,
        x.state, r.sentence, typeof(x.value)
      from metric_declaration m
      join period p
      join figure x on x.metric = m.metric and x.period = p.period
      join segment s on s.segment = x.segment
      left join null_reason r on r.reason = x.reason
      where \(condition)\(metrics)\(history("m.id"))
      order by p.last_month, p.grain, m.metric, s.dimension, s.name, x.currency, x.valuation
      """)
    let names = try PublishedNames(database)
    var ids: [String: String] = [:]
    var figures: [Figure] = []
    while try select.step() {
      guard let period = names.periods[select.integer(0)], let segment = names.segments[select.integer(3)],
        let currency = Currency(ascii: select.bytes(4))
      else { continue }
      let id = select.text(1)
      let metric = ids[id] ?? id
      ids[id] = metric
      figures.append(
        Figure(
          period: period, metric: metric, segment: segment, currency: currency,
          valuation: Valuation(code: select.integer(5)), value: value(select),
          grade: Book.Grade(rawValue: UInt8(select.integer(9))) ?? .exact,
          state: PeriodState(code: select.integer(10))))
    }
    return figures
  }

  private func value(_ row: RawStatement) -> MetricValue {
    if let reason = row.optionalText(11) { return .null(reason) }
    let isMoney = row.text(2) == "money"
    if let numerator = row.optionalInteger(7), let denominator = row.optionalInteger(8) {
      return row.isNull(6)
        ? .ratio(numerator: numerator, denominator: denominator)
        : .moneyRatio(row.integer(6), numerator: numerator, denominator: denominator)
    }
    if row.text(12) == "real" { return .real(row.double(6)) }
    return isMoney ? .money(row.integer(6)) : .count(row.integer(6))
  }

  func bridge(_ currency: Currency, _ database: Database) throws -> [BridgeRow] {
    let select = try RawStatement(
      database,
      """
      select x.* from bridge x
      join period p on p.period = x.period join segment s on s.segment = x.segment
      where \(condition)\(history(nil))
      order by p.last_month, p.grain, s.dimension, s.name, x.currency, x.valuation
      """)
    let names = try PublishedNames(database)
    var rows: [BridgeRow] = []
    while try select.step() {
      guard let period = names.periods[select.integer(0)], let segment = names.segments[select.integer(1)]
      else { continue }
      rows.append(
        BridgeRow(
          period: period, segment: segment, currency: Currency(ascii: select.bytes(2)) ?? currency,
          valuation: Valuation(code: select.integer(3)), amounts: BridgeAmounts(select, from: 4),
          counts: select.isNull(15) ? nil : BridgeCounts(select, from: 15),
          state: PeriodState(code: select.integer(22))))
    }
    return rows
  }

  /// All cohorts that began by the last month, at the ages they had reached by its end.
  func cohorts(_ database: Database) throws -> [CohortCell] {
    let dimensions =
      need.segmentHistory != nil
      ? " and s.dimension = 'all'"
      : need.dimensions == nil ? "" : " and (s.dimension = 'all' or s.dimension in \(marks(need.dimensions)))"
    let select = try RawStatement(
      database,
      """
      select x.* from cohort_cell x join period p on p.period = x.period join segment s on s.segment = x.segment
      where p.last_month + x.age * (case p.grain when 'month' then 1 else 3 end) <= \(last.number)\(dimensions)
      order by p.grain, p.first_month, s.dimension, s.name, x.age
      """)
    let names = try PublishedNames(database)
    var cells: [CohortCell] = []
    while try select.step() {
      guard let period = names.periods[select.integer(0)], let segment = names.segments[select.integer(1)]
      else { continue }
      cells.append(
        CohortCell(
          period: period, age: Int(select.integer(2)), segment: segment, customers: select.integer(3),
          net: select.integer(4), gross: select.integer(5), customersAtStart: select.integer(6),
          mrrAtStart: select.integer(7)))
    }
    return cells
  }

  /// The movements of the last month, by customer.
  func movements(_ database: Database) throws -> [CustomerMovement] {
    let select = try RawStatement(
      database,
      """
      select customer_id, movement, amount, mrr_before, mrr_after, sequence from movement
      where month = \(last.number) order by customer_id, sequence
      """)
    var movements: [CustomerMovement] = []
    while try select.step() {
      movements.append(
        CustomerMovement(
          month: last, customer: select.integer(0), sequence: Int(select.integer(5)),
          movement: Movement(code: select.integer(1)), amount: select.integer(2), before: select.integer(3),
          after: select.integer(4)))
    }
    return movements
  }

  func rates(_ database: Database) throws -> [RateUsed] {
    let select = try RawStatement(
      database,
      """
      select month, from_currency, to_currency, numerator, denominator, "day" from applied_rate
      where month between \(first.number) and \(last.number) order by month, from_currency, to_currency, "day"
      """)
    var rates: [RateUsed] = []
    while try select.step() {
      guard let from = Currency(ascii: select.bytes(1)), let to = Currency(ascii: select.bytes(2)) else {
        continue
      }
      rates.append(
        RateUsed(
          month: Month(number: Int32(select.integer(0))), from: from, to: to,
          rate: ExactRate(select.integer(3), select.integer(4)),
          day: select.optionalInteger(5).map { Day(number: Int32($0)) }))
    }
    return rates
  }
}

extension BridgeAmounts {
  /// The columns from `first` on, in the order they are stored in.
  init(_ row: RawStatement, from first: Int32) {
    self.init()
    starting = row.integer(first)
    restatement = row.integer(first + 1)
    transferIn = row.integer(first + 2)
    transferOut = row.integer(first + 3)
    new = row.integer(first + 4)
    reactivation = row.integer(first + 5)
    expansion = row.integer(first + 6)
    contraction = row.integer(first + 7)
    churn = row.integer(first + 8)
    fx = row.integer(first + 9)
    ending = row.integer(first + 10)
  }
}

extension BridgeCounts {
  init(_ row: RawStatement, from first: Int32) {
    self.init()
    starting = row.integer(first)
    transferIn = row.integer(first + 1)
    transferOut = row.integer(first + 2)
    new = row.integer(first + 3)
    reactivated = row.integer(first + 4)
    churned = row.integer(first + 5)
    ending = row.integer(first + 6)
  }
}

/// What the codes of periods and segments stand for.
struct PublishedNames {
  private(set) var periods: [Int64: Period] = [:]
  private(set) var segments: [Int64: SegmentKey] = [:]

  init(_ database: Database) throws {
    for row in try Row.fetchAll(
      database, sql: "select period, grain, label, first_month, last_month from period")
    {
      guard let grain = Grain(rawValue: row[1]) else { continue }
      periods[row[0]] = Period(
        grain: grain, first: Month(number: row[3]), last: Month(number: row[4]), label: row[2])
    }
    for row in try Row.fetchAll(database, sql: "select segment, dimension, name from segment") {
      segments[row[0]] = SegmentKey(row[1], row[2])
    }
  }
}
