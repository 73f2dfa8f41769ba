import GRDB
import Model

extension Outbox {
  /// What was given up or is in doubt, the first put in first: what no later delivery has made up for.
  ///
  /// One makes up for another where it takes the same report, of that month or a later one, to the same mailbox by whatever rule, or to the
  /// same rule's webhook; a later failure of the same rule stands in its place.
  public func undelivered() throws -> [OutboxEntry] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: OutboxRows.columns + """
           as missing where state in ('failed', 'unknown') and not exists (
            select 1 from delivery later
            where later.delivery > missing.delivery and later.channel = missing.channel
              and later.report = missing.report and later.period >= missing.period
              and later.recipient = missing.recipient collate nocase
              and (later.rule = missing.rule or (missing.channel = 'mail' and later.state <> 'failed')))
          order by delivery
          """
      ).map(OutboxRows.entry)
    }
  }

  /// When something was last put in under a rule, for a report that ends so, and was not given up; nil where nothing was.
  public func lastQueued(rule: String, reportsEndingIn suffix: String) throws -> Moment? {
    try read { database in
      try String.fetchAll(
        database,
        sql: """
          select queued from delivery where rule = ?1 and substr(report, -length(?2)) = ?2 and state <> 'failed'
          order by queued desc limit 1
          """, arguments: [rule, suffix])
    }.first.flatMap { Moment(iso: $0) }
  }
}
