import GRDB
import Model

/// Names a revision of a delivery, the same in every run: `<...@example.com>`.
public typealias MessageName = (DeliveryKey, _ revision: Int) -> String

extension RunTransaction {
  /// Puts into the outbox what the run is to deliver, as part of what it publishes; what it has already is left out.
  ///
  /// - Returns: How many were put in.
  public func queue(_ deliveries: [Delivery], at moment: Moment, named name: MessageName) throws -> Int {
    try deliveries.count { try OutboxRows.queue($0, run: run, at: moment, named: name, database) != nil }
  }
}

/// The statements on the outbox, within somebody's transaction.
enum OutboxRows {
  /// nil when its key is known and it is not to be repeated, else the new row's number.
  static func queue(
    _ delivery: Delivery, run: Int64?, at moment: Moment, named name: MessageName, _ database: Database
  ) throws -> Int64? {
    let key = delivery.key
    let last = try Row.fetchOne(
      database,
      sql: """
        select revision, figures from delivery where \(isOfKey) order by revision desc limit 1
        """, arguments: [key.rule, key.report, key.period, key.recipient])
    if let last {
      switch delivery.repeats {
      case .never: return nil
      case .onChange where (last[1] as String) == delivery.figures: return nil
      case .onChange, .always: break
      }
    }
    let revision = (last.map { $0[0] as Int } ?? 0) + 1
    try database.execute(
      sql: """
        insert into delivery_content (digest, text) values (?1, ?2)
        on conflict (digest) do update set text = excluded.text where text is null
        """, arguments: [delivery.digest, delivery.content])
    try database.execute(
      sql: """
        insert into delivery (channel, rule, report, period, recipient, revision, state, message_id, content, figures, run, queued,
          changed)
        values (?, ?, ?, ?, ?, ?, 'queued', ?, (select content from delivery_content where digest = ?), ?, ?, ?, ?)
        """,
      arguments: [
        key.channel.rawValue, key.rule, key.report, key.period, key.recipient, revision, name(key, revision),
        delivery.digest, delivery.figures, run, moment.description, moment.description,
      ])
    return database.lastInsertedRowID
  }

  /// A mailbox is one however its letters are written; the outbox keeps the spelling it was first asked for.
  static let isOfKey = "rule = ? and report = ? and period = ? and recipient = ? collate nocase"

  static let columns = """
    select delivery, channel, rule, report, period, recipient, revision, state, message_id, queued, changed, attempts, retry_at,
      reply
    from delivery
    """

  static func entry(_ row: Row) -> OutboxEntry {
    OutboxEntry(
      id: row[0],
      key: DeliveryKey(
        channel: DeliveryKey.Channel(rawValue: row[1]) ?? .mail, rule: row[2], report: row[3], period: row[4],
        recipient: row[5]),
      revision: row[6], state: DeliveryState(rawValue: row[7]) ?? .unknown, messageID: row[8],
      queued: Moment(iso: row[9] as String) ?? Moment(packed: 0),
      changed: Moment(iso: row[10] as String) ?? Moment(packed: 0), attempts: row[11],
      retryAt: (row[12] as String?).flatMap { Moment(iso: $0) }, reply: row[13])
  }
}
