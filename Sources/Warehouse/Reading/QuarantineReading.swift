import GRDB
import Model

/// Which quarantined rows to list; nil: all.
public struct QuarantineFilter: Sendable {
  /// A run's id; the latest one that read anything when nil.
  public var run: Int64?
  public var source: String?
  /// The fault's name, `bad-date`.
  public var name: String?
  public var limit: Int
  /// Whether a row is told once for each entity it cannot feed, or only once for each of its faults.
  public var byEntity: Bool
  public init(
    run: Int64? = nil, source: String? = nil, name: String? = nil, limit: Int = 100, byEntity: Bool = true
  ) {
    self.run = run
    self.source = source
    self.name = name
    self.limit = limit
    self.byEntity = byEntity
  }
}

/// A quarantined row with the source it came from.
public struct QuarantineEntry: Sendable, Hashable {
  public var run: Int64
  public var source: String
  public var row: QuarantinedRow
}

extension WarehouseReader {
  /// Quarantined rows in the order they were found, and how many rows match without the limit, each counted once.
  public func quarantine(_ filter: QuarantineFilter) throws -> (entries: [QuarantineEntry], total: Int) {
    try read { database in
      let latest = try Int64.fetchOne(database, sql: "select max(run) from source_read")
      let condition = "run = ?1 and (?2 is null or source = ?2) and (?3 is null or name = ?3)"
      let run: Int64 = filter.run ?? latest ?? 0
      let arguments: StatementArguments = [run, filter.source, filter.name]
      let total = try Int.fetchOne(
        database,
        sql: """
          select count(*) from (
            select distinct source, file, line, byte_offset, pointer, raw from quarantined_row where \(condition))
          """, arguments: arguments)
      // Of the columns that are not grouped by, SQLite gives those of the row with the least ordinal.
      let grouping =
        filter.byEntity
        ? "group by ordinal"
        : "group by source, file, line, \"column\", byte_offset, pointer, name, reason, raw"
      let rows = try Row.fetchAll(
        database,
        sql: """
          select run, source, file, line, "column", name, reason, raw, entity, natural_id, byte_offset, pointer, min(ordinal)
          from quarantined_row where \(condition) \(grouping) order by min(ordinal) limit \(max(0, filter.limit))
          """, arguments: arguments)
      let entries = rows.map { row in
        QuarantineEntry(
          run: row[0], source: row[1],
          row: QuarantinedRow(
            place: Place(file: row[2], line: row[3], column: row[4], byte: row[10], pointer: row[11]),
            name: row[5], reason: row[6],
            raw: row[7],
            entity: (row[8] as String?).flatMap(EntityKind.init(rawValue:)), key: row[9]))
      }
      return (entries, total ?? 0)
    }
  }
}
