import GRDB
import Model

/// One customer in one month: what its MRR is made of, down to the rows of the exports.
public struct CustomerExplanation: Sendable {
  public var key: CustomerKey?
  public var name: String
  /// Every id that stands for it.
  public var keys: [CustomerKey]
  /// MRR at the end of the month before and of this one, micro-units of the reporting currency.
  public var opening: Int64
  /// What leads from the opening as it was closed to that known now, in the first open month.
  public var openingRestatement: Int64
  public var closing: Int64
  /// In the order in which they happened.
  public var movements: [CustomerMovement]
  /// Where it is at the month's end.
  public var segments: [SegmentKey]
  /// In force on any day of the month or at its opening, the earliest first.
  public var charges: [ExplainedCharge]
  /// Rows in force in the month that no charge was counted from, the earliest first: each with what it refers to.
  public var uncounted: [[ExplainedRow]]
  /// Those of the month and the one before that value its charges.
  public var rates: [RateUsed]
  /// Its own rows, of all its accounts, as they stood in the month.
  public var rows: [ExplainedRow]
  /// How figures were made, where the month is closed.
  public var method: ClosedMethod?
  /// What today's facts would make of its MRR in a closed month.
  public var restatement: (asClosed: Int64, now: Int64, cause: String)?
}

/// A charge as counted, with the rows it was counted from.
public struct ExplainedCharge: Sendable {
  public var start: Day
  /// The first day it is no longer in force.
  public var end: Day?
  public var currency: Currency
  /// Micro-units of its currency.
  public var mrr: Int64
  public var grade: String
  public var plan: String?
  public var product: String?
  /// The row itself first, then what it refers to: its subscription, its plan.
  public var rows: [ExplainedRow]

  /// Whether it counts at the end of a month.
  public func isInForce(at month: Month) -> Bool { start < month.end && end.map { $0 >= month.end } ?? true }
}

/// A row of an export as it is kept.
public struct ExplainedRow: Sendable {
  public var entity: EntityKind
  public var key: CustomerKey
  public var source: String
  public var file: String
  public var line: Int64
  /// When it says so, as days or instants; nil: from ever, to ever.
  public var validFrom: String?
  public var validTo: String?
  /// What it says, in the order of the entity's columns; references by their ids.
  public var facts: [(column: EntityColumn, value: QueryValue)]
}

extension WarehouseReader {
  /// The customers an id stands for, in every system or in one.
  public func customers(called id: String, in system: String?) throws -> [Int64] {
    try read { database in
      try Int64.fetchAll(
        database,
        sql: """
          select distinct customer_id from customer_identity where natural_id = ?1 and (?2 is null or system = ?2)
          order by 1
          """, arguments: [id, system])
    }
  }

  /// What a customer's MRR of a month is made of.
  public func explanation(ofCustomer customer: Int64, in month: Month) throws -> CustomerExplanation {
    try read { try CustomerReading(database: $0, customer: customer, month: month).explanation() }
  }
}

struct CustomerReading {
  let database: Database
  let customer: Int64
  let month: Month

  func explanation() throws -> CustomerExplanation {
    let name = try String.fetchOne(
      database, sql: "select name from customer_account where customer_id = ?", arguments: [customer])
    let keys = try Row.fetchAll(
      database, sql: "select system, natural_id from customer_identity where customer_id = ? order by 1, 2",
      arguments: [customer]
    ).map { CustomerKey(system: $0[0], id: $0[1]) }
    let charges = try charges()
    let currencies = Set(charges.map(\.currency))
    let method = try ClosedMethod(month, database)
    return CustomerExplanation(
      key: try CustomerKeys(database).keys(of: [customer])[customer], name: name ?? "", keys: keys,
      opening: try mrr(at: month - 1),
      openingRestatement: try restatementOfOpening(), closing: try mrr(at: month), movements: try movements(),
      segments: try segments(), charges: charges, uncounted: try uncounted(method),
      rates: try ReportWindow(first: month - 1, last: month, need: ReportNeed()).rates(database).filter {
        currencies.contains($0.from)
      },
      rows: try keys.isEmpty
        ? []
        : rows(
          .customer, where: "v.identity in (select identity from identity where customer_id = ?)", customer,
          asOfMonth: true),
      method: method, restatement: try restatement(in: month))
  }

  private func restatementOfOpening() throws -> Int64 {
    guard try closedMonth(database) == month - 1, let restated = try restatement(in: month - 1) else {
      return 0
    }
    return restated.now - restated.asClosed
  }

  private func restatement(in month: Month) throws -> (asClosed: Int64, now: Int64, cause: String)? {
    try Row.fetchOne(
      database,
      sql: """
        select as_closed, now, cause from restated_customer where customer_id = ?1 and ?2 between first_month and last_month
        """, arguments: [customer, month.number]
    ).map { ($0[0], $0[1], $0[2]) }
  }

  private func mrr(at month: Month) throws -> Int64 {
    try Int64.fetchOne(
      database,
      sql:
        "select mrr from customer_mrr_interval where customer_id = ?1 and ?2 between first_month and last_month",
      arguments: [customer, month.number]) ?? 0
  }

  private func movements() throws -> [CustomerMovement] {
    try Row.fetchAll(
      database,
      sql: """
        select sequence, movement, amount, mrr_before, mrr_after from movement where month = ? and customer_id = ?
        order by sequence
        """, arguments: [month.number, customer]
    ).map {
      CustomerMovement(
        month: month, customer: customer, sequence: $0[0], movement: Movement(code: $0[1]), amount: $0[2],
        before: $0[3], after: $0[4])
    }
  }

  private func segments() throws -> [SegmentKey] {
    try Row.fetchAll(
      database,
      sql: """
        select s.dimension, s.name from segment_membership m join segment s on s.segment = m.segment
        where m.customer_id = ?1 and ?2 between m.first_month and m.last_month order by 1
        """, arguments: [customer, month.number]
    ).map { SegmentKey($0[0], $0[1]) }
  }

  private func charges() throws -> [ExplainedCharge] {
    let kinds = [EntityKind.recurringCharge, .invoiceLine, .contract]
    let grades = ["exact", "reconstructed", "assumed"]
    return try Row.fetchAll(
      database,
      sql: """
        select x.entity, x.version, x.start_day, x.end_day, x.currency, x.mrr, x.grade, p.natural_id, r.name
        from charge_interval x
        left join identity p on p.identity = x."plan"
        left join product r on r.product = x.product
        where x.customer_id = ?1 and x.start_day < ?3 and (x.end_day is null or x.end_day >= ?2)
        order by x.start_day, x.charge
        """, arguments: [customer, month.firstDay.number, month.end.number]
    ).compactMap { row -> ExplainedCharge? in
      guard let currency = Currency(row[4] as String) else { return nil }
      return ExplainedCharge(
        start: Day(number: row[2]), end: (row[3] as Int32?).map { Day(number: $0) }, currency: currency,
        mrr: row[5], grade: grades[row[6]], plan: row[7], product: row[8],
        rows: try rows(behind: kinds[row[0]], version: row[1]))
    }
  }

  /// A version and what it refers to and takes terms from.
  func rows(behind entity: EntityKind, version: Int64) throws -> [ExplainedRow] {
    let own = try rows(entity, where: "v.\"row\" = ?", version)
    let referred = try [EntityKind.subscription, .plan].flatMap { kind -> [ExplainedRow] in
      guard entity.index(of: kind.rawValue) != nil else { return [] }
      return try rows(
        kind,
        where:
          "v.identity = (select \"\(kind.rawValue)\" from \(versionTableName(entity)) where \"row\" = ?)",
        version, asOfMonth: true)
    }
    return own + referred
  }

  /// - Parameter asOfMonth: The versions that stood on any day from the eve of the month to its end, instead of one by its number.
  private func rows(
    _ entity: EntityKind, where condition: String, _ argument: Int64, asOfMonth: Bool = false
  ) throws -> [ExplainedRow] {
    // What is first known later stands for the time before, too.
    let stood = """
      and v.seen_to is null and coalesce(v.valid_to, '9') > '\(month.firstDay - 1)'
        and (coalesce(v.valid_from, '') < '\(month.end)' or not exists (select 1 from \(versionTableName(entity)) e
          where e.identity = v.identity and e.source = v.source and e.seen_to is null
            and coalesce(e.valid_from, '') < v.valid_from))
      """
    let columns = entity.columns.dropFirst()
    return try Row.fetchAll(
      database,
      sql: """
        select s.system, i.natural_id, f.source, f.path, v.line, v.valid_from, v.valid_to, \(columns.map { "v.\"\($0.name)\"" }.joined(separator: ", "))
        from \(versionTableName(entity)) v
        join identity i on i.identity = v.identity
        join identity_scope s on s.scope = i.scope
        join source_file f on f.file = v.file
        where \(condition) \(asOfMonth ? stood : "")
        order by i.natural_id, v.valid_from
        """, arguments: [argument]
    ).map { row in
      ExplainedRow(
        entity: entity, key: CustomerKey(system: row[0], id: row[1]), source: row[2], file: row[3],
        line: row[4], validFrom: row[5], validTo: row[6],
        facts: try columns.enumerated().compactMap { index, column in
          let value = QueryValue(row[index + 7])
          return value == .null ? nil : (column, try named(value, column))
        })
    }
  }

  /// References are kept by number, and told by id.
  private func named(_ value: QueryValue, _ column: EntityColumn) throws -> QueryValue {
    guard case .integer(let identity) = value, column.kind == .text else { return value }
    let id = try String.fetchOne(
      database, sql: "select natural_id from identity where identity = ?", arguments: [identity])
    return id.map { .text($0) } ?? value
  }
}
