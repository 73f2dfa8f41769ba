/// What a read of changes says of rows it does not hold: those of a record that came, and are not in it any more, have ended, and so have
/// all rows of a record that is deleted. Of any other record it says nothing.
public struct ReadChanges: Sendable, Hashable {
  /// By entity the column that holds the key of the record a row came from: `id` where the row is the record itself, else the column
  /// that refers to it. Rows of other entities (the plan that many records name) are no record's own.
  public var columns: [EntityKind: String]
  /// Keys of records that came, beside those that their rows tell: of some no row may have been made.
  public var held: [String]
  /// Keys of records that are deleted.
  public var deleted: [String]

  public init(columns: [EntityKind: String], held: [String] = [], deleted: [String] = []) {
    self.columns = columns
    self.held = held
    self.deleted = deleted
  }
}

extension SourceConfiguration {
  /// By entity the column that a stream's records write their own key to, unchanged: see ``ReadChanges/columns``. Empty without a stream.
  public var recordColumns: [EntityKind: String] {
    guard let key = stream?.stream.key else { return [:] }
    var columns: [EntityKind: String] = [:]
    for mapping in entities {
      columns[mapping.entity] =
        mapping.entity.columns.first { column in
          guard column.kind == .text, let field = mapping.fields[column.name], field.map == nil,
            case .column(let name) = field.origin
          else { return false }
          return FieldPath(name) == key
        }?.name
    }
    return columns
  }

  /// Whether it shows in every row which record it came from, so that what changed can be told from changed records alone. Customers and
  /// plans that other entities' records only name need not show it: they count nowhere by themselves.
  public var showsRecords: Bool {
    let columns = recordColumns
    let hidden = entities.map(\.entity).filter { columns[$0] == nil }
    return hidden.isEmpty || !columns.isEmpty && hidden.allSatisfy { $0 == .customer || $0 == .plan }
  }
}
