import GRDB
import Model

extension RunTransaction {
  /// The months that are closed, with all that was published of them; nil before the first close.
  public func closedMonths() throws -> ClosedMonths? { try ClosedMonths(database) }
}

extension RunTransaction {
  /// How a month's figures were made when it was closed; nil where it is not.
  public func closedMethod(of month: Month) throws -> ClosedMethod? { try ClosedMethod(month, database) }

  /// Metrics of the project, by id with their unit, of which closed months have figures.
  public func closedOwnMetrics() throws -> [String: Metric.Unit] {
    var units: [String: Metric.Unit] = [:]
    for row in try Row.fetchAll(
      database,
      sql: """
        select m.id, m.unit from metric_declaration m where m.metric_group = ? and exists (
          select 1 from closing k join closed_value c on c.closing = k.entry where \(standing) and c.metric = m.id)
        """, arguments: [Metric.Group.own.rawValue])
    {
      units[row[0]] = Metric.Unit(rawValue: row[1])
    }
    return units
  }
}

extension ClosedMethod {
  init?(_ month: Month, _ database: Database) throws {
    let row = try Row.fetchOne(
      database,
      sql: "select basis, policy, policy_overrides, zone from closing k where \(standing) and month = ?",
      arguments: [month.number])
    guard let row else { return nil }
    self.init(
      basis: row[0], policyName: row[1],
      policyOverrides: (row[2] as String).split(separator: "\n").map(String.init), zoneName: row[3])
  }
}

/// What a standing close is looked for by.
let standing = "k.action = 'close' and k.reopened_by is null"

extension ClosedMonths {
  /// nil where none is closed.
  init?(_ database: Database) throws {
    let row = try Row.fetchOne(
      database,
      sql: """
        select min(month), max(month), max(currency), max(fiscal_year_start) from closing k where \(standing)
        """)
    guard let row, let first = row[0] as Int32?, let through = row[1] as Int32?,
      let currency = Currency(row[2] as String)
    else { return nil }
    self.init(
      first: Month(number: first), through: Month(number: through), currency: currency,
      fiscalYearStart: row[3])
    let names = try PublishedNames(database)
    try readFigures(names, database)
    try readBridge(names, database)
    try readCohorts(names, database)
    rates = try ReportWindow(first: Month(number: 0), last: self.through, need: ReportNeed()).rates(database)
  }

  private mutating func readFigures(_ names: PublishedNames, _ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      select k.month, c.grain, c.period, c.first_month, c.metric, c.segment, c.currency, c.valuation, c.kind, c.value,
        c.numerator, c.denominator, c.grade, r.sentence
      from closing k join closed_value c on c.closing = k.entry
      left join null_reason r on r.reason = c.reason
      where \(standing) order by k.month
      """)
    var metrics = RepeatedText()
    var periods = ClosedPeriods()
    while try select.step() {
      guard let period = periods.period(select), let segment = names.segments[select.integer(5)],
        let currency = Currency(ascii: select.bytes(6))
      else { continue }
      figures.append(
        Figure(
          period: period, metric: metrics.optionalText(select, 4) ?? "", segment: segment, currency: currency,
          valuation: Valuation(code: select.integer(7)), value: Self.value(select),
          grade: Book.Grade(rawValue: UInt8(select.integer(12))) ?? .exact, state: .closed))
    }
  }

  private static func value(_ row: RawStatement) -> MetricValue {
    switch row.integer(8) {
    case 0: .money(row.integer(9))
    case 1: .moneyRatio(row.integer(9), numerator: row.integer(10), denominator: row.integer(11))
    case 2: .count(row.integer(9))
    case 3: .ratio(numerator: row.integer(10), denominator: row.integer(11))
    case 4: .real(row.double(9))
    default: .null(row.optionalText(13) ?? "")
    }
  }

  private mutating func readBridge(_ names: PublishedNames, _ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      select k.month, c.* from closing k join closed_bridge c on c.closing = k.entry where \(standing) order by k.month
      """)
    var periods = ClosedPeriods()
    while try select.step() {
      guard let period = periods.period(select, from: 2), let segment = names.segments[select.integer(5)],
        let currency = Currency(ascii: select.bytes(6))
      else { continue }
      bridge.append(
        BridgeRow(
          period: period, segment: segment, currency: currency, valuation: Valuation(code: select.integer(7)),
          amounts: BridgeAmounts(select, from: 8),
          counts: select.isNull(19) ? nil : BridgeCounts(select, from: 19), state: .closed))
    }
  }

  private mutating func readCohorts(_ names: PublishedNames, _ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      select c.* from closing k join closed_cohort c on c.closing = k.entry where \(standing) order by k.month
      """)
    while try select.step() {
      guard let grain = Grain(rawValue: select.text(1)), let segment = names.segments[select.integer(4)]
      else {
        continue
      }
      let first = Month(number: Int32(select.integer(3)))
      cohorts.append(
        CohortCell(
          period: Period(
            grain: grain, first: first, last: grain == .month ? first : first + 2, label: select.text(2)),
          age: Int(select.integer(5)), segment: segment, customers: select.integer(6), net: select.integer(7),
          gross: select.integer(8), customersAtStart: select.integer(9), mrrAtStart: select.integer(10)))
    }
  }
}

/// The periods of closed rows, each made once.
private struct ClosedPeriods {
  private var last: Period?

  /// The columns from `first` on are grain, label and first month; the month of the close is the first of all.
  mutating func period(_ row: RawStatement, from first: Int32 = 1) -> Period? {
    let month = Month(number: Int32(row.integer(0)))
    let label = row.text(first + 1)
    if let last, last.last == month, last.label == label, last.grain.rawValue == row.text(first) {
      return last
    }
    guard let grain = Grain(rawValue: row.text(first)) else { return nil }
    last = Period(
      grain: grain, first: Month(number: Int32(row.integer(first + 2))), last: month, label: label)
    return last
  }
}
