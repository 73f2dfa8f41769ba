import GRDB
import Model

/// Finds the customers a figure of one month is made of.
///
/// DOMAIN's rule of segments: what was lost and what exchange rates did is in the segment of the opening, everything else in that of the
/// close; windows are of the segment at their start.
struct CustomerPartsReading {
  private let database: Database
  private let months: ClosedRange<Month>
  private let segment: SegmentKey
  /// The last month is open, and one before it closed: windows know the facts of closed months as they are now.
  private let looksBehindCloses: Bool

  /// nil where the segment is one of charges, which share a customer out.
  init?(_ database: Database, _ months: ClosedRange<Month>, _ segment: SegmentKey) throws {
    if segment != .all {
      let isOfCustomers = try Bool.fetchOne(
        database,
        sql: """
          select exists (select 1 from segment s join segment_membership m on m.segment = s.segment where s.dimension = ?)
          """, arguments: [segment.dimension])
      guard isOfCustomers == true else { return nil }
    }
    self.database = database
    self.months = months
    self.segment = segment
    looksBehindCloses = try closedMonth(database).map { $0 < months.upperBound } ?? false
  }

  func parts(_ parts: CustomerParts) throws -> [FigureExplanation.CustomerPart] {
    let (opening, close) = (months.lowerBound - 1, months.upperBound)
    let found =
      switch parts {
      case .closing:
        try fetch("select customer_id, mrr, null, \(close.number) from \(mrr(at: "\(close.number)"))")
      case .opening:
        try fetch("select customer_id, mrr, null, \(opening.number) from \(mrr(at: "\(opening.number)"))")
      case .movements(let kinds): try fetch(movements(kinds))
      case .window(let length): try fetch(window(length, "coalesce(n.mrr, 0)"))
      case .keptOfWindow(let length): try fetch(window(length, "min(t.mrr, coalesce(n.mrr, 0))"))
      }
    let keys = try CustomerKeys(database).keys(of: found.map(\.customer))
    let named = found.map { part in
      var part = part
      part.key = keys[part.customer]
      return part
    }
    return keys.inOrder(named, \.customer, by: { ($0.before ?? $0.amount).magnitude })
  }

  /// How many customers of movements are in no segment at either end of their month.
  func passing(_ parts: CustomerParts) throws -> Int {
    guard case .movements(let kinds) = parts, segment != .all else { return 0 }
    return try Int.fetchOne(
      database,
      sql: """
        select count(*) from (select distinct v.customer_id, v.month from movement v where \(moved(kinds))
          and not exists (select 1 from \(mrr(at: "v.month - 1")) o where o.customer_id = v.customer_id)
          and not exists (select 1 from \(mrr(at: "v.month")) c where c.customer_id = v.customer_id))
        """) ?? 0
  }

  /// Rows of customer and MRR at the end of a month, named by number or column.
  private func mrr(at month: String) -> String {
    "(select customer_id, mrr from customer_mrr_interval where \(month) between first_month and last_month)"
  }

  /// What today's facts make of a month, where it was closed with something else.
  private func knownMRR(at month: Month) -> String {
    """
    (select customer_id, mrr from \(mrr(at: "\(month.number)")) where customer_id not in
        (select customer_id from restated_customer where \(month.number) between first_month and last_month)
      union all select customer_id, now from restated_customer
        where \(month.number) between first_month and last_month and now <> 0)
    """
  }

  private func window(_ length: Int, _ now: String) -> String {
    let start = months.upperBound - length
    return """
      select t.customer_id, \(now), t.mrr, \(start.number)
      from \(looksBehindCloses ? knownMRR(at: start) : mrr(at: "\(start.number)")) t
      left join \(mrr(at: "\(months.upperBound.number)")) n on n.customer_id = t.customer_id
      """
  }

  private func moved(_ kinds: [Movement]) -> String {
    """
    v.month between \(months.lowerBound.number) and \(months.upperBound.number)
    and v.movement in (\(kinds.map { String($0.code) }.joined(separator: ", ")))
    """
  }

  /// What takes away alone is told as a positive amount, as its metric is.
  private func movements(_ kinds: [Movement]) -> String {
    let sign = kinds.allSatisfy { [.churn, .contraction].contains($0) } ? "-" : ""
    func isCustomer(at month: String) -> String {
      "exists (select 1 from \(mrr(at: month)) e where e.customer_id = v.customer_id)"
    }
    // Who is at one end of the month alone moves in that end's segment.
    let month = """
      v.month - case when v.movement in (\(Movement.churn.code), \(Movement.fx.code)) then \(isCustomer(at: "v.month - 1"))
        else not \(isCustomer(at: "v.month")) end
      """
    return """
      select v.customer_id, \(sign)v.amount, null, \(segment == .all ? "v.month" : month) from movement v where \(moved(kinds))
      """
  }

  /// One part a customer, of rows of customer, amount, what it is relative to, and the month at whose end it has to be in the segment.
  private func fetch(_ rows: String) throws -> [FigureExplanation.CustomerPart] {
    let membership =
      segment == .all
      ? ""
      : """
      join segment s on s.dimension = ? and s.name = ?
      join segment_membership m on m.customer_id = r.customer and m.segment = s.segment
        and r.month between m.first_month and m.last_month
      """
    return try Row.fetchAll(
      database,
      sql: """
        with r (customer, amount, before, month) as (\(rows))
        select r.customer, sum(r.amount), sum(r.before), coalesce(c.name, ''), count(*) from r
        left join customer_account c on c.customer_id = r.customer
        \(membership)
        group by r.customer
        """, arguments: segment == .all ? [] : [segment.dimension, segment.segment]
    ).map {
      FigureExplanation.CustomerPart(
        customer: $0[0], key: nil, name: $0[3], amount: $0[1], before: $0[2], times: $0[4])
    }
  }
}
