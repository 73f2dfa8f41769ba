import GRDB
import Model

/// A run that published, with what it takes to publish the same again.
public struct KnownRun: Sendable {
  public var record: RunRecord
  /// All configuration it used, as ``RunRequest/configuration`` has it.
  public var configuration: String
  /// The sources it read, by name.
  public var sources: [String]
  /// What it published; nil of a run that was made before digests were kept.
  public var published: PublishedDigest?
}

extension WarehouseReader {
  /// nil where no run of this number has published.
  public func knownRun(_ run: Int64) throws -> KnownRun? {
    try read { database in
      guard let record = try RunRecord.fetch(run, database), record.status == .published,
        let configuration = try String.fetchOne(
          database,
          sql: """
            select c.content from run r join configuration c on c.configuration = r.configuration where r.run = ?
            """, arguments: [run])
      else { return nil }
      let sources = try String.fetchAll(
        database, sql: "select source from source_read where run = ? order by source", arguments: [run])
      return KnownRun(
        record: record, configuration: configuration, sources: sources,
        published: try PublishedDigest.fetch(of: run, database))
    }
  }

  /// The number of the last run that had published by then; nil before the first.
  ///
  /// - Parameter moment: An instant; nil: now.
  public func lastPublishedRun(by moment: Moment? = nil) throws -> Int64? {
    try read { database in
      try Int64.fetchOne(
        database,
        sql: "select max(run) from run where status = 'published' and (?1 is null or ended <= ?1)",
        arguments: [moment?.description])
    }
  }

  /// Months that were closed to a run and are open now, or were closed again since: of their customers nothing is kept as it was closed.
  public func reopened(since run: Int64) throws -> [Month] {
    try read { database in
      try Int32.fetchAll(
        database,
        sql: """
          select distinct k.month from closing k join closing o on o.entry = k.reopened_by
          where k.action = 'close' and \(isBefore("k", run)) and not \(isBefore("o", run)) order by 1
          """
      ).map { Month(number: $0) }
    }
  }
}

/// Whether an entry of the record of closes was made before a run: what is closed after it has published is known to the next one.
///
/// - Parameter entry: The table's name in the statement.
func isBefore(_ entry: String, _ run: Int64) -> String {
  // Entries of earlier versions say it by their time, and closes by the run they closed the figures of.
  """
  coalesce(\(entry).after_run < \(run), case \(entry).action when 'close' then \(entry).run < \(run)
    else \(entry).at <= (select started from run where run = \(run)) end)
  """
}
