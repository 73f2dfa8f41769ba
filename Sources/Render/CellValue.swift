import Model

/// What a cell says exactly, beside the text that shows it: formats for programs and spreadsheets write this.
enum CellValue: Hashable {
  case empty
  /// The shown text is all there is.
  case text
  /// A number in its unit; money with its currency. `decimals` are those shown, of a percentage those of the percentage.
  case number(Quantity, currency: Currency?, decimals: Int)
  case month(Month)
  case day(Day)
  /// Shown as `n/a`; why stands in the cell's notes, or in `reason` where it has none.
  case missing(reason: String)
}

extension Cell {
  /// An amount in micro-units, shown without its currency: the caption says it.
  static func money(
    _ micros: some BinaryInteger, _ currency: Currency, signed: Bool = false, detail: String? = nil
  )
    -> Cell
  {
    let number = Int128(clamping: micros)
    return Cell(
      WrittenStyle.bracketed(
        decimalText(number, scale: 6, digits: currency.exponent, signed: signed)), detail: detail,
      value: .number(Quantity(number: number, unit: .money), currency: currency, decimals: currency.exponent))
  }

  /// An amount that nobody knows to the cent: shown in whole units, exact for programs.
  static func wholeMoney(_ micros: some BinaryInteger, _ currency: Currency) -> Cell {
    let number = Int128(clamping: micros)
    return Cell(
      WrittenStyle.bracketed(decimalText(number, scale: 6, digits: 0)),
      value: .number(Quantity(number: number, unit: .money), currency: currency, decimals: 0))
  }

  static func count(_ count: some BinaryInteger, signed: Bool = false) -> Cell {
    let number = Int128(clamping: count)
    return Cell(
      decimalText(number, scale: 0, digits: 0, signed: signed),
      value: .number(Quantity(number: number, unit: .count), currency: nil, decimals: 0))
  }

  /// A part of a whole as a percentage; `n/a` of nothing.
  static func share(_ part: some BinaryInteger, of whole: some BinaryInteger, decimals: Int = 1) -> Cell {
    guard let quantity = Quantity(part: Int128(clamping: part), of: Int128(clamping: whole)) else {
      return Cell("n/a", value: .missing(reason: "the whole is zero"))
    }
    return Cell(
      quantity.percentText(decimals: decimals) + " %",
      value: .number(quantity, currency: nil, decimals: decimals))
  }

  /// A value with its unit, as ``Quantity/text(_:decimals:signed:)`` has it.
  static func quantity(_ quantity: Quantity, _ currency: Currency, decimals: Int = 1, signed: Bool = false)
    -> Cell
  {
    Cell(
      quantity.text(currency, decimals: decimals, signed: signed),
      value: quantity.cellValue(currency, decimals: decimals))
  }

  static func month(_ month: Month) -> Cell { Cell(month.shortName, value: .month(month)) }

  static func day(_ day: Day) -> Cell { Cell(WrittenStyle.current.text(day), value: .day(day)) }
}

extension Quantity {
  /// A part of a whole as a percentage of that sign; nil of a whole of zero.
  init?(part: Int128, of whole: Int128) {
    guard whole != 0 else { return nil }
    self.init(
      number: roundedQuotient((whole < 0 ? -part : part) * powerOfTen(12), Int128(whole.magnitude)),
      unit: .percent)
  }

  /// Of a percentage, without its sign: `98.3`.
  func percentText(decimals: Int = 1, signed: Bool = false) -> String {
    decimalText(number * 100, scale: 12, digits: decimals, signed: signed)
  }

  /// What a cell that shows it says.
  func cellValue(_ currency: Currency, decimals: Int = 1) -> CellValue {
    let shown =
      switch unit {
      case .money: currency.exponent
      case .count: 0
      case .percent: decimals
      case .multiple: 2
      case .months, .days: 1
      }
    return .number(self, currency: unit == .money ? currency : nil, decimals: shown)
  }
}
