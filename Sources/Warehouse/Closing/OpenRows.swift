import GRDB
import Model

extension RollupResult.CustomerRows {
  /// What they say of the months after a closed one. Charges are facts, and of no month.
  func open(after closed: Month) -> RollupResult.CustomerRows {
    var rows = self
    rows.movements.removeAll { $0.month <= closed }
    rows.customerMRR = customerMRR.compactMap { level in
      guard level.last > closed else { return nil }
      var level = level
      level.first = max(level.first, closed + 1)
      return level
    }
    rows.memberships = memberships.compactMap { membership in
      guard membership.last > closed else { return nil }
      var membership = membership
      membership.first = max(membership.first, closed + 1)
      return membership
    }
    rows.churnParts.removeAll { $0.month <= closed }
    return rows
  }
}

extension RunTransaction {
  /// Puts all customers' rows of the open months in place of those there are; those of closed months stay as they were published.
  func replaceOpen(
    _ rows: RollupResult.CustomerRows, after closed: Month, _ codes: inout Codes
  ) throws {
    let open = rows.open(after: closed)
    // A stretch of months ends with the closed ones, and begins anew behind them.
    for table in ["customer_mrr_interval", "segment_membership"] {
      try database.execute(
        sql: """
          update \(table) set last_month = \(closed.number)
          where first_month <= \(closed.number) and last_month > \(closed.number)
          """)
    }
    try replace(MovementRows(open.movements), where: "month > \(closed.number)")
    try replace(CustomerMRRRows(open.customerMRR), where: "first_month > \(closed.number)")
    try replace(MembershipRows(open.memberships, &codes), where: "first_month > \(closed.number)")
    try replace(ChurnRows(open.churnParts, &codes), where: "month > \(closed.number)")
    try replace(ChargeRows(open.charges, &codes))
  }
}
