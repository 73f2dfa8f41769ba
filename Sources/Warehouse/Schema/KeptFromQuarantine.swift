/// The seventeenth schema: what is kept from quarantine is kept in a version. Other rows that name a key, and quarantine of a state, give a
/// key an identity that never had one.
let keptFromQuarantine = """
  drop view kept_from_quarantine;

  -- Grain: one key that was in quarantine when its source was last read, and keeps an earlier version of that source meanwhile.
  create view kept_from_quarantine as
  select distinct q.run as run, q.source as source, s.system as system, q.entity as entity,
    q.natural_id as natural_id, q.name as name, q.reason as reason
  from quarantined_row q
  join run r on r.run = q.run and r.status = 'published'
  join source o on o.name = q.source
  join identity_scope s on s.system = o.system and s.entity = q.entity
  join identity i on i.scope = s.scope and i.natural_id = q.natural_id
  where q.run = (
    select max(l.run) from source_read l join run p on p.run = l.run and p.status = 'published'
    where l.source = q.source)
  and case q.entity
  \(keptEntities.map(standing).joined(separator: "\n"))
  end;
  """

/// Those that have a version table.
private let keptEntities = [
  "customer", "plan", "subscription", "recurring_charge", "opportunity", "expense", "fx_rate", "invoice",
  "invoice_line", "payment", "refund", "credit_note", "contract", "usage_event", "cash_balance", "adjustment",
  "budget",
]

/// A state that has ended stands no more; rows that are periods have no end here.
private func standing(_ entity: String) -> String {
  """
    when '\(entity)' then exists (
      select 1 from \(entity)_version v
      where v.identity = i.identity and v.source = o.source and v.seen_to is null and v.valid_to is null)
  """
}
