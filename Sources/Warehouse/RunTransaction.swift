import GRDB
import Model

/// What a run does to the warehouse, within its one transaction. Only valid inside the body of ``Warehouse/run(_:holding:now:_:)``.
public final class RunTransaction {
  public let run: Int64
  let database: Database
  let registry: IdentityRegistry
  /// How the tables of a warehouse without history are filled; nil once there is one.
  let build: FirstBuild?
  var log = RunLog()
  let changed = ChangedIdentities()
  /// Where the file is that others read the state before this run in; nil in a file that nobody else sees.
  let path: String?
  /// The folder the warehouse is in.
  let folder: String
  /// Lines of a book that are put aside together, about.
  var lineShareSize = PlainLineShelf.shareSize
  /// What program runs: another one may count differently.
  let program: String
  /// Digest of the configuration it runs with.
  let configuration: Int64
  /// The book as last read, for ``store(_:catalogue:terms:)``.
  var lastBook: LastBook?
  /// Of what was stored last; nil before.
  public internal(set) var published: PublishedDigest?

  init(
    run: Int64, database: Database, request: RunRequest, folder: String, path: String? = nil,
    build: FirstBuild? = nil
  ) throws {
    self.run = run
    self.folder = folder
    self.database = database
    program = request.program
    configuration = request.configurationDigest
    self.path = path
    self.build = build
    registry = IdentityRegistry(database, isBuilding: build != nil)
  }

  /// Adds to the run's findings. Those of a read that is applied are added by ``apply(_:)``.
  public func record(_ findings: [Finding]) { log.findings += findings }

  public func record(_ stage: StageRecord) { log.stages.append(stage) }

  /// Logs a read that is not applied (a source that could not be read whole), with its files, findings and quarantined rows.
  public func record(_ read: SourceRead) throws {
    try log.add(read, run: run, database: database)
  }

  /// Compares what a source says with what is known, and writes the difference.
  ///
  /// Logs the read's files, findings and quarantined rows too. Repeating a read changes nothing but the log.
  public func apply(_ read: SourceRead) throws -> ChangeSummary {
    let firstFile = try log.add(read, run: run, database: database)
    let summary = try applyRead(read, firstFile: firstFile)
    log.findings += summary.findings
    return summary
  }

  /// The last published read of everything this source has; nil before the first.
  public func previousWholeRead(of source: String) throws -> PreviousRead? {
    try lastPublishedRead(of: source, whole: true, database)
  }

  /// The columns that each file of the source's last published read had.
  ///
  /// - Parameter onlyNewest: Of the newest snapshot alone, where a folder keeps older ones.
  public func previousHeaders(of source: String, onlyNewest: Bool) throws -> [[String]] {
    guard let last = try lastPublishedRead(of: source, database) else { return [] }
    return try String.fetchAll(
      database,
      sql: """
        select header from source_file where run = ?1 and source = ?2 and (not ?3 or snapshot = (
          select max(snapshot) from source_file where run = ?1 and source = ?2))
        """, arguments: [last.run, source, onlyNewest]
    ).map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }

  /// True when a person has accepted exactly what this run read of the source after that held an earlier run. To be asked after the
  /// source's reads are applied or recorded. Each acceptance is good for one published run.
  public func isAccepted(_ source: String) throws -> Bool {
    try database.execute(
      sql: """
        update acceptance set used_by = ? where source = ? and digest = ? and (used_by is null or used_by = ?)
        """, arguments: [run, source, log.observed(source), run])
    return database.changesCount > 0
  }
}

func lastPublishedRead(
  of source: String, whole: Bool = false, _ database: Database
) throws -> PreviousRead? {
  let row = try Row.fetchOne(
    database,
    sql: """
      select r.run, s.data_through, s.records, s.quarantined, s.extent from source_read s join run r on r.run = s.run
      where s.source = ? and r.status = 'published' and (not ? or s.extent = 'full') order by r.run desc limit 1
      """, arguments: [source, whole])
  guard let row, let through = Moment(iso: row[1] as String) else { return nil }
  return PreviousRead(
    run: row[0], dataThrough: through, records: row[2], quarantined: row[3],
    isDelta: (row[4] as String) == "delta")
}
