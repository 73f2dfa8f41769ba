import Model

/// Rounds `number / divisor` half to even.
///
/// - Parameter divisor: above 0.
func roundedQuotient(_ number: Int128, _ divisor: Int128) -> Int128 {
  let (quotient, remainder) = number.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
  let missing = divisor.magnitude - remainder
  let up = remainder > missing || (remainder == missing && quotient % 2 == 1)
  let rounded = Int128(quotient) + (up ? 1 : 0)
  return number < 0 ? -rounded : rounded
}

/// `10^exponent`; the exponents here are at most 18.
func powerOfTen(_ exponent: Int) -> Int128 {
  var power: Int128 = 1
  for _ in 0..<max(0, exponent) { power *= 10 }
  return power
}

/// A number given in units of `10^-scale`, with `digits` decimals, rounded half to even; never a negative zero.
///
/// In the style of the report, with no locale of the machine.
///
/// - Parameters:
///   - grouped: thousands separated by commas.
///   - signed: a plus before what is above 0.
func decimalText(
  _ number: Int128, scale: Int, digits: Int, grouped: Bool = true, signed: Bool = false
) -> String {
  let rounded =
    digits == scale
    ? number
    : digits > scale
      ? number * powerOfTen(digits - scale) : roundedQuotient(number, powerOfTen(scale - digits))
  return WrittenStyle.marked(
    withPlainText(rounded, decimals: digits, grouped: grouped, signed: signed, zeros: digits) {
      String(decoding: $0, as: UTF8.self)
    })
}

/// Whether a number is zero as it is printed, whatever stands behind its last decimal: such a one has no direction.
func isPrintedZero(_ text: String) -> Bool { !text.contains { ("1"..."9").contains($0) } }

/// `number / 10^decimals` without loss, written from its last digit on; of trailing zeros behind the point only `zeros` decimals are kept.
private func withPlainText<Result>(
  _ number: Int128, decimals: Int, grouped: Bool, signed: Bool, zeros: Int,
  _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  // 39 digits, as many zeros before them, and what groups them.
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128 + max(0, decimals)) { bytes in
    var place = bytes.count
    func put(_ byte: UInt8) {
      place -= 1
      bytes[place] = byte
    }
    var wide = number.magnitude
    var small = UInt64(truncatingIfNeeded: wide)
    func nextDigit() -> UInt8 {
      if wide <= UInt128(UInt64.max) {
        let (quotient, digit) = small.quotientAndRemainder(dividingBy: 10)
        (small, wide) = (quotient, UInt128(quotient))
        return UInt8(truncatingIfNeeded: digit)
      }
      let (quotient, digit) = wide.quotientAndRemainder(dividingBy: 10)
      (wide, small) = (quotient, UInt64(truncatingIfNeeded: quotient))
      return UInt8(truncatingIfNeeded: digit)
    }
    for position in stride(from: decimals, to: 0, by: -1) {
      let digit = nextDigit()
      if digit == 0, place == bytes.count, position > zeros { continue }
      put(0x30 + digit)
    }
    if place < bytes.count { put(0x2E) }
    var count = 0
    repeat {
      if grouped, count > 0, count % 3 == 0 { put(0x2C) }
      put(0x30 + nextDigit())
      count += 1
    } while wide > 0
    if number < 0 { put(0x2D) } else if signed, number > 0 { put(0x2B) }
    return body(UnsafeBufferPointer(rebasing: bytes[place...]))
  }
}

/// Micro-units rounded half to even to the currency's minor unit, without the code: `1,234.57`.
func moneyText(_ micros: Int64, _ currency: Currency, signed: Bool = false) -> String {
  decimalText(Int128(micros), scale: 6, digits: currency.exponent, signed: signed)
}

/// ``moneyText(_:_:signed:)`` with the code behind the sign: `-USD 1,234.57`.
func codedMoneyText(_ micros: Int64, _ currency: Currency, signed: Bool = false) -> String {
  WrittenStyle.coded(moneyText(micros, currency, signed: signed), currency)
}

/// As ``codedMoneyText(_:_:signed:)`` in whole units: of what is told in a sentence nobody reads the cents, which stand in the tables.
func toldMoneyText(_ micros: Int128, _ currency: Currency, signed: Bool = false) -> String {
  WrittenStyle.coded(decimalText(micros, scale: 6, digits: 0, signed: signed), currency)
}

/// As ``toldMoneyText(_:_:signed:)`` for captions and tips, which have no table's cents beside them: less than half a unit is still an amount.
func briefMoneyText(_ micros: Int64, _ currency: Currency, signed: Bool = false) -> String {
  let told = toldMoneyText(Int128(micros), currency, signed: signed)
  return micros != 0 && isPrintedZero(told) ? codedMoneyText(micros, currency, signed: signed) : told
}

/// Micro-units with three leading digits, for headlines: `1.24 M`, `83.1 k`, `950`.
func abbreviatedMoneyText(_ micros: Int64) -> String {
  let number = Int128(micros)
  for (name, scale) in [("", 6), (" k", 9), (" M", 12), (" bn", 15)] {
    for digits in [2, 1, 0] where !(name.isEmpty && digits > 0) {
      // What rounds up to 1,000 moves on to the next name.
      let most = (digits == 2 ? 10 : digits == 1 ? 100 : 1000) * powerOfTen(digits)
      if roundedQuotient(number, powerOfTen(scale - digits)).magnitude < most.magnitude {
        return decimalText(number, scale: scale, digits: digits) + name
      }
    }
  }
  return decimalText(number, scale: 15, digits: 0) + " bn"
}

/// An exact decimal without separators and trailing zeros, for machines: `1234.5678`.
///
/// - Parameter leastDigits: decimals kept even when they are zero.
public func exactDecimalText(_ number: Int128, scale: Int, leastDigits: Int = 0) -> String {
  withExactDecimal(number, scale: scale, leastDigits: leastDigits) { String(decoding: $0, as: UTF8.self) }
}

/// The same for who needs its bytes alone, of hundreds of thousands of numbers.
func withExactDecimal<Result>(
  _ number: Int128, scale: Int, leastDigits: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  withPlainText(
    number, decimals: scale, grouped: false, signed: false, zeros: min(leastDigits, scale), body)
}
