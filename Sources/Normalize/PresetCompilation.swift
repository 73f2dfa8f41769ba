import Model

/// Reads the values that stand in the configuration: constants, defaults, the right sides of maps.
///
/// They are written plainly, whatever the file's format: `12.50`, `2024-01-31`. What is not plain is read as
/// the file would write it.
struct PresetCompilation {
  private let column: FieldCompilation
  private let reader: FieldReader
  private let numbers: NumberFormat
  /// The entity's texts so far.
  private(set) var constants: [UInt8]
  /// One sentence for each value that cannot be read.
  private(set) var problems: [String] = []

  init(column: FieldCompilation, reader: FieldReader, numbers: NumberFormat, constants: [UInt8]) {
    self.column = column
    self.reader = reader
    self.numbers = numbers
    self.constants = constants
  }

  /// Attributes and amounts are read anew for every row, everything else here, once.
  mutating func preset(_ text: String) -> FieldReader.Preset {
    let bytes = trimmed(text)
    if bytes.isEmpty { return .missing }
    var cell = ParsedCell(.none)
    var isPlain = false
    for (kind, plain) in [(reader.kind.plain, true), (reader.kind, false)] {
      var candidate = reader
      candidate.kind = kind
      var texts = TextArena(after: constants)
      var row = [Int64](repeating: EntityColumn.null, count: column.entity.columns.count)
      row.withUnsafeMutableBufferPointer { row in
        if let base = row.baseAddress { cell = candidate.parse(bytes, row: base, texts: &texts) }
      }
      // The row's currency is not known yet.
      if cell.fault == .currencyMissing { cell = ParsedCell(0) }
      guard cell.fault == .none else { continue }
      isPlain = plain
      if !column.isAttribute, !reader.isMoney { texts.move(to: &constants) }
      break
    }
    guard cell.fault == .none else {
      problems.append(
        FaultSentence(fileKind: .csv, numbers: numbers).problem(cell.fault, reader: reader, found: text))
      return .missing
    }
    if column.isAttribute { return .text(bytes) }
    guard reader.isMoney else { return .cell(cell.value) }
    return .text(isPlain ? bytes.map { $0 == 0x2E ? numbers.decimalMark : $0 } : bytes)
  }
}
