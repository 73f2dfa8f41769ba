/// A column of a file that the mapping of a source reads.
public struct MappedColumn: Sendable, Hashable {
  /// As the mapping writes it.
  public var name: String
  /// Whether a file may be without it.
  public var isOptional: Bool
  public var place: Place
}

extension SourceConfiguration {
  /// Every column the mapping reads, each once, in an order of its own that depends on the mapping alone.
  public var mappedColumns: [MappedColumn] {
    var columns: [MappedColumn] = []
    var positions: [String: Int] = [:]
    func add(_ field: FieldMapping) {
      for name in field.columnNames {
        if let position = positions[name] {
          columns[position].isOptional = columns[position].isOptional && field.optional
        } else {
          positions[name] = columns.count
          let place = field.place.file.isEmpty ? self.place : field.place
          columns.append(MappedColumn(name: name, isOptional: field.optional, place: place))
        }
      }
      for name in field.refused where positions[name] == nil {
        positions[name] = columns.count
        columns.append(
          MappedColumn(
            name: name, isOptional: true, place: field.place.file.isEmpty ? self.place : field.place))
      }
    }
    for entity in entities {
      for column in entity.entity.columns { entity.fields[column.name].map(add) }
      for (_, field) in entity.attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        add(field)
      }
    }
    if case .column(let field) = dataThrough { add(field) }
    return columns
  }
}

extension FieldMapping {
  /// The columns the value is made from.
  public var columnNames: [String] {
    switch origin {
    case .column(let name): [name]
    case .template(let text):
      (TemplateText.pieces(of: text) ?? []).compactMap {
        if case .column(let name) = $0 { name } else { nil }
      }
    case .constant: []
    }
  }
}
