import Model

/// A metric's value as an exact number of known scale, so that it can be compared and shown without a binary float.
struct Quantity: Hashable {
  enum Unit: Hashable {
    case money, count, percent
    /// A plain factor: a quick ratio of 3.5.
    case multiple
    case months, days
  }

  /// In units of `10^-scale`; a percentage is kept as its ratio (110 % is 1.1).
  var number: Int128
  var unit: Unit

  var scale: Int {
    switch unit {
    case .money: 6
    case .count: 0
    case .percent, .multiple, .months, .days: 12
    }
  }

  /// nil for a null, and for a ratio no number can be made of.
  init?(_ value: MetricValue, _ metric: Metric?) {
    switch value {
    case .money(let micros), .moneyRatio(let micros, _, _):
      self.init(number: Int128(micros), unit: .money)
    case .count(let count):
      self.init(number: Int128(count), unit: .count)
    case .ratio(let numerator, let denominator):
      guard denominator != 0 else { return nil }
      let sign: Int128 = denominator < 0 ? -1 : 1
      self.init(
        number: roundedQuotient(sign * Int128(numerator) * powerOfTen(12), sign * Int128(denominator)),
        unit: Self.unit(of: metric))
    case .real(let value):
      // The derived ratios are the one kind of figure that has no exact form.
      guard value.isFinite, value.magnitude < 1e15 else { return nil }
      self.init(number: Int128((value * 1e12).rounded(.toNearestOrEven)), unit: Self.unit(of: metric))
    case .null:
      return nil
    }
  }

  init(number: Int128, unit: Unit) {
    self.number = number
    self.unit = unit
  }

  /// Ratios that are read as a factor, not as a percentage.
  private static let multiples: Set<String> = [
    "quick_ratio", "ltv_to_cac", "burn_multiple", "magic_number", "pipeline_coverage", "seasonality_index",
  ]

  private static func unit(of metric: Metric?) -> Unit {
    guard let metric else { return .percent }
    switch metric.unit {
    case .months: return .months
    case .days: return .days
    case .money: return .money
    case .count, .ratio: return multiples.contains(metric.id) ? .multiple : .percent
    }
  }

  /// Decimals shown: churn rates are small, so they get two.
  static func decimals(of metricID: String) -> Int { metricID.contains("churn") ? 2 : 1 }

  /// The value with its unit: `USD 1,234.50`, `1,204`, `110.3 %`, `3.50`, `14.2 months`.
  func text(_ currency: Currency, decimals: Int = 1, signed: Bool = false) -> String {
    switch unit {
    case .money:
      return WrittenStyle.coded(
        decimalText(number, scale: 6, digits: currency.exponent, signed: signed), currency)
    case .count: return decimalText(number, scale: 0, digits: 0, signed: signed)
    case .percent: return decimalText(number * 100, scale: 12, digits: decimals, signed: signed) + " %"
    case .multiple: return decimalText(number, scale: 12, digits: 2, signed: signed)
    case .months: return decimalText(number, scale: 12, digits: 1, signed: signed) + " months"
    case .days: return decimalText(number, scale: 12, digits: 1, signed: signed) + " days"
    }
  }

  /// The value within a sentence: money in whole units.
  func told(_ currency: Currency, decimals: Int = 1) -> String {
    unit == .money ? toldMoneyText(number, currency) : text(currency, decimals: decimals)
  }

  /// A difference of two values that stand beside it: percentages differ by percentage points, money is in the
  /// currency of the two.
  func differenceText(_ currency: Currency, decimals: Int = 1) -> String {
    switch unit {
    case .percent: decimalText(number * 100, scale: 12, digits: decimals, signed: true) + " pp"
    case .money:
      WrittenStyle.bracketed(
        decimalText(number, scale: 6, digits: currency.exponent, signed: true))
    case .count, .multiple, .months, .days: text(currency, decimals: decimals, signed: true)
    }
  }

  /// For a chart whose heading names the currency.
  func short(_ currency: Currency, decimals: Int = 1) -> String {
    unit == .money
      ? abbreviatedMoneyText(Int64(clamping: number)) : text(currency, decimals: decimals)
  }

  /// For a headline: money abbreviated, the rest in full.
  func headline(_ currency: Currency, decimals: Int = 1, signed: Bool = false) -> String {
    guard unit == .money else { return text(currency, decimals: decimals, signed: signed) }
    let text = abbreviatedMoneyText(Int64(clamping: number))
    return WrittenStyle.coded(signed && number > 0 ? "+" + text : text, currency)
  }
}
