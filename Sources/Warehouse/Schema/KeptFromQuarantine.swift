/// The seventeenth schema: what is kept from quarantine is kept in a version. Other rows that name a key, and quarantine of a state, give a
/// key an identity that never had one.
let keptFromQuarantine = """
  drop view kept_from_quarantine;

  -- Grain: one key that was in quarantine when its source was last read, and keeps an earlier version of that source meanwhile.
  \(firstKeptView)
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
