import GRDB
import Model

/// A warehouse opened for reading only: it never waits for a run, sees the state of the last one that published, and cannot write.
public final class WarehouseReader: Sendable {
  public let path: String
  private let file: UnwrittenFile

  /// Throws ``WarehouseError`` when there is no warehouse, or none this program can read.
  ///
  /// - Parameter patience: Seconds that another program which holds the file is waited for, here and at each reading.
  public init(reading path: String, patience: Int = 30) throws {
    self.path = path
    file = try Warehouse.telling(path) {
      try Warehouse.inspect(path, writing: false, patience: patience)
      return try UnwrittenFile.open(path, patience: patience)
    }
  }

  /// Reads one state of the file; what the world does to it is told as a ``WarehouseError``.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Warehouse.telling(path) { try file.read(body) }
  }

  /// The latest runs, the latest first, running ones included.
  public func latestRuns(_ count: Int) throws -> [RunRecord] {
    try read { try RunRecord.fetchLatest(count, $0) }
  }

  /// The last run whose figures are published; nil before the first.
  public func publishedRun() throws -> RunRecord? {
    try read { database in
      let run = try Int64.fetchOne(database, sql: "select max(run) from run where status = 'published'")
      return try run.flatMap { try RunRecord.fetch($0, database) }
    }
  }

  /// When the first of a pipeline's latest runs began that did not publish; nil where the latest one did.
  public func failingSince(_ pipeline: String) throws -> Moment? {
    try read { database in
      try String.fetchOne(
        database,
        sql: """
          select min(started) from run where pipeline = ?1 and status in ('held', 'failed')
            and run > (select coalesce(max(run), 0) from run where pipeline = ?1 and status = 'published')
          """, arguments: [pipeline])
    }.flatMap { Moment(iso: $0) }
  }

  /// What the published figures are to be read with; nil before the first.
  public func terms() throws -> PublicationTerms? { try read { try PublicationTerms.fetch($0) } }

  /// The stages of a run, in order.
  public func stages(of run: Int64) throws -> [StageRecord] {
    try read { database in
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
    try read { database in
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
