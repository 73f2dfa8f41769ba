import GRDB
import Model

/// What a run has to say about itself, held until it ends: it is written with the run's data, or without it when they are rolled back.
struct RunLog {
  var findings: [Finding] = []
  var stages: [StageRecord] = []
  private var reads: [(read: LoggedRead, firstFile: Int64)] = []

  /// A read without its rows.
  private struct LoggedRead {
    var source: SourceConfiguration
    var files: [SourceFile]
    var quarantined: [QuarantinedRow]
    var standing: [QuarantinedRow]
    var bad: Int
    var records: Int
    var dataThrough: Moment
    var stream: StreamRead?
    var deleted: [String]
  }

  /// Takes over a read's files, findings and quarantined rows; returns the key of its first file, the others follow.
  @discardableResult
  mutating func add(_ read: SourceRead, run: Int64, database: Database) throws -> Int64 {
    let last = try Int64.fetchOne(database, sql: "select max(file) from source_file") ?? 0
    let logged = LoggedRead(
      source: read.source, files: read.files, quarantined: read.quarantined, standing: read.standing,
      bad: read.badRecords, records: read.records, dataThrough: read.dataThrough, stream: read.stream,
      deleted: read.changes?.deleted ?? [])
    reads.append((logged, last + 1))
    findings += read.findings
    try Self.write(logged.files, of: read.source.name, first: last + 1, run, database)
    return last + 1
  }

  /// Writes everything to a run's log. With `files` after a rollback, which took the files written so far with it.
  func write(run: Int64, files: Bool, _ database: Database) throws {
    if files {
      for (read, first) in reads {
        try Self.write(read.files, of: read.source.name, first: first, run, database)
      }
    }
    try writeReads(run, database)
    try writeStages(run, database)
    try writeFindings(run, database)
    try writeQuarantine(run, database)
  }

  /// How far this run has read a source; nil when it has not.
  func dataThrough(of source: String) -> Moment? {
    reads.map(\.read).filter { $0.source.name == source }.map(\.dataThrough).max { $0.packed < $1.packed }
  }

  /// A digest of what this run read of a source: its files' contents, whatever their names and order, what is deleted in it, and
  /// the rows they gave.
  /// What a person accepts after it held a run.
  func observed(_ source: String) -> Int64 {
    let own = reads.map(\.read).filter { $0.source.name == source }
    var digest = RowDigest()
    for file in own.flatMap({ $0.files.map(\.digest) }).sorted() { digest.add(file) }
    for key in own.flatMap(\.deleted).sorted() { digest.add(key) }
    digest.add(UInt64(own.reduce(0) { $0 + $1.records }))
    digest.add(UInt64(own.reduce(0) { $0 + $1.quarantined.count }))
    return Int64(bitPattern: digest.value)
  }

  private static func write(
    _ files: [SourceFile], of source: String, first: Int64, _ run: Int64, _ database: Database
  ) throws {
    let insert = try RawStatement(
      database, "insert into source_file values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for (index, file) in files.enumerated() {
      insert.bind(1, first + Int64(index))
      insert.bind(2, run)
      insert.bind(3, source)
      insert.bind(4, file.path)
      insert.bind(5, Int64(file.bytes))
      insert.bind(6, file.digest)
      insert.bind(7, file.encoding)
      insert.bind(8, file.encodingDecision)
      insert.bind(9, file.delimiter)
      insert.bind(10, file.newline)
      insert.bind(11, file.compression)
      insert.bind(12, file.header.joined(separator: "\t"))
      insert.bind(13, Int64(file.rows))
      insert.bind(14, file.snapshot?.description)
      insert.bind(15, file.kind.rawValue)
      try insert.run()
    }
  }

  private func writeReads(_ run: Int64, _ database: Database) throws {
    let insert = try RawStatement(
      database,
      """
      insert into source_read values (?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (run, source) do update set data_through = max(data_through, excluded.data_through),
        records = records + excluded.records, good = good + excluded.good,
        quarantined = quarantined + excluded.quarantined
      """)
    for (read, _) in reads {
      insert.bind(1, run)
      insert.bind(2, read.source.name)
      insert.bind(3, read.source.extent.rawValue)
      insert.bind(4, read.dataThrough.description)
      // One record may be listed for several of its entities.
      let own = Set(read.quarantined.map(\.place)).count
      insert.bind(5, Int64(read.records + read.bad - own))
      insert.bind(6, Int64(max(0, read.records - own)))
      insert.bind(7, Int64(read.bad))
      insert.bind(8, observed(read.source.name))
      try insert.run()
      try read.stream?.write(run: run, database)
    }
  }

  private func writeStages(_ run: Int64, _ database: Database) throws {
    let insert = try RawStatement(database, "insert into stage_run values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for (index, stage) in stages.enumerated() {
      insert.bind(1, run)
      insert.bind(2, Int64(index + 1))
      insert.bind(3, stage.stage)
      insert.bind(4, stage.source)
      insert.bind(5, stage.started.description)
      insert.bind(6, stage.ended.description)
      insert.bind(7, Int64(stage.rows))
      insert.bind(8, Int64(stage.bytes))
      insert.bind(9, stage.detail)
      try insert.run()
    }
  }

  private func writeFindings(_ run: Int64, _ database: Database) throws {
    let insert = try RawStatement(
      database, "insert into finding values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for (index, finding) in findings.enumerated() {
      insert.bind(1, run)
      insert.bind(2, Int64(index + 1))
      insert.bind(3, finding.severity.rawValue)
      insert.bind(4, finding.name)
      insert.bind(5, finding.place?.file)
      insert.bind(6, finding.place?.line.map(Int64.init))
      insert.bind(7, finding.place?.column.map(Int64.init))
      insert.bind(8, finding.problem)
      insert.bind(9, finding.excerpt)
      insert.bind(10, finding.consequence)
      insert.bind(11, finding.remedy)
      insert.bind(12, finding.place?.byte.map(Int64.init))
      insert.bind(13, finding.place?.pointer)
      try insert.run()
    }
  }

  private func writeQuarantine(_ run: Int64, _ database: Database) throws {
    let insert = try RawStatement(
      database, "insert into quarantined_row values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    var ordinal: Int64 = 0
    for (read, _) in reads {
      for row in read.quarantined + read.standing {
        ordinal += 1
        insert.bind(1, run)
        insert.bind(2, ordinal)
        insert.bind(3, read.source.name)
        insert.bind(4, row.place.file)
        insert.bind(5, row.place.line.map(Int64.init))
        insert.bind(6, row.place.column.map(Int64.init))
        insert.bind(7, row.name)
        insert.bind(8, row.reason)
        insert.bind(9, row.raw)
        insert.bind(10, row.entity?.rawValue)
        insert.bind(11, row.key)
        insert.bind(12, row.place.byte.map(Int64.init))
        insert.bind(13, row.place.pointer)
        try insert.run()
      }
    }
  }
}
