import Model

/// One table per entity with all versions of its rows on both time axes, made from ``EntityKind/columns``.
///
/// A column that is added to an entity later needs a migration that adds it here, and earlier steps leave it out: `without`.
func versionTable(of entity: EntityKind, without later: Set<String> = []) -> String {
  let columns = entity.columns.dropFirst().filter { !later.contains($0.name) }.map { column in
    "  \(quoted(column.name)) \(storage(of: column, in: entity)),"
  }
  return """
    create table \(versionTableName(entity)) (
      "row" integer primary key,
      identity integer not null references identity (identity),
      source integer not null references source (source),
    \(columns.joined(separator: "\n"))
      valid_from text,
      valid_to text,
      seen_from integer not null references run (run),
      seen_to integer references run (run),
      digest integer not null,
      file integer not null references source_file (file),
      line integer not null,
      check (valid_to > valid_from),
      check (seen_to >= seen_from)
    ) strict;
    create unique index \(versionTableName(entity))_now
      on \(versionTableName(entity)) (identity, source, coalesce(valid_from, '')) where seen_to is null;
    """
}

/// Puts the same rows into a table that has more columns, all in the entity's order: the first build writes rows by it.
func versionTableAnew(of entity: EntityKind, with later: Set<String>) -> String {
  let name = versionTableName(entity)
  let kept =
    ["\"row\"", "identity", "source"]
    + entity.columns.dropFirst().filter { !later.contains($0.name) }.map { quoted($0.name) }
    + ["valid_from", "valid_to", "seen_from", "seen_to", "digest", "file", "line"]
  let columns = kept.joined(separator: ", ")
  return """
    drop index \(name)_now;
    alter table \(name) rename to \(name)_before;
    \(versionTable(of: entity))
    insert into \(name) (\(columns)) select \(columns) from \(name)_before;
    drop table \(name)_before;
    """
}

func versionTableName(_ entity: EntityKind) -> String { entity.rawValue + "_version" }

func quoted(_ name: String) -> String { "\"\(name)\"" }

/// The entity a text column refers to by natural id in the same system; nil for other columns.
func referredEntity(of column: String, in entity: EntityKind) -> EntityKind? {
  switch (entity, column) {
  case (.customer, "parent"), (.subscription, "customer"), (.recurringCharge, "customer"),
    (.opportunity, "customer"), (.invoiceLine, "customer"), (.invoice, "customer"), (.payment, "customer"),
    (.refund, "customer"), (.creditNote, "customer"), (.contract, "customer"), (.usageEvent, "customer"),
    (.adjustment, "customer"):
    .customer
  case (.recurringCharge, "subscription"), (.invoiceLine, "subscription"), (.invoice, "subscription"):
    .subscription
  case (.recurringCharge, "plan"), (.invoiceLine, "plan"): .plan
  case (.payment, "invoice"), (.refund, "invoice"), (.creditNote, "invoice"): .invoice
  case (.refund, "payment"): .payment
  case (.contract, "ramp_of"), (.invoice, "contract"), (.invoiceLine, "contract"): .contract
  default: nil
  }
}

/// Whether rows of other entities, or of its own, refer to rows of this one.
func isReferredTo(_ entity: EntityKind) -> Bool {
  EntityKind.allCases.contains { other in
    other.columns.contains { referredEntity(of: $0.name, in: other) == entity }
  }
}

/// Whether a text column holds a currency's three letters.
func isCurrencyCode(_ column: EntityColumn, in entity: EntityKind) -> Bool {
  column.kind == .text
    && ([entity.currencyColumn, "currency"].contains(column.name)
      || (entity == .fxRate && ["from", "to"].contains(column.name)))
}

private func storage(of column: EntityColumn, in entity: EntityKind) -> String {
  if referredEntity(of: column.name, in: entity) != nil { return "integer references identity (identity)" }
  let needed = column.required ? " not null" : ""
  let name = quoted(column.name)
  switch column.kind {
  case .text where isCurrencyCode(column, in: entity):
    return "text\(needed) check (length(\(name)) = 3)"
  case .text, .moment: return "text\(needed)"
  case .integer, .money, .millionths: return "integer\(needed)"
  case .flag: return "integer\(needed) check (\(name) between 0 and 1)"
  case .choice(let names):
    // Not `in (...)`: SQLite builds a table of the list for every row it checks, which triples the time of an insert.
    let choices = names.map { "\(name) = '\($0)'" }.joined(separator: " or ")
    return "text\(needed) check (\(choices))"
  }
}
