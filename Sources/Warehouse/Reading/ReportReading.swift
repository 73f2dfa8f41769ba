import GRDB
import Model

/// Which published figures a report needs.
public struct ReportNeed: Sendable {
  /// The month reported on; the last published one when nil.
  public var month: Month?
  /// Months of figures and bridge rows up to it.
  public var months: Int
  /// Dimensions beside `all`; nil: every one.
  public var dimensions: [String]?
  /// Metrics by id; nil: every one.
  public var metrics: [String]?
  /// Whether the customers' movements of the month are wanted, with their names.
  public var movements: Bool
  /// Whether the name of every customer that moved is wanted, or of those alone that sentences name.
  public var everyName: Bool
  /// Whether customers are wanted that stand in no movement: the largest, and those at risk.
  public var listsCustomers: Bool
  /// Metrics whose segments are wanted in months before the reported one, and nothing else of segments then; nil: everything.
  public var segmentHistory: [String]?
  /// Whether figures are held against invoices and rows, and how; nil: no.
  public var reconciliation: ReconciliationNeed?
  public init(
    month: Month? = nil, months: Int = 25, dimensions: [String]? = nil, metrics: [String]? = nil,
    movements: Bool = true, everyName: Bool = true, listsCustomers: Bool = true
  ) {
    self.everyName = everyName
    self.listsCustomers = listsCustomers
    self.movements = movements
    self.month = month
    self.months = months
    self.dimensions = dimensions
    self.metrics = metrics
  }
}

extension RunTransaction {
  /// The stored movements of a month, and the names and keys of those who moved.
  public func movements(of month: Month) throws -> MovedCustomers {
    try MovedCustomers(ReportWindow(first: month, last: month, need: ReportNeed()), database)
  }
}

/// The movements of a month with the customers whose they are.
public struct MovedCustomers {
  /// In order by customer.
  public let movements: [CustomerMovement]
  public let keys: [Int64: CustomerKey]
  public let names: [Int64: String]

  init(_ window: ReportWindow, _ database: Database) throws {
    guard window.need.movements else {
      (movements, keys, names) = ([], [:], [:])
      return
    }
    movements = try window.movements(database)
    keys = try CustomerKeys(database).keys(movedIn: window.last, count: movements.count)
    names =
      window.need.everyName
      ? try customerNames(movedIn: window.last, count: movements.count, database)
      : try customerNames(of: mostMoved(movements, keys), database)
  }
}

/// The customers that sentences name.
private func mostMoved(
  _ movements: [CustomerMovement], _ keys: [Int64: CustomerKey]
) -> [CustomerMovement] {
  Movement.allCases.flatMap {
    CustomerMovement.largest(CustomerMovement.namedInSentences, of: $0, in: movements, keys).largest
  }
}

private func customerNames(
  of movements: [CustomerMovement], _ database: Database
) throws -> [Int64: String] {
  var names: [Int64: String] = [:]
  let select = try RawStatement(database, "select name from customer_account where customer_id = ?")
  for movement in movements {
    select.bind(1, movement.customer)
    while try select.step() { names[movement.customer] = select.text(0) }
  }
  return names
}

/// The names of everyone who moved in a month, in one pass and in the order of their numbers: neighbours lie on one page.
private func customerNames(movedIn month: Month, count: Int, _ database: Database) throws -> [Int64: String] {
  var names: [Int64: String] = [:]
  names.reserveCapacity(count)
  let select = try RawStatement(
    database,
    """
    select a.customer_id, a.name
    from (select distinct customer_id from movement where month = \(month.number)) c
    cross join customer_account a on a.customer_id = c.customer_id
    """)
  while try select.step() { names[select.integer(0)] = select.text(1) }
  return names
}

extension WarehouseReader {
  /// Everything a report is made from, as published; nil before anything was.
  ///
  /// Months after the reported one are left out everywhere, cohort ages included, so that an earlier month's report shows what that
  /// month knew of later ones: nothing.
  public func reportData(_ need: ReportNeed) throws -> ReportData? {
    try read { database in
      guard let terms = try PublicationTerms.fetch(database) else { return nil }
      let month = need.month ?? terms.month
      let window = ReportWindow(first: month - max(0, need.months - 1), last: month, need: need)
      let moved = try MovedCustomers(window, database)
      let figures = try window.figures(database)
      let bridge = try window.bridge(terms.currency, database)
      var data = ReportData(
        company: terms.company, month: month, currency: terms.currency, zoneName: terms.zoneName,
        policyName: terms.policyName, policyOverrides: terms.policyOverrides,
        fiscalYearStart: terms.fiscalYearStart, headlineNDR: terms.headlineNDR, figures: figures,
        bridge: bridge,
        cohorts: try window.cohorts(database), movements: moved.movements,
        customerNames: moved.names,
        ratesUsed: try window.rates(database),
        sources: try terms.sources.compactMap { try sourceLine($0, database) },
        metrics: try catalogue(database),
        provisionalMonths: try provisional(upTo: month, database), unlinkedAccounts: terms.unlinkedAccounts,
        unlinkedCustomers: terms.unlinkedCustomers,
        basis: Policy.Basis(rawValue: terms.basis) ?? .subscriptions)
      data.customerKeys = moved.keys
      data.policyAssumptions = terms.policyAssumptions
      data.state(try ClosedMethod(month, database))
      if need.metrics == nil {
        data.notes = try ReportNotes(
          month, listsCustomers: need.listsCustomers, need.reconciliation, database)
        data.notes.quarantine = try terms.sources.flatMap { try QuarantineCount.counts(of: $0, database) }
      }
      return data
    }
  }

  /// The metric catalogue as published, in its own order.
  public func metrics() throws -> [Metric] { try read { try catalogue($0) } }

  private func sourceLine(_ name: String, _ database: Database) throws -> ReportData.SourceLine? {
    try lastPublishedRead(of: name, database).map {
      try ReportData.SourceLine(
        name: name, dataThrough: $0.dataThrough, rows: $0.records, quarantined: $0.quarantined,
        proof: StreamRead.lastProof(of: name, database), isDelta: $0.isDelta)
    }
  }

  private func provisional(upTo month: Month, _ database: Database) throws -> [Month] {
    let sql = """
      select distinct p.last_month from bridge b join period p on p.period = b.period
      where p.grain = 'month' and b.state = 1 and p.last_month <= ? order by 1
      """
    return try Int32.fetchAll(database, sql: sql, arguments: [month.number]).map(Month.init(number:))
  }

  private func catalogue(_ database: Database) throws -> [Metric] {
    let sql = """
      select id, title, metric_group, unit, formula, definition, needs, good from metric_declaration order by metric
      """
    return try Row.fetchAll(database, sql: sql).map { row in
      Metric(
        id: row[0], title: row[1], group: Metric.Group(rawValue: row[2]) ?? .level,
        unit: Metric.Unit(rawValue: row[3]) ?? .count, formula: row[4], definition: row[5],
        needs: (row[6] as String).split(separator: ", ").compactMap { EntityKind(rawValue: String($0)) },
        good: Metric.Direction(rawValue: row[7]) ?? .neither)
    }
  }
}
