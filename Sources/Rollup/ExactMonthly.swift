import Model

/// The monthly amount of a charge in its own currency: an exact rational number of micro-units.
///
/// `value(charge, r)` is one half-even rounding of `amount x factor x r`; everything after it is integer addition.
struct ExactMonthly: Hashable {
  var numerator: Int128
  var denominator: Int64

  static let zero = ExactMonthly(numerator: 0, denominator: 1)

  /// nil when the exact number does not fit: the caller reports it, nothing wraps.
  init?(_ numerator: Int128, over denominator: Int128) {
    let divisor = Int128(greatestCommonDivisor(numerator.magnitude, denominator.magnitude))
    guard divisor > 0, let small = Int64(exactly: denominator / divisor) else { return nil }
    self.numerator = numerator / divisor
    self.denominator = small
  }

  /// `amount x quantity x factor` where it is not negative and its parts fit 64 bits, as in any real book; else nil. `quantity` in millionths.
  init?(_ amount: Int64, times quantity: Int64, _ factor: ExactRate) {
    guard amount >= 0, quantity >= 0, factor.numerator > 0, quantity % 1_000_000 == 0 else { return nil }
    let units = amount.multipliedReportingOverflow(by: quantity / 1_000_000)
    let top = units.partialValue.multipliedReportingOverflow(by: factor.numerator)
    guard !units.overflow, !top.overflow else { return nil }
    var (left, right) = (UInt64(top.partialValue), UInt64(factor.denominator))
    while right != 0 { (left, right) = (right, left % right) }
    guard left > 0 else { return nil }
    numerator = Int128(top.partialValue / Int64(left))
    denominator = factor.denominator / Int64(left)
  }

  private init(numerator: Int128, denominator: Int64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Micro-units at `rate`, rounded half-even once; nil when they do not fit 64 bits.
  func value(at rate: ExactRate) -> Int64? {
    if denominator == 1, rate.numerator == 1, rate.denominator == 1 { return Int64(exactly: numerator) }
    if let small = Int64(exactly: numerator) {
      let product = small.multipliedReportingOverflow(by: rate.numerator)
      let divisor = denominator.multipliedReportingOverflow(by: rate.denominator)
      if !product.overflow, !divisor.overflow {
        return roundHalfEven(product.partialValue, over: divisor.partialValue)
      }
    }
    let divisor = Int128(denominator) * Int128(rate.denominator)
    let product = numerator.multipliedReportingOverflow(by: Int128(rate.numerator))
    if !product.overflow { return Int64(exactly: roundHalfEven(product.partialValue, over: divisor)) }
    // Only far beyond any real book: the product needs 256 bits, the quotient may still fit.
    let wide = numerator.magnitude.multipliedFullWidth(by: UInt128(rate.numerator))
    guard wide.high < divisor.magnitude else { return nil }
    let (quotient, rest) = divisor.magnitude.dividingFullWidth(wide)
    let up = rest > divisor.magnitude - rest || (rest == divisor.magnitude - rest && quotient & 1 == 1)
    return Int64(exactly: quotient + (up ? 1 : 0))
  }
}

/// The quotient rounded half-even; `divisor` is positive.
@inline(__always)
func roundHalfEven<Number: FixedWidthInteger & SignedInteger>(
  _ dividend: Number, over divisor: Number
) -> Number {
  let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
  let magnitude = rest.magnitude
  let complement = divisor.magnitude - magnitude
  guard magnitude > complement || (magnitude == complement && quotient & 1 != 0) else { return quotient }
  return quotient + (dividend < 0 ? -1 : 1)
}
