import GRDB
import Model

/// A warehouse opened for reading only: it never waits for a run, sees the state of the last one that published, and cannot write.
public final class WarehouseReader: Sendable {
  public let path: String
  let queue: DatabaseQueue

  /// Throws ``WarehouseError`` when there is no warehouse, or none this program can read.
  public init(reading path: String) throws {
    self.path = path
    try Warehouse.inspect(path, writing: false)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase {
      try $0.execute(sql: "pragma query_only = on; pragma cache_size = -100000")
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// The latest runs, the latest first, running ones included.
  public func latestRuns(_ count: Int) throws -> [RunRecord] {
    try queue.read { try RunRecord.fetchLatest(count, $0) }
  }

  /// The last run whose figures are published; nil before the first.
  public func publishedRun() throws -> RunRecord? {
    try queue.read { database in
      let run = try Int64.fetchOne(database, sql: "select max(run) from run where status = 'published'")
      return try run.flatMap { try RunRecord.fetch($0, database) }
    }
  }

  /// When the first of a pipeline's latest runs began that did not publish; nil where the latest one did.
  public func failingSince(_ pipeline: String) throws -> Moment? {
    try queue.read { database in
      try String.fetchOne(
        database,
        sql: """
          select min(started) from run where pipeline = ?1 and status in ('held', 'failed')
            and run > (select coalesce(max(run), 0) from run where pipeline = ?1 and status = 'published')
          """, arguments: [pipeline])
    }.flatMap { Moment(iso: $0) }
  }

  /// What the published figures are to be read with; nil before the first.
  public func terms() throws -> PublicationTerms? { try queue.read { try PublicationTerms.fetch($0) } }

  /// The stages of a run, in order.
  public func stages(of run: Int64) throws -> [StageRecord] {
    try queue.read { database in
      let sql = """
        select stage, source, started, ended, "rows", bytes, detail from stage_run where run = ? order by ordinal
        """
      return try Row.fetchAll(database, sql: sql, arguments: [run]).map { row in
        StageRecord(
          stage: row[0], source: row[1], started: Moment(iso: row[2] as String) ?? Moment(packed: 0),
          ended: Moment(iso: row[3] as String) ?? Moment(packed: 0), rows: row[4], bytes: row[5],
          detail: row[6])
      }
    }
  }

  /// The findings of a run, in the order they were made.
  public func findings(of run: Int64) throws -> [Finding] {
    try queue.read { database in
      let sql = """
        select severity, name, file, line, "column", problem, excerpt, consequence, remedy, byte_offset, pointer
        from finding where run = ? order by ordinal
        """
      return try Row.fetchAll(database, sql: sql, arguments: [run]).map { row in
        let place = (row[2] as String?).map {
          Place(file: $0, line: row[3], column: row[4], byte: row[9], pointer: row[10])
        }
        return Finding(
          Finding.Severity(rawValue: row[0]) ?? .error, row[1], at: place, row[5], excerpt: row[6],
          consequence: row[7],
          remedy: row[8])
      }
    }
  }
}
