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

  /// The entries of the record whose digest is not that of what they say was closed, or that follow no entry before; an auditor's first
  /// question.
  public func alteredClosings() throws -> [ClosingEntry] {
    try read { database in
      // Which closes stand is said by the record alone: the latest that no later entry opened again.
      var standing: [Month: Int64] = [:]
      var reopened: [Int64: Int64] = [:]
      for entry in try ClosingEntry.fetchAll(database) {
        if entry.action == .close {
          standing[entry.month] = entry.entry
        } else if let close = standing.removeValue(forKey: entry.month) {
          reopened[close] = entry.entry
        }
      }
      return try ClosingEntry.fetchAll(database).filter { entry in
        let row = try Row.fetchOne(
          database, sql: "select reopened_by, customers from closing where entry = ?",
          arguments: [entry.entry])
        let found = try ClosingDigest.digest(of: entry.entry, database)
        return found.digest != entry.digest || row?[0] as Int64? != reopened[entry.entry]
          || entry.action == .close && (found.figures != entry.figures || found.customers != row?[1])
      }
    }
  }

  /// Published rows of closed periods that are not those that were closed.
  public func misplacedClosedRows() throws -> Int {
    try read { database in
      try Self.comparisons.reduce(0) { $0 + (try Int.fetchOne(database, sql: $1) ?? 0) }
    }
  }

  private static let comparisons = [
    """
    select count(*) from closing k
    join closed_value c on c.closing = k.entry
    left join metric_declaration m on m.id = c.metric
    left join period p on p.grain = c.grain and p.label = c.period
    left join figure x on x.metric = m.metric and x.period = p.period and x.segment = c.segment
      and x.currency = c.currency and x.valuation = c.valuation
    where \(standing) and (x.metric is null or x.state <> \(PeriodState.closed.code)
      or (x.value, x.numerator, x.denominator, x.reason) is not (c.value, c.numerator, c.denominator, c.reason))
    """,
    """
    select count(*) from closing k
    join closed_bridge c on c.closing = k.entry
    left join period p on p.grain = c.grain and p.label = c.period
    left join bridge x on x.period = p.period and x.segment = c.segment and x.currency = c.currency
      and x.valuation = c.valuation
    where \(standing) and (x.period is null or x.state <> \(PeriodState.closed.code)
      or (x.starting, x.restatement, x.transfer_in, x.transfer_out, x.new, x.reactivation, x.expansion, x.contraction,
        x.churn, x.fx, x.ending, x.customers_starting, x.customers_transfer_in, x.customers_transfer_out,
        x.customers_new, x.customers_reactivated, x.customers_churned, x.customers_ending)
      is not (c.starting, c.restatement, c.transfer_in, c.transfer_out, c.new, c.reactivation, c.expansion, c.contraction,
        c.churn, c.fx, c.ending, c.customers_starting, c.customers_transfer_in, c.customers_transfer_out,
        c.customers_new, c.customers_reactivated, c.customers_churned, c.customers_ending))
    """,
    """
    select count(*) from closing k
    join closed_cohort c on c.closing = k.entry
    left join period p on p.grain = c.grain and p.label = c.period
    left join cohort_cell x on x.period = p.period and x.segment = c.segment and x.age = c.age
    where \(standing) and (x.period is null
      or (x.customers, x.mrr_net, x.mrr_gross, x.customers_at_start, x.mrr_at_start)
      is not (c.customers, c.mrr_net, c.mrr_gross, c.customers_at_start, c.mrr_at_start))
    """,
    """
    select count(*) from figure x join period p on p.period = x.period
    where x.state = \(PeriodState.closed.code)
      and not exists (select 1 from closing k where \(standing) and k.month = p.last_month)
    """,
  ]

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
