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
/// The same on every machine: no locale takes part.
///
/// - Parameters:
///   - grouped: thousands separated by commas.
///   - signed: a plus before what is above 0.
func decimalText(
  _ number: Int128, scale: Int, digits: Int, grouped: Bool = true, signed: Bool = false
) -> String {
  let rounded =
    digits >= scale
    ? number * powerOfTen(digits - scale) : roundedQuotient(number, powerOfTen(scale - digits))
  let text = String(rounded.magnitude)
  let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
  let whole = String(padded.dropLast(digits))
  let sign = rounded < 0 ? "-" : signed && rounded > 0 ? "+" : ""
  return sign + (grouped ? groupedDigits(whole) : whole) + (digits > 0 ? "." + padded.suffix(digits) : "")
}

private func groupedDigits(_ digits: String) -> String {
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}

/// Micro-units rounded half to even to the currency's minor unit, without the code: `1,234.57`.
func moneyText(_ micros: Int64, _ currency: Currency, signed: Bool = false) -> String {
  decimalText(Int128(micros), scale: 6, digits: currency.exponent, signed: signed)
}

/// ``moneyText(_:_:signed:)`` with the code behind the sign: `-USD 1,234.57`.
func codedMoneyText(_ micros: Int64, _ currency: Currency, signed: Bool = false) -> String {
  let text = moneyText(micros, currency, signed: signed)
  guard let first = text.first, first == "-" || first == "+" else { return "\(currency.code) \(text)" }
  return "\(first)\(currency.code) \(text.dropFirst())"
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
func exactDecimalText(_ number: Int128, scale: Int, leastDigits: Int = 0) -> String {
  var text = decimalText(number, scale: scale, digits: scale, grouped: false)
  guard scale > leastDigits else { return text }
  for _ in 0..<(scale - leastDigits) {
    guard text.last == "0" else { break }
    text.removeLast()
  }
  if text.last == "." { text.removeLast() }
  return text
}
