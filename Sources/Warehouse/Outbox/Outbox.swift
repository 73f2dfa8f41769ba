import GRDB
import Model

/// The outbox, open to deliver from: each step of a delivery is on the disk before the next one is taken.
///
/// Whoever holds the lock is alone: what stands in state `sending` when an outbox is opened was begun by a process that ended
/// before it knew how it went, and becomes `unknown`.
public final class Outbox {
  private let queue: DatabaseQueue
  private let lock: WarehouseLock
  /// What ended without an answer before, found when this was opened.
  public let interrupted: [OutboxEntry]

  /// Throws ``WarehouseError`` where there is no warehouse, or one of another schema.
  public init(opening path: String, holding lock: WarehouseLock, at moment: Moment) throws {
    self.lock = lock
    try Warehouse.inspect(path, writing: false)
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { database in
      // A power cut must not take back that something is being sent.
      try database.execute(sql: "pragma synchronous = full")
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
    interrupted = try queue.write { database in
      let open = try Row.fetchAll(
        database, sql: OutboxRows.columns + " where state = 'sending' order by delivery")
      try database.execute(
        sql: """
          update delivery set state = 'unknown', changed = ?, reply = 'the program ended before the server had answered'
          where state = 'sending'
          """, arguments: [moment.description])
      return open.map(OutboxRows.entry)
    }
  }

  /// What is to be tried, in the order it was put in: ``OutboxEntry/retryAt`` says what is not to be tried yet.
  public func waiting() throws -> [OutboxEntry] {
    try queue.read { database in
      try Row.fetchAll(database, sql: OutboxRows.columns + " where state = 'queued' order by delivery").map(
        OutboxRows.entry)
    }
  }

  /// The last revision of a delivery; nil before the first.
  public func latest(_ key: DeliveryKey) throws -> OutboxEntry? {
    try queue.read { database in
      let sql =
        OutboxRows.columns
        + " where rule = ? and report = ? and period = ? and recipient = ? order by revision desc limit 1"
      return try Row.fetchOne(
        database, sql: sql, arguments: [key.rule, key.report, key.period, key.recipient]
      ).map(OutboxRows.entry)
    }
  }

  /// What is sent; nil where it is not kept any more.
  public func content(of id: Int64) throws -> String? {
    try queue.read { database in
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
    try queue.write { try OutboxRows.queue(delivery, run: nil, at: moment, named: name, $0) }
  }

  /// To be called before the server gets the first byte of it.
  public func begin(_ id: Int64, at moment: Moment) throws {
    try queue.write { database in
      try database.execute(
        sql: """
          update delivery set state = 'sending', attempts = attempts + 1, retry_at = null, changed = ?
          where delivery = ? and state = 'queued'
          """, arguments: [moment.description, id])
      guard database.changesCount == 1 else {
        throw DatabaseError(message: "delivery \(id) is not queued")
      }
    }
  }

  /// Keeps what a try came to. One that did not come as far as ``begin(_:at:)`` counts as a try, too.
  public func end(_ id: Int64, _ end: DeliveryEnd, at moment: Moment, retry: DeliveryRetry) throws {
    try queue.write { database in
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
    }
  }

  /// Lets a delivery that is not underway be tried again, at once and from the first try on. One that was sent or may have been gets there
  /// twice: that is for a person to say.
  ///
  /// - Returns: False where there is no such delivery, or its content is not kept any more.
  public func resend(_ id: Int64, at moment: Moment) throws -> Bool {
    try queue.write { database in
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
    try queue.write { database in
      try database.execute(
        sql: """
          update delivery_content set text = null where text is not null and not exists (
            select 1 from delivery d where d.content = delivery_content.content and (d.state <> 'sent' or d.changed >= ?))
          """, arguments: [moment.description])
    }
  }
}
