import CLibcrypto
import GRDB
import Model

/// SHA-256 over everything closed with an entry, and over the entry before: whatever is altered afterwards, in the record or in what was
/// closed, no longer gives the digest.
///
/// Of a close: each row of its figures, bridge rows and cohorts that stood then, and the movements, MRR and churn reasons of customers in
/// the month, the forecast made at its end, and the exchange rates. Rows are lines of their values between tabs, in the order of their keys.
enum ClosingDigest {
  /// Writes an entry's digests beside it.
  static func seal(_ entry: Int64, _ database: Database) throws {
    let (digest, customers, figures) = try digest(of: entry, database)
    try database.execute(
      sql: "update closing set digest = ?, customers = ?, figures = ? where entry = ?",
      arguments: [digest, customers, figures, entry])
  }

  /// The digests of what is closed with an entry: `customers` is that of customers' rows, which a reopened month no longer has.
  static func digest(
    of entry: Int64, _ database: Database
  ) throws -> (digest: String, customers: String, figures: Int64) {
    let hash = SHA256()
    let before = try String.fetchOne(
      database, sql: "select digest from closing where entry < ? order by entry desc limit 1",
      arguments: [entry])
    hash.add(before ?? "")
    _ = try add(
      "select action, month, at, person, reason, run, currency, fiscal_year_start, basis, policy, policy_overrides, zone from closing where entry = \(entry)",
      to: hash, database)
    let close = try Row.fetchOne(
      database, sql: "select action, month, reopened_by is null, customers from closing where entry = ?",
      arguments: [entry])
    guard let close, close[0] == ClosingEntry.Action.close.rawValue else { return (hash.finish(), "", 0) }
    let figures = try add(
      """
      select c.grain, c.period, c.metric, s.dimension, s.name, c.currency, c.valuation, c.kind, c.value, c.numerator,
        c.denominator, c.grade, r.sentence
      from closed_value c join segment s on s.segment = c.segment left join null_reason r on r.reason = c.reason
      where c.closing = \(entry) and c.added_by is null
      order by c.grain, c.metric, c.segment, c.currency, c.valuation
      """, to: hash, database)
    for rows in [
      "select * from closed_bridge where closing = \(entry) order by grain, segment, currency, valuation",
      "select * from closed_cohort where closing = \(entry) order by grain, segment, age",
    ] { _ = try add(rows, to: hash, database) }
    let customers = close[2] ? try self.customers(in: close[1], database) : close[3]
    hash.add(customers)
    return (hash.finish(), customers, figures)
  }

  private static func customers(in month: Int64, _ database: Database) throws -> String {
    let hash = SHA256()
    for rows in [
      "select * from movement where month = \(month) order by customer_id, sequence",
      "select customer_id, mrr from customer_mrr_interval where \(month) between first_month and last_month order by 1",
      """
      select x.customer_id, r.text, x.mrr from churn_part x join cancel_reason r on r.reason = x.reason
      where x.month = \(month) order by 1, 2
      """,
      "select * from forecast_month where made = \(month) order by month",
      "select * from applied_rate where month = \(month) order by from_currency, to_currency, \"day\"",
    ] { _ = try add(rows, to: hash, database) }
    return hash.finish()
  }

  private static func add(_ sql: String, to hash: SHA256, _ database: Database) throws -> Int64 {
    let select = try RawStatement(database, sql)
    var rows: Int64 = 0
    while try select.step() {
      rows += 1
      for column in 0..<select.columnCount {
        if !select.isNull(column) {
          select.isDouble(column)
            ? hash.add(String(select.double(column))) : hash.add(UnsafeRawBufferPointer(select.bytes(column)))
        }
        hash.add("\t")
      }
      hash.add("\n")
    }
    return rows
  }
}

private final class SHA256 {
  private let context = EVP_MD_CTX_new()

  init() { EVP_DigestInit_ex(context, EVP_sha256(), nil) }

  deinit { EVP_MD_CTX_free(context) }

  func add(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

  func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// Lower-case hex.
  func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
