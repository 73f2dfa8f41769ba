import GRDB
import Model

extension RunRecord {
  private static let columns =
    "select run, pipeline, status, started, ended, as_of, program, policy, reason from run"

  static func fetch(_ run: Int64, _ database: Database) throws -> RunRecord? {
    try Row.fetchOne(database, sql: columns + " where run = ?", arguments: [run]).map(RunRecord.init)
  }

  /// The latest first.
  static func fetchLatest(_ count: Int, _ database: Database) throws -> [RunRecord] {
    try Row.fetchAll(database, sql: columns + " order by run desc limit ?", arguments: [count]).map(
      RunRecord.init)
  }

  private init(_ row: Row) {
    id = row[0]
    pipeline = row[1]
    status = RunStatus(rawValue: row[2]) ?? .failed
    started = Moment(iso: row[3] as String) ?? Moment(packed: 0)
    ended = (row[4] as String?).flatMap { Moment(iso: $0) }
    asOf = (row[5] as String?).flatMap { Moment(iso: $0) }
    program = row[6]
    policy = row[7]
    reason = row[8]
  }
}
