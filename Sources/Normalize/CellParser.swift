import Model

/// Turns the text of a field into a cell. One conformer per kind of column, so that each pass over a column
/// is compiled for its kind.
protocol CellParser {
  /// True when equal texts always give equal cells.
  var isOfTextAlone: Bool { get }
  /// True when looking up the cell of an equal text costs less than reading it again.
  var remembers: Bool { get }

  /// `row` is the row being filled: an amount looks up its currency there. Texts are appended to `texts`.
  mutating func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena)
    -> ParsedCell
}

extension CellParser {
  var isOfTextAlone: Bool { true }
}

private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
  var copy = value
  change(&copy)
  return copy
}

@inline(__always) func textCell(_ text: FieldBytes, _ texts: inout TextArena) -> ParsedCell {
  guard text.count <= 0xFF_FFFF else { return ParsedCell(.tooLong) }
  return ParsedCell(texts.append(text))
}

struct TextParser: CellParser {
  let remembers: Bool

  @inline(__always)
  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    textCell(text, &texts)
  }
}

/// Stores the code in upper case.
struct CurrencyParser: CellParser {
  var remembers: Bool { true }

  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    guard let currency = Currency(ascii: text), currency.isListed else { return ParsedCell(.unknownCurrency) }
    return ParsedCell(currency.bytes.withUnsafeBufferPointer { texts.append($0) })
  }
}

extension Currency {
  /// The code in ASCII.
  var bytes: [UInt8] { [UInt8(packed >> 16 & 0xFF), UInt8(packed >> 8 & 0xFF), UInt8(packed & 0xFF)] }
}

struct IntegerParser: CellParser {
  var format: NumberFormat
  let least: Int64
  let most: Int64
  var remembers: Bool { false }
  var plain: IntegerParser { with(self) { $0.format = NumberFormat() } }

  @inline(__always)
  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    if let number = ShortDecimal(text, mark: format.decimalMark), number.fractionDigits == 0 {
      return within(number.scaled(by: 0))
    }
    let number = DecimalText(text, format)
    guard number.mark == .none else { return ParsedCell(.notANumber) }
    let cell = number.scaled(by: 0)
    if cell.fault == .tooPrecise { return ParsedCell(.notWhole) }
    return cell.fault == .none ? within(cell.value) : cell
  }

  @inline(__always) private func within(_ value: Int64) -> ParsedCell {
    if value < least { return ParsedCell(least > 0 ? .notPositive : .negative) }
    return value > most ? ParsedCell(.tooLarge) : ParsedCell(value)
  }
}

struct FlagParser: CellParser {
  var remembers: Bool { true }

  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    guard text.count <= 5 else { return ParsedCell(.badFlag) }
    switch lowerCased(text) {
    case packed("true"), packed("yes"), packed("t"), packed("y"), packed("1"): return ParsedCell(1)
    case packed("false"), packed("no"), packed("f"), packed("n"), packed("0"): return ParsedCell(0)
    default: return ParsedCell(.badFlag)
    }
  }

  private func lowerCased(_ text: FieldBytes) -> UInt64 { text.reduce(0) { $0 << 8 | UInt64($1 | 0x20) } }
  private func packed(_ text: StaticString) -> UInt64 {
    lowerCased(FieldBytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

/// Matches the names of a closed set, in any case.
struct ChoiceParser: CellParser {
  let names: [[UInt8]]
  var remembers: Bool { true }

  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    for (index, name) in names.enumerated() where name.count == text.count {
      if zip(name, text).allSatisfy({ $0 == ($1 >= 0x41 && $1 <= 0x5A ? $1 | 0x20 : $1) }) {
        return ParsedCell(Int64(index))
      }
    }
    return ParsedCell(.unknownChoice)
  }
}

struct MomentParser: CellParser {
  let reader: DateReader
  var remembers: Bool { true }
  var plain: MomentParser { MomentParser(reader: reader.plain) }

  @inline(__always)
  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    reader.read(text)
  }
}

/// Quantities and percentages; never negative. A percentage may carry its sign.
struct MillionthsParser: CellParser {
  var format: NumberFormat
  let percentage: Bool
  var remembers: Bool { false }
  var plain: MillionthsParser { with(self) { $0.format = NumberFormat() } }

  @inline(__always)
  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    if let number = ShortDecimal(text, mark: format.decimalMark) {
      let value = number.scaled(by: 6)
      return value < 0 ? ParsedCell(.negative) : ParsedCell(value)
    }
    var text = text
    if percentage, text.last == 0x25 { text = UnsafeBufferPointer(rebasing: text.dropLast()) }
    let number = DecimalText(text, format)
    guard number.mark == .none else { return ParsedCell(.notANumber) }
    let cell = number.scaled(by: 6)
    return cell.fault == .none && cell.value < 0 ? ParsedCell(.negative) : cell
  }
}

/// Exchange rates, kept as the shortest exact decimal: `1.0843`.
struct RateParser: CellParser {
  let format: NumberFormat
  var remembers: Bool { false }

  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    let number = DecimalText(text, format)
    guard number.fault == .none else { return ParsedCell(number.fault) }
    guard number.mark == .none else { return ParsedCell(.notANumber) }
    guard number.magnitude > 0, !number.negative else { return ParsedCell(.notPositive) }
    guard number.fractionDigits <= 17, number.magnitude < powerOfTen(18) else {
      return ParsedCell(.tooPrecise)
    }
    var digits = Array(String(number.magnitude).utf8)
    if number.fractionDigits > 0 {
      let zeros = max(0, number.fractionDigits + 1 - digits.count)
      digits.insert(contentsOf: repeatElement(0x30, count: zeros), at: 0)
      digits.insert(0x2E, at: digits.count - number.fractionDigits)
    }
    return digits.withUnsafeBufferPointer { textCell($0, &texts) }
  }
}

/// Amounts, in micro-units of the row's currency.
struct MoneyParser: CellParser {
  var format: NumberFormat
  let unit: FieldMapping.Unit
  let minorUnits: MinorUnits
  /// Below zero is refused.
  let nonNegative: Bool
  /// Column of the entity that holds the currency.
  let currencyColumn: Int
  /// Whether the mapping gives the currency; if not, a code beside the amount does (`USD 1,200.00`).
  let currencyIsMapped: Bool
  private var lastPacked: UInt32 = 0
  private var lastDecimals = 2
  var isOfTextAlone: Bool { false }
  var remembers: Bool { false }
  var plain: MoneyParser { with(self) { $0.format = NumberFormat() } }

  init(
    format: NumberFormat, unit: FieldMapping.Unit, minorUnits: MinorUnits, nonNegative: Bool,
    currencyColumn: Int,
    currencyIsMapped: Bool
  ) {
    self.format = format
    self.unit = unit
    self.minorUnits = minorUnits
    self.nonNegative = nonNegative
    self.currencyColumn = currencyColumn
    self.currencyIsMapped = currencyIsMapped
  }

  @inline(__always)
  mutating func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena)
    -> ParsedCell
  {
    if unit == .major, let number = ShortDecimal(text, mark: format.decimalMark) {
      let value = number.scaled(by: 6)
      return nonNegative && value < 0 ? ParsedCell(.negative) : ParsedCell(value)
    }
    let number = DecimalText(text, format)
    var scale = 6
    if number.mark != .none || unit == .minor {
      guard number.fault == .none else { return ParsedCell(number.fault) }
      let fault = settleCurrency(number.mark, row, &texts)
      guard fault == .none else { return ParsedCell(fault) }
      if unit == .minor { scale -= lastDecimals }
    }
    let cell = number.scaled(by: scale)
    return nonNegative && cell.fault == .none && cell.value < 0 ? ParsedCell(.negative) : cell
  }

  /// Compares the mark with the row's currency, and looks up how its minor units are written.
  private mutating func settleCurrency(
    _ mark: CurrencyMark, _ row: UnsafeMutablePointer<Int64>, _ texts: inout TextArena
  ) -> FieldFault {
    if row[currencyColumn] == EntityColumn.null {
      guard !currencyIsMapped, let currency = mark.currency else {
        return unit == .minor ? .currencyMissing : .none
      }
      row[currencyColumn] = currency.bytes.withUnsafeBufferPointer { texts.append($0) }
    }
    let packed = texts.currencyCode(row[currencyColumn])
    if packed != lastPacked || mark != .none {
      guard let currency = Currency(ascii: texts.text(row[currencyColumn])) else { return .unknownCurrency }
      guard mark.fits(currency) else { return .currencyConflict }
      lastPacked = packed
      lastDecimals = minorUnits.decimals(of: currency)
    }
    return .none
  }
}
