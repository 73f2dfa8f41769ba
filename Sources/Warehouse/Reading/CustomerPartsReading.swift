import GRDB
import Model

/// Finds the customers a figure of one month is made of.
///
/// DOMAIN's rule of segments: what was lost and what exchange rates did is in the segment of the opening, everything else in that of the
/// close; windows are of the segment at their start.
struct CustomerPartsReading {
  private let database: Database
  private let month: Month
  private let segment: SegmentKey
  /// The month is open, and one before it closed: windows know the facts of closed months as they are now.
  private let looksBehindCloses: Bool

  /// nil where the segment is one of charges, which share a customer out.
  init?(_ database: Database, _ month: Month, _ segment: SegmentKey) throws {
    if segment != .all {
      let isOfCustomers = try Bool.fetchOne(
        database,
        sql: """
          select exists (select 1 from segment s join segment_membership m on m.segment = s.segment where s.dimension = ?)
          """, arguments: [segment.dimension])
      guard isOfCustomers == true else { return nil }
    }
    self.database = database
    self.month = month
    self.segment = segment
    looksBehindCloses = try closedMonth(database).map { $0 < month } ?? false
  }

  func parts(_ parts: CustomerParts) throws -> [FigureExplanation.CustomerPart] {
    let found =
      switch parts {
      case .closing: try fetch("select customer_id, mrr, null from \(mrr(at: month))", in: month)
      case .opening: try fetch("select customer_id, mrr, null from \(mrr(at: month - 1))", in: month - 1)
      case .movements(let kinds): try movements(kinds)
      case .window(let length): try window(length, "coalesce(n.mrr, 0)")
      case .keptOfWindow(let length): try window(length, "min(t.mrr, coalesce(n.mrr, 0))")
      }
    let keys = try CustomerKeys(database).keys(of: found.map(\.customer))
    let named = found.map { part in
      var part = part
      part.key = keys[part.customer]
      return part
    }
    return keys.inOrder(named, \.customer, by: { ($0.before ?? $0.amount).magnitude })
  }

  private func mrr(at month: Month) -> String {
    "(select customer_id, mrr from customer_mrr_interval where \(month.number) between first_month and last_month)"
  }

  private func window(_ length: Int, _ now: String) throws -> [FigureExplanation.CustomerPart] {
    let start = month - length
    return try fetch(
      """
      select t.customer_id, \(now), t.mrr from \(looksBehindCloses ? knownMRR(at: start) : mrr(at: start)) t
      left join \(mrr(at: month)) n on n.customer_id = t.customer_id
      """, in: start)
  }

  /// What today's facts make of a month, where it was closed with something else.
  private func knownMRR(at month: Month) -> String {
    """
    (select customer_id, mrr from \(mrr(at: month)) where customer_id not in
        (select customer_id from restated_customer where \(month.number) between first_month and last_month)
      union all select customer_id, now from restated_customer
        where \(month.number) between first_month and last_month and now <> 0)
    """
  }

  /// One row a customer, of all its movements of these kinds; what takes away alone is told as a positive amount, as its metric is.
  private func movements(_ kinds: [Movement]) throws -> [FigureExplanation.CustomerPart] {
    let sign = kinds.allSatisfy { [.churn, .contraction].contains($0) } ? "-" : ""
    func of(_ kinds: [Movement]) -> String {
      """
      select customer_id, \(sign)sum(amount), null from movement
      where month = \(month.number) and movement in (\(codes(kinds)))
      group by customer_id
      """
    }
    guard segment != .all else { return try fetch(of(kinds), in: month) }
    let lost = kinds.filter { [.churn, .fx].contains($0) }
    let gained = kinds.filter { ![.churn, .fx].contains($0) }
    var sums: [Int64: FigureExplanation.CustomerPart] = [:]
    for part in try fetch(of(lost), in: month - 1) + fetch(of(gained), in: month) {
      let known = sums[part.customer]
      sums[part.customer] = part
      sums[part.customer]?.amount += known?.amount ?? 0
    }
    return Array(sums.values)
  }

  /// How many customers of movements are in no segment at either end of the month.
  func passing(_ parts: CustomerParts) throws -> Int {
    guard case .movements(let kinds) = parts, segment != .all else { return 0 }
    return try Int.fetchOne(
      database,
      sql: """
        select count(distinct v.customer_id) from movement v where v.month = ?1 and v.movement in (\(codes(kinds)))
          and not exists (select 1 from \(mrr(at: month - 1)) o where o.customer_id = v.customer_id)
          and not exists (select 1 from \(mrr(at: month)) c where c.customer_id = v.customer_id)
        """, arguments: [month.number]) ?? 0
  }

  private func codes(_ kinds: [Movement]) -> String { kinds.map { String($0.code) }.joined(separator: ", ") }

  /// Rows of customer, amount and what it is relative to, of those who were in the segment at a month's end.
  private func fetch(_ rows: String, in month: Month) throws -> [FigureExplanation.CustomerPart] {
    let membership =
      segment == .all
      ? ""
      : """
      join segment s on s.dimension = ? and s.name = ?
      join segment_membership m on m.customer_id = r.customer and m.segment = s.segment
        and \(month.number) between m.first_month and m.last_month
      """
    return try Row.fetchAll(
      database,
      sql: """
        with r (customer, amount, before) as (\(rows))
        select r.customer, r.amount, r.before, coalesce(c.name, '') from r
        left join customer_account c on c.customer_id = r.customer
        \(membership)
        """, arguments: segment == .all ? [] : [segment.dimension, segment.segment]
    ).map {
      FigureExplanation.CustomerPart(customer: $0[0], key: nil, name: $0[3], amount: $0[1], before: $0[2])
    }
  }
}
