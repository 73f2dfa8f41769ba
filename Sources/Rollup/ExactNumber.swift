import Model

/// A rational number in lowest terms, its denominator above 0.
struct ExactNumber {
  let numerator: Int128
  let denominator: Int128

  /// nil where it does not fit.
  init?(_ numerator: Int128, over denominator: Int128) {
    guard denominator != 0 else { return nil }
    let divisor = greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
    let (top, bottom) = (numerator.magnitude / divisor, denominator.magnitude / divisor)
    guard top <= UInt128(Int128.max), bottom <= UInt128(Int128.max) else { return nil }
    self.numerator = (numerator < 0) == (denominator < 0) ? Int128(top) : -Int128(top)
    self.denominator = Int128(bottom)
  }

  func combined(_ operation: MetricExpression.Operation, _ other: ExactNumber) -> ExactNumber? {
    func product(_ left: Int128, _ right: Int128) -> Int128? {
      let result = left.multipliedReportingOverflow(by: right)
      return result.overflow ? nil : result.partialValue
    }
    switch operation {
    case .multiply:
      guard let top = product(numerator, other.numerator),
        let bottom = product(denominator, other.denominator)
      else { return nil }
      return ExactNumber(top, over: bottom)
    case .divide:
      guard let top = product(numerator, other.denominator),
        let bottom = product(denominator, other.numerator)
      else { return nil }
      return ExactNumber(top, over: bottom)
    case .add, .subtract:
      guard let left = product(numerator, other.denominator),
        let right = product(operation == .add ? other.numerator : -other.numerator, denominator),
        let bottom = product(denominator, other.denominator)
      else { return nil }
      let sum = left.addingReportingOverflow(right)
      return sum.overflow ? nil : ExactNumber(sum.partialValue, over: bottom)
    }
  }

  /// Money half-even to a micro-unit; counts and ratios exactly, where they fit.
  func value(of unit: Metric.Unit) -> MetricValue {
    switch unit {
    case .money:
      let scaled = numerator.multipliedReportingOverflow(by: 1_000_000)
      guard !scaled.overflow,
        let micros = Int64(exactly: roundHalfEven(scaled.partialValue, over: denominator))
      else { return .null("it is larger than money can be counted exactly") }
      return .money(micros)
    case .count:
      guard denominator == 1, let count = Int64(exactly: numerator) else {
        return .null("it is no whole number")
      }
      return .count(count)
    case .ratio, .months, .days:
      if let top = Int64(exactly: numerator), let bottom = Int64(exactly: denominator) {
        return .ratio(numerator: top, denominator: bottom)
      }
      return .real(Double(numerator) / Double(denominator))
    }
  }
}
