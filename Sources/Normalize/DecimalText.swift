/// How a file writes numbers.
struct NumberFormat: Sendable, Hashable {
  /// `.` or `,`.
  var decimalMark: UInt8 = 0x2E
  var thousands: UInt8?
}

/// A decimal taken apart exactly: `magnitude / 10^fractionDigits`, without trailing zeros after the mark.
struct DecimalText {
  var negative = false
  var magnitude: UInt64 = 0
  var fractionDigits = 0
  var mark = CurrencyMark.none
  var fault = FieldFault.none

  /// The number times `10^scale`, which has to be whole and to fit.
  @inline(__always) func scaled(by scale: Int) -> ParsedCell {
    guard fault == .none else { return ParsedCell(fault) }
    guard fractionDigits <= scale else { return ParsedCell(.tooPrecise) }
    let product = magnitude.multipliedReportingOverflow(by: powerOfTen(scale - fractionDigits))
    guard !product.overflow, product.partialValue <= UInt64(Int64.max) else { return ParsedCell(.tooLarge) }
    let value = Int64(product.partialValue)
    return ParsedCell(negative ? -value : value)
  }

  /// Reads a number as `format` writes it, with a sign, parentheses and a currency before or after.
  @inline(__always) init(_ text: FieldBytes, _ format: NumberFormat) {
    if !readPlain(text, format.decimalMark) { self = DecimalText(ornate: text, format) }
  }

  /// Digits with at most one mark and a leading minus: nearly every cell of nearly every export.
  @inline(__always) private mutating func readPlain(_ text: FieldBytes, _ mark: UInt8) -> Bool {
    let count = text.count
    guard count > 0, count <= 19, let base = text.baseAddress else { return false }
    var index = 0
    if base[0] == 0x2D {
      negative = true
      index = 1
    }
    var number: UInt64 = 0
    let first = index
    while index < count {
      let digit = base[index] &- 0x30
      guard digit <= 9 else { break }
      number = number &* 10 &+ UInt64(digit)
      index += 1
    }
    // `.5`, `5.` and a lone minus are for the careful reader.
    guard index > first else { return false }
    if index < count {
      guard base[index] == mark, index + 1 < count else { return false }
      let afterMark = index + 1
      index = afterMark
      while index < count {
        let digit = base[index] &- 0x30
        guard digit <= 9 else { return false }
        number = number &* 10 &+ UInt64(digit)
        index += 1
      }
      fractionDigits = count - afterMark
      while fractionDigits > 0, number % 10 == 0 {
        number /= 10
        fractionDigits -= 1
      }
    }
    magnitude = number
    if number == 0 { negative = false }
    return true
  }

  private init() {}

  /// The careful reader: everything ``readPlain`` left.
  private init(ornate text: FieldBytes, _ format: NumberFormat) {
    var scanner = NumberScanner(text: text, format: format)
    scanner.read()
    self = scanner.number
  }

  static let zero = DecimalText()
}

/// `10^exponent` for exponents 0 to 19.
@inline(__always) func powerOfTen(_ exponent: Int) -> UInt64 {
  var power: UInt64 = 1
  for _ in 0..<exponent { power &*= 10 }
  return power
}
