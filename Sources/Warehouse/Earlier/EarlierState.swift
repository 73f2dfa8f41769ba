import GRDB
import Model

extension WarehouseReader {
  /// Writes the file to a new place as it was known to a run: without what later runs learned, and without what it published, which
  /// ``KnownRun/publishAgain(in:program:_:)`` makes anew.
  ///
  /// Of months that were closed to the run and still are, what was published stays.
  public func copy(asKnownTo run: Int64, to path: String) throws {
    let queue = try scratchFile(path)
    try read { source in
      // What the copy's disk refuses is not the file's.
      try Warehouse.telling(path) {
        try queue.writeWithoutTransaction { try source.backup(to: $0) }
      }
    }
    try Warehouse.telling(path) {
      try queue.writeWithoutTransaction { copy in
        // The header said otherwise.
        try copy.execute(sql: "pragma journal_mode = off")
        try copy.inTransaction(.immediate) {
          try forget(after: run, copy)
          return .commit
        }
      }
      try queue.close()
    }
  }

  private func forget(after run: Int64, _ database: Database) throws {
    for entity in EntityKind.allCases {
      let table = versionTableName(entity)
      try database.execute(
        sql: """
          delete from \(table) where seen_from > \(run);
          update \(table) set seen_to = null where seen_to > \(run)
          """)
    }
    try database.execute(
      sql: """
        delete from unknown_state where first_run > \(run);
        update unknown_state set known_run = null where known_run > \(run);
        delete from snapshot where first_run > \(run);
        update snapshot set complete = 0, complete_run = null where complete_run > \(run)
        """)
    try database.execute(
      sql: "delete from identity where identity > ?", arguments: [try lastIdentity(database)])
    try forgetCloses(after: run, database)
    try forgetPublished(database)
    for log in ["stage_run", "source_file", "source_read", "finding", "quarantined_row", "hold"] {
      try database.execute(sql: "delete from \(log) where run > \(run)")
    }
    try database.execute(
      sql: """
        delete from acceptance where held_run > \(run);
        update acceptance set used_by = null where used_by > \(run);
        delete from publication_digest where run >= \(run);
        delete from run where run > \(run);
        delete from source where name not in (
          select l.source from source_read l join run r on r.run = l.run where r.status = 'published');
        delete from source_entity where source not in (select source from source)
        """)
    // What is only there to spare later runs work, and what was delivered.
    for table in [
      "stored_digest", "carried_sums", "carried_count", "known_record", "known_record_block", "delivery",
      "delivery_content",
    ] {
      try database.execute(sql: "delete from \(table)")
    }
  }

  /// Of months that are closed, single customers' rows, forecasts and rates are kept nowhere else.
  private func forgetPublished(_ database: Database) throws {
    var tables = [
      "publication", "figure", "bridge", "cohort_cell", "planned_figure", "adjustment_entry",
      "customer_account",
      "charge_interval",
    ]
    if try closedMonth(database) == nil {
      tables += [
        "movement", "customer_mrr_interval", "segment_membership", "churn_part", "forecast_month",
        "applied_rate",
      ]
    }
    for table in tables { try database.execute(sql: "delete from \(table)") }
    // What is left names segments of closed months; periods are named by their labels there.
    try database.execute(
      sql: """
        delete from period;
        delete from segment where segment not in (
          select segment from closed_value union select segment from closed_bridge union select segment from closed_cohort
          union select segment from restated_figure union select segment from segment_membership)
        """)
  }

  /// Identities are given in the order in which they become known.
  private func lastIdentity(_ database: Database) throws -> Int64 {
    var last =
      try Int64.fetchOne(database, sql: "select max(identity) from unknown_state") ?? 0
    for entity in EntityKind.allCases {
      let references = entity.columns.filter { referredEntity(of: $0.name, in: entity) != nil }
      for column in ["identity"] + references.map(\.name) {
        let largest = try Int64.fetchOne(
          database, sql: "select max(\(quoted(column))) from \(versionTableName(entity))")
        last = max(last, largest ?? 0)
      }
    }
    return last
  }

  private func forgetCloses(after run: Int64, _ database: Database) throws {
    let later = "select entry from closing where not \(isBefore("closing", run))"
    for table in ["closed_value", "closed_bridge", "closed_cohort"] {
      try database.execute(
        sql: "delete from \(table) where closing in (\(later))")
    }
    try database.execute(
      sql: """
        delete from closed_value where added_by > \(run);
        create temp table later_closing as \(later);
        delete from closing where entry in (select entry from later_closing);
        update closing set reopened_by = null where reopened_by in (select entry from later_closing);
        drop table later_closing;
        delete from restated_figure where run > \(run);
        delete from restated_customer where run > \(run)
        """)
  }
}

/// A file that nobody needs should the program or the machine stop meanwhile.
private func scratchFile(_ path: String) throws -> DatabaseQueue {
  var configuration = Configuration()
  // Rows go, and come, in whatever order is the shortest.
  configuration.foreignKeysEnabled = false
  configuration.prepareDatabase { database in
    try database.execute(
      sql: """
        pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -\(Warehouse.Room.scant.rawValue);
        pragma temp_store = memory
        """)
  }
  return try DatabaseQueue(path: path, configuration: configuration)
}

extension KnownRun {
  /// Publishes once more what the run published, in a file made by ``WarehouseReader/copy(asKnownTo:to:)``. Its log is there, and stays.
  ///
  /// - Parameter program: Name and version of the program that counts now.
  /// - Returns: What is published; nil where the body stored nothing.
  public func publishAgain(
    in path: String, program: String, _ body: (RunTransaction) throws -> Void
  ) throws -> PublishedDigest? {
    let request = RunRequest(
      pipeline: record.pipeline, started: record.started, asOf: record.asOf, program: program,
      policy: record.policy, configuration: configuration)
    return try Warehouse.telling(path) {
      let queue = try scratchFile(path)
      let published = try queue.writeWithoutTransaction { database in
        var published: PublishedDigest?
        try database.inTransaction(.immediate) {
          let transaction = try RunTransaction(
            run: record.id, database: database, request: request, folder: folderOfFile(path))
          try body(transaction)
          published = transaction.published
          return .commit
        }
        return published
      }
      try queue.close()
      return published
    }
  }
}
