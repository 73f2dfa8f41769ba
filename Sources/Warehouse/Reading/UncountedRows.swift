import GRDB
import Model

extension CustomerReading {
  /// The rows of what MRR is counted from that were in force in the month and that no charge of it was counted from, each with what it refers to.
  func uncounted(_ method: ClosedMethod?) throws -> [[ExplainedRow]] {
    let basis = try method?.basis ?? PublicationTerms.fetch(database)?.basis ?? ""
    let (entity, code, start, end): (EntityKind, Int, String, String)
    switch Policy.Basis(rawValue: basis) {
    case .invoices: (entity, code, start, end) = (.invoiceLine, 1, "period_start", "period_end")
    case .contracts: (entity, code, start, end) = (.contract, 2, "start", "end")
    case .subscriptions, nil: (entity, code, start, end) = (.recurringCharge, 0, "start", "end")
    }
    let own = "(select identity from identity where customer_id = \(customer))"
    let bySubscription =
      entity.index(of: "subscription") == nil
      ? ""
      : """
       or v.customer is null and v.subscription in (
        select s.identity from subscription_version s where s.customer in \(own) and s.seen_to is null)
      """
    // A charge may be counted for a parent. An end on the month's first day is that of what counted at the end of the month before.
    let versions = try Int64.fetchAll(
      database,
      sql: """
        with recursive
        counted_for (id) as (
          values (\(customer))
          union
          select a.parent_id from customer_account a join counted_for c on c.id = a.customer_id where a.parent_id is not null
        ),
        counted as materialized (
          select x.version from charge_interval x
          where x.entity = \(code) and x.customer_id in counted_for
            and x.start_day < \(month.end.number) and (x.end_day is null or x.end_day >= \(month.firstDay.number))
        )
        select v."row" from \(versionTableName(entity)) v
        where v.seen_to is null and (v.customer in \(own)\(bySubscription))
          and coalesce(v."\(start)", v.valid_from, '') < '\(month.end)'
          and min(coalesce(v."\(end)", '9'), coalesce(v.valid_to, '9')) >= '\(month.firstDay)'
          and v."row" not in counted
        order by coalesce(v."\(start)", v.valid_from, ''), v."row"
        """)
    return try versions.map { try rows(behind: entity, version: $0) }
  }
}
