import Model

/// Compiles a source's mapping against one file's header, collecting every fault of it.
struct MappingCompiler {
  let source: SourceConfiguration
  let file: SourceFile
  let header: HeaderLookup
  let numbers: NumberFormat
  private(set) var findings: [Finding] = []

  init(source: SourceConfiguration, file: SourceFile) {
    self.source = source
    self.file = file
    header = HeaderLookup(file.header)
    numbers = NumberFormat(decimalMark: source.format.decimalMark, thousands: source.format.thousands)
  }

  mutating func report(_ name: NormalizeFinding, at place: Place, _ problem: String, remedy: String? = nil) {
    let found = place.file.isEmpty ? source.place : place
    let finding = name.finding(at: found, problem, remedy: remedy)
    if !findings.contains(finding) { findings.append(finding) }
  }

  mutating func entity(_ mapping: SourceConfiguration.EntityMapping) -> EntityReader {
    let kind = mapping.entity
    let identity = identity(of: mapping)
    let currency = mapping.fields[kind.currencyColumn]
    var constants: [UInt8] = []
    var readers: [FieldReader] = []
    for (target, column) in kind.columns.enumerated() where column.name != "attributes" {
      if let field = mapping.fields[column.name] {
        let place = FieldCompilation(
          entity: kind, name: column.name, kind: column.kind, required: column.required, target: target,
          reportedAs: target, hasCurrency: currency != nil,
          currencyIsPresent: currency.map(isPresent) ?? false)
        if let reader = reader(place, field, constants: &constants) { readers.append(reader) }
      } else if column.required, target > 0 || kind.compositeKey == nil {
        report(
          .unmappedColumn, at: mapping.place,
          "`\(column.name)` of \(kind.rawValue) is not mapped, and every row needs it")
      }
    }
    readers = readers.filter { !$0.isMoney } + readers.filter(\.isMoney)
    let rules = RowRule.rules(of: kind, mapping.rows)
    checkReach(of: rules, mapping)
    var initialRow = [Int64](repeating: EntityColumn.null, count: kind.columns.count)
    for reader in readers { initialRow[reader.target] = reader.initialCell }
    return EntityReader(
      kind: kind, identity: identity, rows: mapping.rows, readers: readers,
      attributes: attributes(of: mapping),
      rules: rules, refused: refused(by: mapping), shared: SharedAmounts(mapping), initialRow: initialRow,
      constants: constants)
  }

  private func identity(of mapping: SourceConfiguration.EntityMapping) -> EntityReader.Identity {
    guard mapping.fields["id"] == nil, let key = mapping.entity.compositeKey else { return .mapped }
    let columns = key.columns.compactMap { mapping.entity.index(of: $0) }
    let number = key.numberedBy.flatMap { mapping.entity.index(of: $0) }
    return number.map { .numbered(columns, by: $0) } ?? .composite(columns)
  }

  /// A field that no record has needs no looking at.
  private func refused(by mapping: SourceConfiguration.EntityMapping) -> [RefusedFields] {
    mapping.entity.columns.enumerated().compactMap { target, column in
      guard let field = mapping.fields[column.name], !field.refused.isEmpty else { return nil }
      let positions = field.refused.compactMap { name in
        if case .position(let position) = header.find(name) { position } else { nil }
      }
      return positions.isEmpty
        ? nil : RefusedFields(column: target, fields: positions, because: field.because)
    }
  }

  /// Whether the file has every column the field is made from.
  func isPresent(_ field: FieldMapping) -> Bool {
    field.columnNames.allSatisfy { if case .missing = header.find($0) { false } else { true } }
  }

  /// What no row could ever satisfy is a fault of the mapping, not of a million rows.
  private mutating func checkReach(of rules: [RowRule], _ mapping: SourceConfiguration.EntityMapping) {
    for rule in rules {
      // An amount may bring its currency along: `USD 1,200.00`.
      guard case .anyOf(let columns, let fault) = rule, fault != .noCurrency else { continue }
      let names = columns.map { mapping.entity.columns[$0].name }
      if names.allSatisfy({ mapping.fields[$0] == nil }) {
        let listed = names.map { "`\($0)`" }.joined(separator: " nor ")
        report(
          .unmappedColumn, at: mapping.place,
          "neither \(listed) of \(mapping.entity.rawValue) is mapped, and every row needs one of them")
      }
    }
  }

  private mutating func attributes(of mapping: SourceConfiguration.EntityMapping) -> AttributeReader? {
    guard let target = mapping.entity.index(of: "attributes"), !mapping.attributes.isEmpty else { return nil }
    let names = mapping.attributes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var readers: [FieldReader] = []
    var constants: [UInt8] = []
    for (index, name) in names.enumerated() {
      guard let field = mapping.attributes[name] else { continue }
      let place = FieldCompilation(
        entity: mapping.entity, name: name, kind: .text, required: false, target: index,
        reportedAs: mapping.entity.columns.count + 1 + index, hasCurrency: false, currencyIsPresent: false)
      if let reader = reader(place, field, constants: &constants) { readers.append(reader) }
    }
    guard readers.count == names.count else { return nil }
    return AttributeReader(names: names, readers: readers, target: target)
  }

  /// The reader of the column data-through is read from.
  mutating func dataThrough(_ field: FieldMapping) -> FieldReader? {
    guard let entity = source.entities.first?.entity else { return nil }
    var constants: [UInt8] = []
    let place = FieldCompilation(
      entity: entity, name: "data_through", kind: .moment, required: false, target: 0,
      reportedAs: entity.columns.count, hasCurrency: false, currencyIsPresent: false)
    return reader(place, field, constants: &constants)
  }
}
