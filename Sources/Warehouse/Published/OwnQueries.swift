import GRDB
import GRDBSQLite
import Model

extension RunTransaction {
  /// Asks a project's own queries, over the public views as they will be published.
  ///
  /// - Parameter result: The stored roll-up, whose whole months the answers may be of.
  /// - Returns: the figures, and as findings of severity error everything a query answered that is none.
  public func ask(
    _ own: [OwnMetric], beside result: RollupResult
  ) throws -> (figures: [Figure], findings: [Finding]) {
    var figures: [Figure] = []
    var findings: [Finding] = []
    // What a query makes of the book is as sure as the book's MRR.
    var months: [String: Figure] = [:]
    for figure in result.figures
    where figure.metric == "mrr" && figure.period.grain == .month && figure.segment == .all
      && figure.valuation == .asReported
    {
      months[figure.period.label] = figure
    }
    for own in own {
      guard case .query(let sql, let dimension, let place) = own.source else { continue }
      do {
        var answer = OwnAnswer(metric: own.metric, dimension: dimension ?? "all", months: months)
        for figure in result.figures where figure.segment.dimension == answer.dimension {
          answer.segments.insert(figure.segment.segment)
        }
        try answer.read(sql, database)
        figures += answer.figures
      } catch let fault as OwnAnswer.Fault {
        findings.append(fault.finding(of: own, at: place))
      }
    }
    return (figures, findings)
  }
}

/// What a project's own queries get wrong whatever the figures are: statements that could write, names that no view has, other columns.
///
/// They are tried on an empty warehouse in memory, and on no file.
public func queryFaults(of own: [OwnMetric]) throws -> [Finding] {
  let queries = own.compactMap { own -> (own: OwnMetric, sql: String, place: Place)? in
    guard case .query(let sql, _, let place) = own.source else { return nil }
    return (own, sql, place)
  }
  guard !queries.isEmpty else { return [] }
  let empty = try DatabaseQueue()
  try schemaMigrator().migrate(empty)
  return try empty.read { database in
    try queries.compactMap { query in
      do {
        try OwnAnswer.check(query.sql, database)
        return nil
      } catch let fault as OwnAnswer.Fault {
        return fault.finding(of: query.own, at: query.place)
      }
    }
  }
}

/// The rows of one query, as figures.
private struct OwnAnswer {
  let metric: Metric
  let dimension: String
  let months: [String: Figure]
  /// Those its dimension has.
  var segments: Set<String> = []
  private(set) var figures: [Figure] = []

  struct Fault: Error {
    var problem: String

    func finding(of own: OwnMetric, at place: Place) -> Finding {
      Finding(
        .error, "bad-metric-query", at: place, "\(own.metric.id): \(problem)",
        consequence: "nothing is published",
        remedy: "try it with `perennial query`; its columns are month, segment and value")
    }
  }

  init(metric: Metric, dimension: String, months: [String: Figure]) {
    self.metric = metric
    self.dimension = dimension
    self.months = months
  }

  /// Whether it is one statement that reads, and gives the columns of figures.
  static func check(_ sql: String, _ database: Database) throws {
    try telling {
      let statement = try database.makeStatement(sql: sql)
      guard statement.isReadonly else { throw Fault(problem: "the statement could write") }
      guard statement.columnNames == ["month", "segment", "value"] else {
        throw Fault(problem: "its columns are \(statement.columnNames.joined(separator: ", "))")
      }
    }
  }

  mutating func read(_ sql: String, _ database: Database) throws {
    try Self.check(sql, database)
    try Self.telling {
      let rows = try RawStatement(database, sql)
      var seen: Set<[String]> = []
      var number = 0
      while try rows.step() {
        number += 1
        let key = [rows.text(0), rows.text(1)]
        guard seen.insert(key).inserted else {
          throw Fault(problem: "row \(number): \(key[0]) has the segment `\(key[1])` twice")
        }
        figures.append(try figure(rows, number))
      }
    }
  }

  /// What SQLite says of the statement is a fault of it; what it says of the file is none.
  private static func telling(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as DatabaseError where WarehouseError(error, of: "") == nil {
      throw Fault(
        problem: error.resultCode == .SQLITE_MISUSE
          ? "it is not one statement alone" : error.message ?? "it cannot be run")
    }
  }

  private func figure(_ row: RawStatement, _ number: Int) throws -> Figure {
    let (month, segment) = (row.text(0), row.text(1))
    guard let known = months[month] else {
      throw Fault(problem: "row \(number): `\(month)` is no published month")
    }
    guard dimension != "all" || segment == "all" else {
      throw Fault(
        problem: "row \(number): the segment is `\(segment)`, and without `dimension` it has to be `all`")
    }
    let label = segment.isEmpty ? SegmentKey.none : segment
    guard segments.contains(label) else {
      throw Fault(problem: "row \(number): `\(dimension)` has no segment `\(label)`")
    }
    return Figure(
      period: known.period, metric: metric.id, segment: SegmentKey(dimension, label),
      currency: known.currency,
      valuation: .asReported, value: try value(row, number), grade: known.grade, state: known.state)
  }

  private func value(_ row: RawStatement, _ number: Int) throws -> MetricValue {
    switch (row.type(2), metric.unit) {
    case (SQLITE_NULL, _): return .null("the query of \(metric.id) gives no value")
    case (SQLITE_INTEGER, .money): return .money(row.integer(2))
    case (SQLITE_INTEGER, .count): return .count(row.integer(2))
    case (SQLITE_INTEGER, _): return .ratio(numerator: row.integer(2), denominator: 1)
    case (SQLITE_FLOAT, _) where !row.double(2).isFinite:
      throw Fault(problem: "row \(number): the value is no finite number")
    case (SQLITE_FLOAT, .ratio), (SQLITE_FLOAT, .months), (SQLITE_FLOAT, .days): return .real(row.double(2))
    case (SQLITE_FLOAT, .money):
      throw Fault(
        problem: "row \(number): money is an integer of millionths, and the value is a binary fraction")
    case (SQLITE_FLOAT, .count): throw Fault(problem: "row \(number): a count is an integer")
    default: throw Fault(problem: "row \(number): the value is no number")
    }
  }
}
