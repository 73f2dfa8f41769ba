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
  /// nil when the mapping cannot be used; the findings say why.
  mutating func reader(_ column: FieldCompilation, _ field: FieldMapping, constants: inout [UInt8])
    -> FieldReader?
  {
    // A file without the optional column has its default, or nothing, in every row.
    let isAbsent = field.optional && !isPresent(field) && (!column.required || field.defaultValue != nil)
    let (foundKind, foundOrigin) = (kind(of: column, field), isAbsent ? .constant : origin(of: field, column))
    guard let kind = foundKind, let origin = foundOrigin else { return nil }
    var blank = FieldReader(
      name: column.name, target: column.target, reportedAs: column.reportedAs, mapping: field, origin: origin,
      kind: kind,
      required: column.required, missing: [], map: nil, otherwise: nil, preset: .missing)
    /// Attributes and amounts are taken as text for every row, everything else is read here, once.
    func preset(_ text: String) -> FieldReader.Preset? {
      let bytes = trimmed(text)
      if bytes.isEmpty { return .missing }
      var row = [Int64](repeating: EntityColumn.null, count: column.entity.columns.count)
      var texts = constants
      let cell = row.withUnsafeMutableBufferPointer { row in
        row.baseAddress.map { blank.parse(bytes, row: $0, texts: &texts) } ?? ParsedCell(.none)
      }
      guard cell.fault == .none || cell.fault == .currencyMissing else {
        let expected = FaultSentence(numbers: numbers).problem(cell.fault, reader: blank, found: text)
        report(.badConstant, at: field.place, expected)
        return nil
      }
      if column.isAttribute || blank.isMoney { return .text(bytes) }
      constants = texts
      return .cell(cell.value)
    }
    var standIn = FieldReader.Preset.missing
    if case .constant(let text) = field.origin {
      guard let value = preset(text) else { return nil }
      standIn = value
    } else if let text = field.defaultValue ?? field.map?[""] {
      guard let value = preset(text) else { return nil }
      standIn = value
    }
    var entries: [(text: [UInt8], value: FieldReader.Preset)] = []
    for (text, value) in (field.map ?? [:]).sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      guard let value = preset(value) else { return nil }
      entries.append((trimmed(text), value))
    }
    var otherwise: FieldReader.Preset?
    if let text = field.otherwise {
      guard let value = preset(text) else { return nil }
      otherwise = value
    }
    blank = FieldReader(
      name: column.name, target: column.target, reportedAs: column.reportedAs, mapping: field, origin: origin,
      kind: kind,
      required: column.required, missing: field.missing.map(trimmed).filter { !$0.isEmpty },
      map: field.map.map { _ in ValueMap(entries) }, otherwise: otherwise, preset: standIn)
    return blank
  }

  private mutating func kind(of column: FieldCompilation, _ field: FieldMapping) -> FieldReader.Kind? {
    switch column.kind {
    case .text:
      switch column.name {
      case "currency", "from", "to": return column.isAttribute ? .text : .currency
      case "rate" where column.entity == .fxRate: return .rate(RateParser(format: numbers))
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
          "`\(column.name)` is in minor units, but \(column.entity.rawValue) maps no `currency`")
        return nil
      }
      return .money(
        MoneyParser(
          format: numbers, unit: field.unit,
          nonNegative: column.name == "discount_amount" || column.entity == .expense,
          currencyColumn: column.entity.index(of: "currency") ?? 0, currencyIsMapped: column.currencyIsPresent
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
      var compiled: [FieldReader.TemplatePiece] = []
      for piece in pieces {
        switch piece {
        case .literal(let text): compiled.append(.literal(Array(text.utf8)))
        case .column(let name):
          guard let position = position(of: name, field, column) else { return nil }
          compiled.append(.column(position))
        }
      }
      return .template(compiled)
    }
  }

  private mutating func position(of name: String, _ field: FieldMapping, _ column: FieldCompilation) -> Int? {
    let listed = file.header.map { "`\($0)`" }.joined(separator: ", ")
    switch header.find(name) {
    case .position(let position): return position
    case .ambiguous(let names):
      let matches = names.map { "`\($0)`" }.joined(separator: " and ")
      report(
        .ambiguousColumn, at: field.place,
        "`\(name)`, mapped to `\(column.name)`, matches \(matches) of \(file.path)")
    case .missing(let suggestion):
      report(
        .missingColumn, at: field.place,
        "\(file.path) has no column `\(name)`, mapped to `\(column.name)`; its header is \(listed)",
        remedy: suggestion.map { "did you mean `\($0)`?" })
    }
    return nil
  }
}

/// The text's bytes without the ASCII white space around them, as fields are read.
func trimmed(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  guard let first = bytes.firstIndex(where: { !isSpace($0) }),
    let last = bytes.lastIndex(where: { !isSpace($0) })
  else {
    return []
  }
  return Array(bytes[first...last])
}
