/// An exact positive rational: an exchange rate, or the factor that scales an interval to a month.
@frozen public struct ExactRate: Hashable, Sendable {
  public var numerator: Int64
  public var denominator: Int64

  @inlinable public init(_ numerator: Int64, _ denominator: Int64 = 1) {
    let divisor = greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
    self.numerator = numerator / Int64(max(1, divisor))
    self.denominator = denominator / Int64(max(1, divisor))
  }

  public static let one = ExactRate(1)

  /// Reads an exact decimal, `1.0843`, at most 18 digits; nil when it is not one or not positive.
  public init?(decimal text: some StringProtocol) {
    var numerator: Int64 = 0
    var denominator: Int64 = 1
    var afterPoint = false
    var digits = 0
    for byte in text.utf8 {
      if byte == 0x2E, !afterPoint {
        afterPoint = true
        continue
      }
      guard byte >= 0x30, byte <= 0x39, digits < 18 else { return nil }
      numerator = numerator * 10 + Int64(byte - 0x30)
      if afterPoint { denominator *= 10 }
      if numerator > 0 { digits += 1 }
      if denominator > 100_000_000_000_000_000 { return nil }
    }
    guard numerator > 0 else { return nil }
    self.init(numerator, denominator)
  }

  /// nil when the product does not fit: an error for the caller to report, never a wrap.
  public func multiplied(by other: ExactRate) -> ExactRate? {
    let first = ExactRate(numerator, other.denominator)
    let second = ExactRate(other.numerator, denominator)
    let top = first.numerator.multipliedReportingOverflow(by: second.numerator)
    let bottom = first.denominator.multipliedReportingOverflow(by: second.denominator)
    return top.overflow || bottom.overflow ? nil : ExactRate(top.partialValue, bottom.partialValue)
  }

  public var inverse: ExactRate { ExactRate(denominator, numerator) }
}

@inlinable public func greatestCommonDivisor<Number: FixedWidthInteger & UnsignedInteger>(
  _ first: Number, _ second: Number
) -> Number {
  var (first, second) = (first, second)
  while second != 0 { (first, second) = (second, first % second) }
  return first
}
