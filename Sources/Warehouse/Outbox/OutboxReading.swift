import GRDB
import Model

extension WarehouseReader {
  /// Deliveries, the latest first; with `open` only those that did not end with ``DeliveryState/sent``.
  public func outbox(open: Bool = false, limit: Int) throws -> [OutboxEntry] {
    try read { database in
      let sql =
        OutboxRows.columns + (open ? " where state <> 'sent'" : "") + " order by delivery desc limit ?"
      return try Row.fetchAll(database, sql: sql, arguments: [max(0, limit)]).map(OutboxRows.entry)
    }
  }

  public func outboxEntry(_ id: Int64) throws -> OutboxEntry? {
    try read { database in
      try Row.fetchOne(database, sql: OutboxRows.columns + " where delivery = ?", arguments: [id]).map(
        OutboxRows.entry)
    }
  }

  /// How many deliveries are in each state.
  public func outboxCounts() throws -> [DeliveryState: Int] {
    try read { database in
      let rows = try Row.fetchAll(database, sql: "select state, count(*) from delivery group by state")
      return Dictionary(
        rows.compactMap { row in DeliveryState(rawValue: row[0]).map { ($0, row[1] as Int) } }
      ) { first, _ in first }
    }
  }
}
