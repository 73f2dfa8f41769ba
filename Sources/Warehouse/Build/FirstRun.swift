import GRDB
import Glibc
import Model

extension Warehouse {
  /// True while nothing but the log of runs is in the file.
  func hasNoHistory(_ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database, sql: "select not exists (select 1 from identity) and not exists (select 1 from publication)")
      ?? false
  }

  /// Carries out a run into a new file beside this one, which takes its place when the run publishes.
  ///
  /// Killed at any instant, this file is as before the run. Returns nil, without having called the body, when another connection holds the
  /// file, or somebody delivers from it: then the run has to go through it.
  func buildFirst(
    _ run: Int64, _ request: RunRequest, now: () -> Moment, _ body: (RunTransaction) throws -> RunVerdict
  ) throws -> RunRecord? {
    // What a sender wrote meanwhile would be lost with the file that is replaced.
    guard let senders = try DeliveryClaims(warehouse: path, alone: true) else { return nil }
    defer { withExtendedLifetime(senders) {} }
    let draft = place + ".building"
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) }
    try queue.writeWithoutTransaction { try $0.execute(sql: "vacuum into ?", arguments: [draft]) }
    guard try disconnect() else {
      unlink(draft)
      return nil
    }
    var log = RunLog()
    do {
      let (verdict, record) = try fill(draft, run, request, now: now, &log, body)
      if case .publish = verdict {
        try moveIntoPlace(draft)
        return record
      }
      unlink(draft)
      return try queue.writeWithoutTransaction { database in
        try close(run, verdict, log, now(), database)
        return try RunRecord.fetch(run, database) ?? discarded(run, request)
      }
    } catch {
      unlink(draft)
      try? queue.writeWithoutTransaction {
        try close(run, .fail(reason: String(describing: error)), log, now(), $0)
      }
      throw error
    }
  }

  /// The file itself, where the path is a link to it: the link stays.
  private var place: String { Self.place(of: path) }

  private func fill(
    _ draft: String, _ run: Int64, _ request: RunRequest, now: () -> Moment, _ log: inout RunLog,
    _ body: (RunTransaction) throws -> RunVerdict
  ) throws -> (RunVerdict, RunRecord?) {
    var configuration = Configuration()
    // Parents are the build's own: they are written after the rows that name them.
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -32000;
          pragma temp_store = memory
          """)
    }
    let queue = try DatabaseQueue(path: draft, configuration: configuration)
    let result = try queue.writeWithoutTransaction { database in
      try database.beginTransaction(.immediate)
      defer { if database.isInsideTransaction { try? database.rollback() } }
      let build = FirstBuild(path: draft, run: run)
      let transaction = try RunTransaction(
        run: run, database: database, request: request, folder: folderOfFile(draft), build: build)
      defer { log = transaction.log }
      let verdict = try body(transaction)
      guard case .publish = verdict else { return (verdict, RunRecord?.none) }
      try build.writeIdentities(transaction.registry, database)
      try transaction.log.write(run: run, files: false, database)
      try end(run, .published, nil, now(), database)
      let record = try RunRecord.fetch(run, database)
      try database.commit()
      return (verdict, record)
    }
    try queue.close()
    return result
  }

  /// On the disk before it is where readers look. Once it is there the run has published: a folder that cannot be synced takes nothing of that
  /// back, and after a crash its name may be the old one, whose file is whole as well.
  private func moveIntoPlace(_ draft: String) throws {
    let place = place
    try synchronize(draft, O_RDWR)
    guard rename(draft, place) == 0 else {
      throw WarehouseError.system(path: path, action: "move the new file here", reason: systemReason())
    }
    try? synchronize(folderOfFile(place), O_RDONLY)
  }

  private func synchronize(_ path: String, _ mode: Int32) throws {
    let descriptor = open(path, mode | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw WarehouseError.system(path: path, action: "open", reason: systemReason())
    }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw WarehouseError.system(path: path, action: "write to the disk", reason: systemReason())
    }
  }
}

func folderOfFile(_ path: String) -> String {
  path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
}
