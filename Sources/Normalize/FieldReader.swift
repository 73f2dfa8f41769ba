import Model

/// One column of an entity, compiled: where its text comes from and how it becomes a cell.
struct FieldReader: Sendable {
  enum Origin: Sendable {
    /// Position of the field in a record.
    case column(Int)
    case template([TemplatePiece])
    /// The same for every row.
    case constant
  }

  enum TemplatePiece: Sendable {
    case literal([UInt8])
    case column(Int)
  }

  /// A value of the configuration, read once. Amounts are read for every row, because they depend on its
  /// currency.
  enum Preset: Sendable {
    case missing
    case cell(Int64)
    case text([UInt8])
  }

  enum Kind: Sendable {
    case text
    case id
    case currency
    case integer(IntegerParser)
    case flag
    case choice(ChoiceParser)
    case moment(MomentParser)
    case millionths(MillionthsParser)
    case rate(RateParser)
    case money(MoneyParser)

    /// The same kind as the configuration writes it, whatever the file's format: `12.50`, `2024-01-31`.
    var plain: Kind {
      switch self {
      case .text, .id, .currency, .flag, .choice: self
      case .integer(let parser): .integer(parser.plain)
      case .moment(let parser): .moment(parser.plain)
      case .millionths(let parser): .millionths(parser.plain)
      case .rate: .rate(RateParser(format: NumberFormat()))
      case .money(let parser): .money(parser.plain)
      }
    }
  }

  /// The entity's column, the attribute, or `data_through`.
  let name: String
  /// Position among the cells of the row being filled.
  let target: Int
  /// Position by which faults name the column, see ``CellFault/column``.
  let reportedAs: Int
  let mapping: FieldMapping
  let origin: Origin
  var kind: Kind
  /// A row without it is bad.
  let required: Bool
  var missing: [[UInt8]] = []
  var map: ValueMap?
  var otherwise: Preset?
  /// What stands where the text is missing; for a constant, the constant.
  var preset = Preset.missing

  var isMoney: Bool { if case .money = kind { true } else { false } }

  /// The cell every row starts with.
  var initialCell: Int64 {
    if case .constant = origin, case .cell(let cell) = preset { return cell }
    return EntityColumn.null
  }

  /// True when no row needs to be looked at.
  var isConstant: Bool {
    guard case .constant = origin else { return false }
    return switch preset {
    case .cell: true
    case .missing: !required
    case .text: false
    }
  }

  /// Fills the column for one chunk of records.
  func fill(_ pass: ColumnPass, texts: inout TextArena, faults: inout [CellFault]) {
    if isConstant { return }
    switch kind {
    case .text: run(TextParser(remembers: reportedAs > 0), pass, &texts, &faults)
    case .id: run(IdParser(remembers: reportedAs > 0), pass, &texts, &faults)
    case .currency: run(CurrencyParser(), pass, &texts, &faults)
    case .integer(let parser): run(parser, pass, &texts, &faults)
    case .flag: run(FlagParser(), pass, &texts, &faults)
    case .choice(let parser): run(parser, pass, &texts, &faults)
    case .moment(let parser): run(parser, pass, &texts, &faults)
    case .millionths(let parser): run(parser, pass, &texts, &faults)
    case .rate(let parser): run(parser, pass, &texts, &faults)
    case .money(let parser): run(parser, pass, &texts, &faults)
    }
  }

  /// Reads one text by the column's kind: for the values that stand in the configuration.
  func parse(_ text: [UInt8], row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    text.withUnsafeBufferPointer { text in
      switch kind {
      // An id of the configuration is what somebody wrote there.
      case .text, .id: TextParser(remembers: false).parse(text, row: row, texts: &texts)
      case .currency: CurrencyParser().parse(text, row: row, texts: &texts)
      case .integer(let parser): parser.parse(text, row: row, texts: &texts)
      case .flag: FlagParser().parse(text, row: row, texts: &texts)
      case .choice(let parser): parser.parse(text, row: row, texts: &texts)
      case .moment(let parser): parser.parse(text, row: row, texts: &texts)
      case .millionths(let parser): parser.parse(text, row: row, texts: &texts)
      case .rate(let parser): parser.parse(text, row: row, texts: &texts)
      case .money(var parser): parser.parse(text, row: row, texts: &texts)
      }
    }
  }
}
