import GRDB
import Model

/// The small numbers that stand for periods, segments, reasons and products in the published tables. Given once, they stay.
struct Codes {
  private let database: Database
  private var periods: [String: Int64] = [:]
  private var segments: [SegmentKey: Int64] = [:]
  private var reasons: [String: Int64] = [:]
  private var products: [String: Int64] = [:]
  private var cancelReasons: [String: Int64] = [:]

  init(_ database: Database) throws {
    self.database = database
    for row in try Row.fetchAll(database, sql: "select grain || label, period from period") {
      periods[row[0]] = row[1]
    }
    for row in try Row.fetchAll(database, sql: "select dimension, name, segment from segment") {
      segments[SegmentKey(row[0], row[1])] = row[2]
    }
    for row in try Row.fetchAll(database, sql: "select sentence, reason from null_reason") {
      reasons[row[0]] = row[1]
    }
    for row in try Row.fetchAll(database, sql: "select name, product from product") {
      products[row[0]] = row[1]
    }
    for row in try Row.fetchAll(database, sql: "select text, reason from cancel_reason") {
      cancelReasons[row[0]] = row[1]
    }
  }

  mutating func code(_ period: Period) throws -> Int64 {
    let name = period.grain.rawValue + period.label
    if let known = periods[name] { return known }
    try database.execute(
      sql: "insert into period (grain, label, first_month, last_month) values (?, ?, ?, ?)",
      arguments: [period.grain.rawValue, period.label, period.first.number, period.last.number])
    periods[name] = database.lastInsertedRowID
    return database.lastInsertedRowID
  }

  mutating func code(_ segment: SegmentKey) throws -> Int64 {
    if let known = segments[segment] { return known }
    try database.execute(
      sql: "insert into segment (dimension, name) values (?, ?)",
      arguments: [segment.dimension, segment.segment])
    segments[segment] = database.lastInsertedRowID
    return database.lastInsertedRowID
  }

  mutating func code(reason: String) throws -> Int64 {
    if let known = reasons[reason] { return known }
    try database.execute(sql: "insert into null_reason (sentence) values (?)", arguments: [reason])
    reasons[reason] = database.lastInsertedRowID
    return database.lastInsertedRowID
  }

  mutating func code(cancelReason: String) throws -> Int64 {
    if let known = cancelReasons[cancelReason] { return known }
    try database.execute(sql: "insert into cancel_reason (text) values (?)", arguments: [cancelReason])
    cancelReasons[cancelReason] = database.lastInsertedRowID
    return database.lastInsertedRowID
  }

  mutating func code(product: String) throws -> Int64 {
    if let known = products[product] { return known }
    try database.execute(sql: "insert into product (name) values (?)", arguments: [product])
    products[product] = database.lastInsertedRowID
    return database.lastInsertedRowID
  }
}

/// Fiscal periods shift when the configured start of the year changes: then all periods are coded anew.
func dropStalePeriods(_ result: RollupResult, _ database: Database) throws {
  var wanted: [String: Period] = [:]
  for row in result.bridge { wanted[row.period.grain.rawValue + row.period.label] = row.period }
  for row in try Row.fetchAll(database, sql: "select grain || label, first_month from period") {
    guard let period = wanted[row[0]], period.first.number != row[1] as Int32 else { continue }
    try database.execute(
      sql: """
        delete from figure; delete from bridge; delete from cohort_cell; delete from period;
        delete from stored_digest where name in ('figure', 'bridge', 'cohort_cell')
        """)
    return
  }
}

extension Valuation {
  var code: Int64 {
    switch self {
    case .asReported: 0
    case .constant: 1
    case .native: 2
    }
  }
  init(code: Int64) { self = code == 0 ? .asReported : code == 1 ? .constant : .native }
}

extension PeriodState {
  var code: Int64 {
    switch self {
    case .open: 0
    case .provisional: 1
    case .closed: 2
    }
  }
  init(code: Int64) { self = code == 0 ? .open : code == 1 ? .provisional : .closed }
}

extension Movement {
  var code: Int64 {
    switch self {
    case .new: 0
    case .reactivation: 1
    case .expansion: 2
    case .contraction: 3
    case .churn: 4
    case .fx: 5
    }
  }
  init(code: Int64) { self = Movement.allCases.first { $0.code == code } ?? .fx }
}
