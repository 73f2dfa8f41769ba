import GRDB
import Model

/// What belongs to an invoice by its name: lines name it by id or number, and payments, refunds and credit notes may by its number.
///
/// Lines of an invoice that no row describes and nothing pays or credits have nothing to do with each other, but for those that have
/// neither customer nor subscription: they belong to nobody but the invoice.
struct InvoiceNameReferences {
  private let states: [State]
  /// The scope of invoices and that of their lines, by either.
  private let scopes: [Int64: Scopes]
  private let nameOf: RawStatement
  private let byID: RawStatement
  private let byNumber: RawStatement
  private let lines: RawStatement
  private let asked = Asked()

  private struct Scopes {
    /// Of invoices: 0 where there are none.
    var invoices: Int64 = 0
    var lines: Int64 = 0
  }

  /// What one state says of single rows.
  private struct State {
    let line: RawStatement
    let number: RawStatement

    init(_ database: Database) throws {
      line = try RawStatement(
        database,
        """
        select invoice, coalesce(customer, subscription) is null from invoice_line_version
        where identity = ? and seen_to is null and invoice is not null
        """)
      number = try RawStatement(
        database,
        "select number from invoice_version where identity = ? and seen_to is null and number is not null")
    }

    func names(ofLine line: Int64) throws -> [(text: String, isLone: Bool)] {
      self.line.bind(1, line)
      var names: [(text: String, isLone: Bool)] = []
      while try self.line.step() { names.append((self.line.text(0), self.line.integer(1) == 1)) }
      return names
    }
  }

  /// Names that were looked up before.
  private final class Asked {
    var names: Set<Name> = []
  }

  private struct Name: Hashable {
    var scope: Int64
    var text: String
  }

  /// nil where no name joins anything.
  init?(before: References, after: References, _ changed: ChangedIdentities) throws {
    let states = [try State(before.database), try State(after.database)]
    let database = after.database
    let haveInvoices = try areInvoicesKnown(database)
    let haveLone = try changed.of(.invoiceLine).contains { line in
      try states.contains { try $0.names(ofLine: line).contains(where: \.isLone) }
    }
    guard haveInvoices || haveLone else { return nil }
    try indexInvoiceNames(database)
    self.states = states
    var bySystem: [String: Scopes] = [:]
    let rows = try Row.fetchAll(
      database,
      sql: "select system, entity, scope from identity_scope where entity in ('invoice', 'invoice_line')")
    for row in rows {
      let system: String = row[0]
      if row[1] == EntityKind.invoice.rawValue {
        bySystem[system, default: Scopes()].invoices = row[2]
      } else {
        bySystem[system, default: Scopes()].lines = row[2]
      }
    }
    var scopes: [Int64: Scopes] = [:]
    for pair in bySystem.values {
      scopes[pair.invoices] = pair
      scopes[pair.lines] = pair
    }
    self.scopes = scopes
    nameOf = try RawStatement(database, "select scope, natural_id from identity where identity = ?")
    byID = try RawStatement(database, "select identity from identity where scope = ? and natural_id = ?")
    byNumber = try RawStatement(
      database,
      """
      select v.identity from invoice_version v cross join identity i on i.identity = v.identity
      where v.number = ?2 and v.seen_to is null and i.scope = ?1
      """)
    lines = try RawStatement(
      database,
      """
      select v.identity from invoice_line_version v cross join identity i on i.identity = v.identity
      where v.invoice = ?2 and v.seen_to is null and i.scope = ?1
      """)
  }

  /// What shares a name with an invoice, or with the invoice of a line.
  func forEachNamed(
    with entity: EntityKind, _ identity: Int64, _ body: (EntityKind, Int64) -> Void
  ) throws {
    guard entity == .invoice || entity == .invoiceLine, let (scope, id) = try name(of: identity),
      let scopes = scopes[scope]
    else { return }
    if entity == .invoice {
      try forEach(called: id, scopes, isLone: true, body)
      for state in states {
        state.number.bind(1, identity)
        while try state.number.step() {
          try forEach(called: state.number.text(0), scopes, isLone: true, body)
        }
      }
      return
    }
    for state in states {
      for name in try state.names(ofLine: identity) {
        try forEach(called: name.text, scopes, isLone: name.isLone, body)
      }
    }
  }

  private func name(of identity: Int64) throws -> (scope: Int64, id: String)? {
    nameOf.bind(1, identity)
    guard try nameOf.step() else { return nil }
    defer { nameOf.reset() }
    return (nameOf.integer(0), nameOf.text(1))
  }

  /// - Parameter isLone: Whether lines of that name belong together whatever else there is of it.
  private func forEach(
    called name: String, _ scopes: Scopes, isLone: Bool, _ body: (EntityKind, Int64) -> Void
  ) throws {
    let key = Name(scope: scopes.lines, text: name)
    guard !asked.names.contains(key) else { return }
    var invoices: [Int64] = []
    for select in [byID, byNumber] {
      select.bind(1, scopes.invoices)
      select.bind(2, name)
      while try select.step() { invoices.append(select.integer(0)) }
    }
    guard isLone || !invoices.isEmpty else { return }
    asked.names.insert(key)
    for invoice in invoices { body(.invoice, invoice) }
    lines.bind(1, scopes.lines)
    lines.bind(2, name)
    while try lines.step() { body(.invoiceLine, lines.integer(0)) }
  }
}

/// Whether any row of an invoice, or of what is paid or credited of one, was ever read.
func areInvoicesKnown(_ database: Database) throws -> Bool {
  try Bool.fetchOne(
    database,
    sql: """
      select exists (
        select 1 from identity_scope s join identity i on i.scope = s.scope where s.entity = 'invoice')
      """) ?? false
}

/// Makes the indexes that find rows by the name of an invoice: they are of texts, and only wanted where names join anything.
func indexInvoiceNames(_ database: Database) throws {
  for (table, column) in [(EntityKind.invoiceLine, "invoice"), (.invoice, "number")] {
    let name = "\(versionTableName(table))_\(column)"
    let isThere = try Bool.fetchOne(
      database, sql: "select exists (select 1 from sqlite_master where name = ?)", arguments: [name])
    if isThere == true { continue }
    try database.execute(sql: ReferenceIndex(entity: table, column: column).sql)
  }
}
