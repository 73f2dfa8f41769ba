import GRDB
import Model

extension QuarantineCount {
  /// The rows in quarantine when a source was last read for what is published, by name.
  static func counts(of source: String, _ database: Database) throws -> [QuarantineCount] {
    guard let read = try lastPublishedRead(of: source, database) else { return [] }
    let rows = try Row.fetchAll(
      database,
      sql: """
        select name, count(*) from (
          select distinct name, file, line, byte_offset, pointer, raw from quarantined_row
          where run = ? and source = ?)
        group by name order by 2 desc, 1
        """, arguments: [read.run, source])
    return rows.map { QuarantineCount(source: source, name: $0[0], rows: $0[1]) }
  }
}
