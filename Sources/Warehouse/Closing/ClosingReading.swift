import GRDB
import Model

/// What a closed figure or a customer's MRR of closed months was closed with, and would be now.
public struct Restatement: Sendable {
  public var period: String
  public var metric: String
  public var segment: SegmentKey
  public var currency: String
  public var valuation: String
  /// System and id of a customer, where it is of one.
  public var customer: String?
  /// Money in micro-units.
  public var asClosed: QueryValue
  public var now: QueryValue
  public var delta: QueryValue
  public var cause: String
  /// The rows behind it, as file and line.
  public var rows: [String]
  public var run: Int64
}

extension WarehouseReader {
  /// The record of closes, the oldest first.
  public func closings() throws -> [ClosingEntry] { try read { try ClosingEntry.fetchAll($0) } }

  /// The last month that is closed; nil where none is.
  public func closedThrough() throws -> Month? { try read { try closedMonth($0) } }

  /// The entries of the record whose digest is not that of what they say was closed; an auditor's first question.
  public func alteredClosings() throws -> [ClosingEntry] {
    try read { database in
      try ClosingEntry.fetchAll(database).filter { entry in
        try ClosingDigest.digest(of: entry.entry, database).digest != entry.digest
      }
    }
  }

  /// Published figures of closed months that are not those that were closed.
  public func misplacedClosedFigures() throws -> Int {
    try read { database in
      try Int.fetchOne(
        database,
        sql: """
          select count(*) from closing k
          join closed_value c on c.closing = k.entry
          join metric_declaration m on m.id = c.metric
          join period p on p.grain = c.grain and p.label = c.period
          left join figure x on x.metric = m.metric and x.period = p.period and x.segment = c.segment
            and x.currency = c.currency and x.valuation = c.valuation
          where \(standing) and (x.metric is null or x.value is not c.value or x.numerator is not c.numerator
            or x.denominator is not c.denominator or x.reason is not c.reason)
          """) ?? 0
    }
  }

  /// The restatement ledger.
  ///
  /// - Parameters:
  ///   - month: Of periods that end with it alone.
  ///   - metric: Of one metric alone; nil: every one.
  ///   - ofCustomers: Single customers' MRR instead of figures.
  public func restatements(
    month: Month?, metric: String?, ofCustomers: Bool, _ body: (Restatement) throws -> Void
  ) throws {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select r.period, r.metric, r.dimension, r.segment, r.currency, r.valuation,
            (select s.system || ' ' || i.natural_id from identity i join identity_scope s on s.scope = i.scope
              where i.identity = r.customer_id),
            r.as_closed, r.now, r.delta, r.cause, r.source_rows, r.run
          from restatement r
          where (r.customer_id is not null) = ?1 and (?2 is null or r.metric = ?2)
            and (?3 is null or exists (select 1 from period p
              where p.grain = r.grain and p.label = r.period and p.last_month = ?3))
          order by r.period, r.metric, r.dimension, r.segment, r.valuation, abs(r.delta) desc, r.customer_id
          """, arguments: [ofCustomers, metric, month?.number])
      while let row = try rows.next() {
        try body(
          Restatement(
            period: row[0], metric: row[1], segment: SegmentKey(row[2], row[3]), currency: row[4],
            valuation: row[5], customer: row[6], asClosed: QueryValue(row[7]), now: QueryValue(row[8]),
            delta: QueryValue(row[9]), cause: row[10],
            rows: (row[11] as String).split(separator: "\n").map(String.init), run: row[12]))
      }
    }
  }
}

extension QueryValue {
  init(_ value: DatabaseValue) {
    self =
      switch value.storage {
      case .null: .null
      case .int64(let number): .integer(number)
      case .double(let number): .real(number)
      case .string(let text): .text(text)
      case .blob(let data): .blob(Array(data))
      }
  }
}
