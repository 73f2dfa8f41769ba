import Model

/// What is known about a column before its mapping is looked at.
struct FieldCompilation {
  let entity: EntityKind
  let name: String
  let kind: EntityColumn.Kind
  let required: Bool
  /// See ``FieldReader/target`` and ``FieldReader/reportedAs``.
  let target: Int
  let reportedAs: Int
  /// Whether the entity's currency is mapped, and whether the file has it.
  let hasCurrency: Bool
  let currencyIsPresent: Bool

  var isAttribute: Bool { reportedAs > entity.columns.count }
}

extension MappingCompiler {
  /// Their amounts say by their entity whether money comes or goes.
  private static let neverNegative: Set<EntityKind> = [.expense, .payment, .refund, .creditNote]

  /// nil when the mapping cannot be used; the findings say why.
  mutating func reader(
    _ column: FieldCompilation, _ field: FieldMapping, constants: inout [UInt8]
  ) -> FieldReader? {
    // A file without the optional column has its default, or nothing, in every row.
    let isAbsent = field.optional && !isPresent(field) && (!column.required || field.defaultValue != nil)
    let (foundKind, foundOrigin) = (kind(of: column, field), isAbsent ? .constant : origin(of: field, column))
    guard let kind = foundKind, let origin = foundOrigin else { return nil }
    var reader = FieldReader(
      name: column.name, target: column.target, reportedAs: column.reportedAs, mapping: field, origin: origin,
      kind: kind, required: column.required)
    reader.missing = field.missing.map(trimmed).filter { !$0.isEmpty }
    var values = PresetCompilation(column: column, reader: reader, numbers: numbers, constants: constants)
    if case .constant(let text) = field.origin {
      reader.preset = values.preset(text)
    } else if let text = field.defaultValue ?? field.map?[""] {
      reader.preset = values.preset(text)
    }
    if let map = field.map {
      let entries = map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      reader.map = ValueMap(entries.map { (trimmed($0.key), values.preset($0.value)) })
    }
    reader.otherwise = field.otherwise.map { values.preset($0) }
    for problem in values.problems { report(.badConstant, at: field.place, problem) }
    constants = values.constants
    return values.problems.isEmpty ? reader : nil
  }

  private mutating func kind(of column: FieldCompilation, _ field: FieldMapping) -> FieldReader.Kind? {
    switch column.kind {
    case .text:
      switch column.name {
      case "currency", "from", "to", "discount_currency": return column.isAttribute ? .text : .currency
      case "rate" where column.entity == .fxRate: return .rate(RateParser(format: numbers))
      case let name where IdParser.columns.contains(name) && !column.isAttribute: return .id
      default: return .text
      }
    case .integer:
      let least: Int64 = column.name == "interval_count" ? 1 : 0
      return .integer(IntegerParser(format: numbers, least: least, most: Int64(Int32.max)))
    case .flag: return .flag
    case .choice(let names): return .choice(ChoiceParser(names: names.map { Array($0.utf8) }))
    case .millionths:
      return .millionths(MillionthsParser(format: numbers, percentage: column.name == "discount_percent"))
    case .moment:
      guard let reader = DateReader(field.date, bound: field.bound) else {
        if case .pattern(let text) = field.date {
          report(.badDatePattern, at: field.place, "`\(text)` is not a date pattern that can be read")
        }
        return nil
      }
      return .moment(MomentParser(reader: reader))
    case .money:
      if field.unit == .minor, !column.hasCurrency {
        report(
          .minorUnitsWithoutCurrency, at: field.place,
          "`\(column.name)` is in minor units, but \(column.entity.rawValue) maps no `\(column.entity.currencyColumn)`"
        )
        return nil
      }
      return .money(
        MoneyParser(
          format: numbers, unit: field.unit, minorUnits: MinorUnits(of: source),
          nonNegative: column.name == "discount_amount" || Self.neverNegative.contains(column.entity),
          currencyColumn: column.entity.index(of: column.entity.currencyColumn) ?? 0,
          currencyIsMapped: column.currencyIsPresent
        )
      )
    }
  }

  private mutating func origin(of field: FieldMapping, _ column: FieldCompilation) -> FieldReader.Origin? {
    switch field.origin {
    case .constant: return .constant
    case .column(let name): return position(of: name, field, column).map { .column($0) }
    case .template(let text):
      guard let pieces = TemplateText.pieces(of: text) else {
        report(.badTemplate, at: field.place, "the template `\(text)` of `\(column.name)` cannot be read")
        return nil
      }
      // Every column that is missing is told.
      let compiled = pieces.compactMap { piece -> FieldReader.TemplatePiece? in
        switch piece {
        case .literal(let text): .literal(Array(text.utf8))
        case .column(let name): position(of: name, field, column).map { .column($0) }
        }
      }
      return compiled.count == pieces.count ? .template(compiled) : nil
    }
  }

  private mutating func position(of name: String, _ field: FieldMapping, _ column: FieldCompilation) -> Int? {
    let listed = file.header.map { "`\($0)`" }.joined(separator: ", ")
    switch header.find(name) {
    case .position(let position): return position
    case .ambiguous(let positions):
      let matches = positions.map { "column \($0 + 1) (`\(file.header[$0])`)" }
      report(
        .ambiguousColumn, at: field.place,
        "`\(name)`, mapped to `\(column.name)`, may be \(matches.joined(separator: " or ")) of \(file.path)",
        remedy:
          "write the one that is meant, such as `\(column.name): \(file.header[positions[0]])`, or name each column of the export once"
      )
    case .missing(let suggestion):
      report(
        .missingColumn, at: field.place,
        "\(file.path) has no column `\(name)`, mapped to `\(column.name)`; its header is \(listed)",
        remedy: suggestion.map { "did you mean `\($0)`?" })
    }
    return nil
  }
}
