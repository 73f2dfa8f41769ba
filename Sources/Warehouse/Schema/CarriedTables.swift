import Model

/// What the next run carries on from: the sums behind the published figures, and the counts behind the findings on the book.
let carriedTables = """
  -- terms: all that the sums depend on beside the facts; sums of other terms are not carried on.
  create table carried_sums (
    id integer primary key check (id = 1),
    terms text not null,
    content blob not null
  ) strict;

  -- name: what is counted; id: of what, 0 where it is of the whole book.
  create table carried_count (
    name text not null,
    id integer not null,
    count integer not null check (count <> 0),
    primary key (name, id)
  ) strict, without rowid;
  """

/// An index by which a night finds the current versions that refer to something that changed.
struct ReferenceIndex {
  let entity: EntityKind
  /// The column that has to hold something for a version to be in the index.
  let column: String
  /// Whether the index is by the version's own identity instead of by the column.
  var isByIdentity = false

  var name: String { "\(versionTableName(entity))_\(column)" }

  var sql: String {
    """
    create index \(name) on \(versionTableName(entity)) (\(isByIdentity ? "identity" : quoted(column)))
      where seen_to is null and \(quoted(column)) is not null
    """
  }
}

/// Those of the sixth schema.
let firstReferenceIndexes = [
  ReferenceIndex(entity: .customer, column: "parent"),
  ReferenceIndex(entity: .customer, column: "link_id", isByIdentity: true),
  ReferenceIndex(entity: .subscription, column: "customer"),
  ReferenceIndex(entity: .recurringCharge, column: "customer"),
  ReferenceIndex(entity: .recurringCharge, column: "subscription"),
]

let usageIndex = ReferenceIndex(entity: .usageEvent, column: "customer")

/// Those of invoices, payments and contracts.
let documentIndexes = [
  (EntityKind.invoice, ["customer", "subscription", "contract"]),
  (.invoiceLine, ["customer", "subscription", "contract"]),
  (.payment, ["customer", "invoice"]),
  (.refund, ["customer", "invoice", "payment"]),
  (.creditNote, ["customer", "invoice"]),
  (.contract, ["customer", "ramp_of"]),
].flatMap { entity, columns in columns.map { ReferenceIndex(entity: entity, column: $0) } }

let referenceIndexes = firstReferenceIndexes + [usageIndex] + documentIndexes
