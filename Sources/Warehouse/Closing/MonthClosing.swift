import GRDB
import Model

/// Who closes a month or opens it again, when, and why.
public struct ClosingSignature: Sendable {
  public var person: String
  public var at: Moment
  public var reason: String?
  public init(person: String, at: Moment, reason: String?) {
    self.person = person
    self.at = at
    self.reason = reason
  }
}

extension Warehouse {
  /// Closes a month and every open one before it: what is published of them stands, under a digest chained to the entry before.
  ///
  /// - Returns: the entries, one a month.
  /// Throws ``ClosingRefused`` where the month cannot be closed.
  public func close(
    _ month: Month, _ signature: ClosingSignature, holding lock: WarehouseLock
  ) throws -> [ClosingEntry] {
    try change(holding: lock) { database in
      guard let terms = try PublicationTerms.fetch(database) else { throw ClosingRefused.nothingPublished }
      let closed = try closedMonth(database)
      if let closed, month <= closed { throw ClosingRefused.alreadyClosed(through: closed) }
      let states = try publishedStates(database)
      guard let state = states[month] else {
        throw ClosingRefused.notPublished(
          first: states.keys.min() ?? terms.month, last: states.keys.max() ?? terms.month)
      }
      guard state != .provisional else {
        throw ClosingRefused.provisional(lastWhole: states.filter { $0.value != .provisional }.keys.max())
      }
      let run = try publishedRun(database)
      return try states.keys.filter { $0 > (closed ?? Month(number: .min)) && $0 <= month }.sorted().map {
        month in
        try database.execute(
          sql: """
            insert into closing (action, month, at, person, reason, run, currency, fiscal_year_start, basis, policy,
              policy_overrides, zone, figures, customers, digest, after_run)
            values ('close', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '', ?)
            """,
          arguments: [
            month.number, signature.at.description, signature.person, signature.reason, run,
            terms.currency.code, terms.fiscalYearStart, terms.basis, terms.policyName,
            terms.policyOverrides.joined(separator: "\n"), terms.zoneName, run,
          ])
        let entry = database.lastInsertedRowID
        try keepPublished(of: month, entry, database)
        try mark(month, .closed, database)
        return try sealed(entry, database)
      }
    }
  }

  /// Opens the latest closed month again; its figures are those of the facts after the next run.
  public func reopen(
    _ month: Month, _ signature: ClosingSignature, holding lock: WarehouseLock
  ) throws -> ClosingEntry {
    try change(holding: lock) { database in
      guard let closed = try closedMonth(database) else { throw ClosingRefused.noneClosed }
      guard month == closed else { throw ClosingRefused.notLatest(closed) }
      try database.execute(
        sql: """
          insert into closing (action, month, at, person, reason, run, currency, fiscal_year_start, basis, policy,
            policy_overrides, zone, figures, customers, digest, after_run)
          select 'reopen', month, ?, ?, ?, run, currency, fiscal_year_start, basis, policy, policy_overrides, zone, figures,
            '', '', ? from closing k
          where \(standing) and month = ?
          """,
        arguments: [
          signature.at.description, signature.person, signature.reason, try publishedRun(database),
          month.number,
        ])
      let entry = database.lastInsertedRowID
      try database.execute(
        sql: """
          update closing as k set reopened_by = ? where \(standing) and month = ?
          """, arguments: [entry, month.number])
      try mark(month, .open, database)
      // What is noted of the month is no restatement any more; the next run goes through all customers.
      try database.execute(
        sql: """
          delete from restated_figure where last_month = \(month.number);
          delete from restated_customer where first_month = \(month.number);
          update restated_customer set last_month = \(month.number - 1) where last_month = \(month.number)
          """)
      if try closedMonth(database) == nil {
        try database.execute(sql: "delete from restated_figure; delete from restated_customer")
      }
      return try sealed(entry, database)
    }
  }

  private func change<Result>(
    holding lock: WarehouseLock, _ body: (Database) throws -> Result
  ) throws -> Result {
    try Self.telling(path) {
      defer { withExtendedLifetime(lock) {} }
      return try queue.writeWithoutTransaction { database in
        var result: Result?
        try database.inTransaction(.immediate) {
          result = try body(database)
          return .commit
        }
        _ = try? database.checkpoint(.truncate)
        guard let result else { throw ClosingRefused.nothingPublished }
        return result
      }
    }
  }

  /// Computes the digest of an entry that was just made.
  private func sealed(_ entry: Int64, _ database: Database) throws -> ClosingEntry {
    try ClosingDigest.seal(entry, database)
    guard let sealed = try ClosingEntry.fetch(entry, database) else { throw ClosingRefused.nothingPublished }
    return sealed
  }

  private func mark(_ month: Month, _ state: PeriodState, _ database: Database) throws {
    for table in ["figure", "bridge"] {
      try database.execute(
        sql: """
          update \(table) set state = ? where period in (select period from period where last_month = ?);
          """, arguments: [state.code, month.number])
      try database.execute(sql: "delete from stored_digest where name = ?", arguments: [table])
    }
  }

  private func publishedStates(_ database: Database) throws -> [Month: PeriodState] {
    var states: [Month: PeriodState] = [:]
    for row in try Row.fetchAll(
      database,
      sql: """
        select p.last_month, max(b.state) from bridge b join period p on p.period = b.period
        where p.grain = 'month' group by 1
        """)
    {
      states[Month(number: row[0])] = PeriodState(code: row[1])
    }
    return states
  }

  private func publishedRun(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "select max(run) from run where status = 'published'") ?? 0
  }
}

/// The last month that is closed; nil where none is.
func closedMonth(_ database: Database) throws -> Month? {
  try Int32.fetchOne(database, sql: "select max(month) from closing k where \(standing)").map(
    Month.init(number:))
}

/// Why a month is not closed, or not opened again.
public enum ClosingRefused: Error, Hashable {
  case nothingPublished
  case alreadyClosed(through: Month)
  case notPublished(first: Month, last: Month)
  case provisional(lastWhole: Month?)
  case noneClosed
  /// Only the latest closed month can be opened again.
  case notLatest(Month)
}

extension ClosingEntry {
  static func fetch(_ entry: Int64, _ database: Database) throws -> ClosingEntry? {
    try fetchAll(database).first { $0.entry == entry }
  }

  /// The record of closes, the oldest first.
  static func fetchAll(_ database: Database) throws -> [ClosingEntry] {
    try Row.fetchAll(
      database,
      sql: "select entry, action, month, at, person, reason, run, figures, digest from closing order by entry"
    ).map { row in
      ClosingEntry(
        entry: row[0], action: Action(rawValue: row[1]) ?? .close, month: Month(number: row[2]),
        at: Moment(iso: row[3] as String) ?? Moment(packed: 0), person: row[4], reason: row[5], run: row[6],
        figures: row[7], digest: row[8])
    }
  }
}
