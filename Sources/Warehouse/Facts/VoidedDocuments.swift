import GRDB
import Model

/// Invoices and credit notes that say when they were voided, and whose status is not void: which of the two is true cannot be told, and
/// they count by their status.
struct VoidedDocuments: Equatable {
  static let entities = [EntityKind.invoice, .creditNote]

  /// Version rows, by entity.
  private(set) var rows: [EntityKind: Set<Int64>] = [:]

  mutating func add(_ row: Int64, of entity: EntityKind) { rows[entity, default: []].insert(row) }

  /// Takes those of a part out and puts others in their place.
  mutating func replace(_ before: VoidedDocuments, by after: VoidedDocuments) {
    for entity in Self.entities {
      let now = (rows[entity] ?? []).subtracting(before.rows[entity] ?? []).union(after.rows[entity] ?? [])
      rows[entity] = now.isEmpty ? nil : now
    }
  }

  func findings(_ database: Database) throws -> [Finding] {
    try Self.entities.compactMap { entity in
      guard let rows = rows[entity], let first = try first(of: rows, entity, database) else { return nil }
      let (article, noun) = entity == .invoice ? ("an", "invoice") : ("a", "credit note")
      let status = first.status.map { "its status is `\($0)`" } ?? "it has no status"
      return Finding(
        .warning, "voided-but-counted", at: first.place,
        rows.count == 1
          ? "\(article) \(noun) says when it was voided, and \(status): \"\(first.id)\""
          : "\(rows.count) \(noun)s say when they were voided, and their status is not void; the first by id: \"\(first.id)\", \(status)",
        consequence: "what counts is the status: as if they were not void",
        remedy: "map `status` so that it is `void` for them, or correct `voided`")
    }
  }

  /// The first by id and not by row: rows are in the order of reading.
  private func first(
    of rows: Set<Int64>, _ entity: EntityKind, _ database: Database
  ) throws -> (id: String, status: String?, place: Place)? {
    let select = try RawStatement(
      database,
      """
      select i.natural_id, v.status, f.path, v.line from \(versionTableName(entity)) v
      join identity i on i.identity = v.identity join source_file f on f.file = v.file where v."row" = ?
      """)
    var first: (id: String, status: String?, place: Place)?
    for row in rows {
      select.bind(1, row)
      guard try select.step() else { continue }
      let id = select.text(0)
      if first.map({ id.utf8.lexicographicallyPrecedes($0.id.utf8) }) ?? true {
        first = (
          id, select.optionalText(1), Place(file: select.text(2), line: Int(select.integer(3)))
        )
      }
      select.reset()
    }
    return first
  }
}
