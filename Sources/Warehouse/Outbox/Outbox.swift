import GRDB
import Model

/// The outbox, open to deliver from: each step of a delivery is on the disk before the next one is taken.
///
/// Several processes may deliver at once, also beside a run. Each delivery is in one hand only (``claim(_:)``), and no
/// transaction is open while a server is spoken to. What stands in state `sending` and is in nobody's hand was begun by a process that
/// ended before it knew how it went, and becomes `unknown`.
public final class Outbox {
  private let queue: DatabaseQueue
  private let claims: DeliveryClaims
  /// What ended without an answer before, found when this was opened.
  public private(set) var interrupted: [OutboxEntry] = []

  private let patience: Int

  /// - Parameter patience: Milliseconds that a try waits for a run's transaction before its server gets the first byte. Afterwards the
  ///   transaction's end is waited for, since what became of a message has to be kept.
  /// - Throws: ``WarehouseError`` where there is no warehouse, one of another schema, or one that its first run is building.
  public init(opening path: String, at moment: Moment, patience: Int = 5_000) throws {
    self.patience = patience
    try Warehouse.inspect(path, writing: false)
    guard let claims = try DeliveryClaims(warehouse: path) else {
      throw WarehouseError.lockedByAnotherRun(path: path)
    }
    self.claims = claims
    var configuration = Configuration()
    configuration.busyMode = .timeout(3_600)
    configuration.prepareDatabase { database in
      // A power cut must not take back that something is being sent.
      try database.execute(sql: "pragma synchronous = full")
    }
    queue = try Warehouse.telling(path) { try DatabaseQueue(path: path, configuration: configuration) }
    let begun = try read { database in
      try Row.fetchAll(database, sql: OutboxRows.columns + " where state = 'sending' order by delivery").map(
        OutboxRows.entry)
    }
    for entry in begun where try claims.take(entry.id) {
      defer { claims.give(entry.id) }
      let isDoubt = try write { database in
        try database.execute(
          sql: """
            update delivery set state = 'unknown', changed = ?, reply = 'the program ended before the server had answered'
            where delivery = ? and state = 'sending'
            """, arguments: [moment.description, entry.id])
        return database.changesCount == 1
      }
      if isDoubt { interrupted.append(entry) }
    }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Warehouse.telling(queue.path) { try queue.read(body) }
  }

  private func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Warehouse.telling(queue.path) { try queue.write(body) }
  }

  private func stepwise<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Warehouse.telling(queue.path) { try queue.writeWithoutTransaction(body) }
  }

  /// What is to be tried, in the order it was put in: ``OutboxEntry/retryAt`` says what is not to be tried yet.
  public func waiting() throws -> [OutboxEntry] {
    try read { database in
      try Row.fetchAll(database, sql: OutboxRows.columns + " where state = 'queued' order by delivery").map(
        OutboxRows.entry)
    }
  }

  /// What a mailbox has or may have of a report's period, by whatever rule, or else what waits for it; nil where it has nothing but failures.
  public func got(_ key: DeliveryKey) throws -> OutboxEntry? {
    try read { database in
      let sql =
        OutboxRows.columns + """
           where channel = 'mail' and report = ? and period = ? and recipient = ? collate nocase and state <> 'failed'
          order by state = 'queued', delivery desc limit 1
          """
      return try Row.fetchOne(database, sql: sql, arguments: [key.report, key.period, key.recipient])
        .map(OutboxRows.entry)
    }
  }

  /// The last revision of a delivery; nil before the first.
  public func latest(_ key: DeliveryKey) throws -> OutboxEntry? {
    try read { database in
      let sql =
        OutboxRows.columns
        + " where \(OutboxRows.isOfKey) order by revision desc limit 1"
      return try Row.fetchOne(
        database, sql: sql, arguments: [key.rule, key.report, key.period, key.recipient]
      ).map(OutboxRows.entry)
    }
  }

  /// What is sent; nil where it is not kept any more.
  public func content(of id: Int64) throws -> String? {
    try read { database in
      try String.fetchOne(
        database,
        sql:
          "select c.text from delivery d join delivery_content c on c.content = d.content where d.delivery = ?",
        arguments: [id])
    }
  }

  /// Puts in what no run is to deliver: what a person asks for, or an operator has to know.
  ///
  /// - Returns: The new delivery's number; nil when it is there already and is not to be repeated.
  public func add(_ delivery: Delivery, at moment: Moment, named name: MessageName) throws -> Int64? {
    try write { try OutboxRows.queue(delivery, run: nil, at: moment, named: name, $0) }
  }

  /// Waits for the end of a run's transaction, which would keep what is sent from being begun; an hour at most.
  public func waitForRuns() throws {
    try stepwise { try $0.inTransaction(.immediate) { .rollback } }
  }

  /// Takes a delivery into this process's hand, until it has come to an end, is let go of, or the process ends however it ends.
  ///
  /// - Returns: How it stands now; nil where another process has it, or it is not to be tried any more.
  public func claim(_ id: Int64) throws -> OutboxEntry? {
    guard try claims.take(id) else { return nil }
    let entry = try read { database in
      try Row.fetchOne(
        database, sql: OutboxRows.columns + " where delivery = ? and state = 'queued'", arguments: [id]
      ).map(OutboxRows.entry)
    }
    if entry == nil { claims.give(id) }
    return entry
  }

  /// Lets go of a delivery that was not begun.
  public func letGo(_ id: Int64) { claims.give(id) }

  /// To be called before the server gets the first byte of a claimed delivery.
  ///
  /// Throws ``WarehouseError/heldByAnotherProgram(path:)`` where a run keeps the file for its transaction: then it stays queued.
  public func begin(_ id: Int64, at moment: Moment) throws {
    guard claims.has(id) else { throw DatabaseError(message: "delivery \(id) is not claimed") }
    try stepwise { database in
      try database.execute(sql: "pragma busy_timeout = \(patience)")
      defer { try? database.execute(sql: "pragma busy_timeout = 3600000") }
      try database.inTransaction(.immediate) {
        try database.execute(
          sql: """
            update delivery set state = 'sending', attempts = attempts + 1, retry_at = null, changed = ?
            where delivery = ? and state = 'queued'
            """, arguments: [moment.description, id])
        guard database.changesCount == 1 else {
          throw DatabaseError(message: "delivery \(id) is not queued")
        }
        return .commit
      }
    }
  }

  /// Keeps what a try of a claimed delivery came to, and lets go of it. One that did not come as far as ``begin(_:at:)`` counts as a try, too.
  ///
  /// - Returns: How it stands now; after the last try that is allowed, ``DeliveryState/failed``.
  @discardableResult
  public func end(
    _ id: Int64, _ end: DeliveryEnd, at moment: Moment, retry: DeliveryRetry
  ) throws -> DeliveryState {
    guard claims.has(id) else { throw DatabaseError(message: "delivery \(id) is not claimed") }
    defer { claims.give(id) }
    return try write { database in
      let row = try Row.fetchOne(
        database, sql: "select state, attempts from delivery where delivery = ?", arguments: [id])
      let found = row.flatMap { DeliveryState(rawValue: $0[0]) }
      guard let row, let found, [.sending, .queued].contains(found) else {
        throw DatabaseError(message: "delivery \(id) is not under way")
      }
      let attempts = (row[1] as Int) + (found == .queued ? 1 : 0)
      let (state, reply, retryAt): (DeliveryState, String, Moment?) =
        switch end {
        case .sent(let reply): (.sent, reply, nil)
        case .refused(let reply): (.failed, reply, nil)
        case .unknown(let reply): (.unknown, reply, nil)
        case .later(let reply):
          retry.wait(after: attempts).map {
            (.queued, reply, Moment(instant: moment.seconds + ($0 + 999) / 1000))
          } ?? (.failed, reply, nil)
        }
      try database.execute(
        sql:
          "update delivery set state = ?, attempts = ?, changed = ?, retry_at = ?, reply = ? where delivery = ?",
        arguments: [
          state.rawValue, attempts, moment.description, retryAt?.description, reply, id,
        ])
      return state
    }
  }

  /// Lets a delivery be tried again, at once and from the first try on. One that was sent or may have been gets there twice: that is for a
  /// person to say.
  ///
  /// - Returns: False where there is no such delivery, its content is not kept any more, or it is under way.
  public func resend(_ id: Int64, at moment: Moment) throws -> Bool {
    guard try claims.take(id) else { return false }
    defer { claims.give(id) }
    return try write { database in
      try database.execute(
        sql: """
          update delivery set state = 'queued', attempts = 0, retry_at = null, changed = ?
          where delivery = ? and content in (select content from delivery_content where text is not null)
          """, arguments: [moment.description, id])
      return database.changesCount == 1
    }
  }

  /// Lets go of contents that everybody has had since before the given moment.
  public func forgetContents(before moment: Moment) throws {
    try write { database in
      try database.execute(
        sql: """
          update delivery_content set text = null where text is not null and not exists (
            select 1 from delivery d where d.content = delivery_content.content and (d.state <> 'sent' or d.changed >= ?))
          """, arguments: [moment.description])
    }
  }
}
