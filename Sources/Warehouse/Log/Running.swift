import GRDB
import Model

extension Warehouse {
  /// Carries out one run as one transaction: its readers see the state before it, or the one after it.
  ///
  /// When the body throws, holds or fails, the data is rolled back and only the log of the run remains; a body's error is thrown on.
  /// Killed at any instant, the file is as before the run, and the next run marks this one as failed.
  public func run(
    _ request: RunRequest, holding lock: WarehouseLock, now: () -> Moment,
    _ body: (RunTransaction) throws -> RunVerdict
  ) throws -> RunRecord {
    try Self.telling(path) {
      defer { withExtendedLifetime(lock) {} }
      let (run, isFirst) = try queue.writeWithoutTransaction { database in
        (try begin(request, now(), database), try buildsFirst && hasNoHistory(database))
      }
      if isFirst, let record = try buildFirst(run, request, now: now, body) { return record }
      return try change(run, request, now: now, body)
    }
  }

  /// Carries out a run on what is known, as one transaction of the file itself.
  private func change(
    _ run: Int64, _ request: RunRequest, now: () -> Moment, _ body: (RunTransaction) throws -> RunVerdict
  ) throws -> RunRecord {
    try queue.writeWithoutTransaction { database in
      var log = RunLog()
      do {
        var verdict = RunVerdict.discard
        try database.inTransaction(.immediate) {
          let transaction = try RunTransaction(
            run: run, database: database, request: request, folder: folderOfFile(path), path: path)
          defer { log = transaction.log }
          verdict = try body(transaction)
          guard case .publish = verdict else { return .rollback }
          try transaction.log.write(run: run, files: false, database)
          try end(run, .published, nil, now(), database)
          return .commit
        }
        if case .publish = verdict {} else { try close(run, verdict, log, now(), database) }
      } catch {
        try? close(run, .fail(reason: String(describing: error)), log, now(), database)
        throw error
      }
      // Readers of plain copies of the file need what is still in the write-ahead log; a busy reader only postpones it.
      _ = try? database.checkpoint(.truncate)
      return try RunRecord.fetch(run, database) ?? discarded(run, request)
    }
  }

  func discarded(_ run: Int64, _ request: RunRequest) -> RunRecord {
    RunRecord(
      id: run, pipeline: request.pipeline, status: .failed, started: request.started, ended: nil,
      asOf: request.asOf, program: request.program, policy: request.policy, reason: "discarded")
  }

  /// Lets what held the latest run pass: the next run that reads exactly the same of this source is not held by it again.
  ///
  /// Throws ``WarehouseError/nothingHeld(source:)`` when the latest run was not held by the source.
  public func accept(source: String, at moment: Moment) throws {
    try Self.telling(path) {
      try queue.write { database in
        let latest = try Row.fetchOne(database, sql: "select run, status from run order by run desc limit 1")
        guard let latest, latest[1] == RunStatus.held.rawValue,
          let digest = try Int64.fetchOne(
            database, sql: "select digest from hold where run = ? and source = ?",
            arguments: [latest[0] as Int64, source])
        else { throw WarehouseError.nothingHeld(source: source) }
        try database.execute(
          sql: """
            insert into acceptance (source, held_run, digest, accepted) values (?, ?, ?, ?)
            on conflict (source, held_run) do nothing
            """, arguments: [source, latest[0] as Int64, digest, moment.description])
      }
    }
  }

  /// Makes the run known as running, and ends those that never ended: whoever holds the lock is alone.
  private func begin(_ request: RunRequest, _ now: Moment, _ database: Database) throws -> Int64 {
    var run: Int64 = 0
    try database.inTransaction(.immediate) {
      try database.execute(
        sql: """
          update run set status = 'failed', ended = ?, reason = 'ended without a result: killed or crashed'
          where status = 'running'
          """, arguments: [now.description])
      let stored = request.configurationDigest
      try database.execute(
        sql: "insert into configuration (digest, content) values (?, ?) on conflict (digest) do nothing",
        arguments: [stored, request.configuration])
      try database.execute(
        sql: """
          insert into run (pipeline, status, started, as_of, program, policy, configuration)
          select ?, 'running', ?, ?, ?, ?, configuration from configuration where digest = ?
          """,
        arguments: [
          request.pipeline, request.started.description, request.asOf?.description, request.program,
          request.policy,
          stored,
        ])
      run = database.lastInsertedRowID
      return .commit
    }
    return run
  }

  func end(_ run: Int64, _ status: RunStatus, _ reason: String?, _ now: Moment, _ database: Database)
    throws
  {
    try database.execute(
      sql: "update run set status = ?, ended = ?, reason = ? where run = ?",
      arguments: [status.rawValue, now.description, reason, run])
  }

  /// Logs a run whose data were rolled back.
  func close(
    _ run: Int64, _ verdict: RunVerdict, _ log: RunLog, _ now: Moment, _ database: Database
  ) throws {
    try database.inTransaction(.immediate) {
      switch verdict {
      case .publish: break
      case .discard: try database.execute(sql: "delete from run where run = ?", arguments: [run])
      case .fail(let reason):
        try log.write(run: run, files: true, database)
        try end(run, .failed, reason, now, database)
      case .hold(let holds):
        try log.write(run: run, files: true, database)
        for hold in holds {
          try database.execute(
            sql: "insert into hold values (?, ?, ?, ?)",
            arguments: [run, hold.source, hold.reason, log.observed(hold.source)])
        }
        try end(run, .held, holds.map { $0.source + ": " + $0.reason }.joined(separator: "; "), now, database)
      }
      return .commit
    }
  }
}
