/// What a customer pays in.
enum BillingCurrency: Int, CaseIterable {
  case usd, eur, gbp, jpy

  var code: String {
    switch self {
    case .usd: "USD"
    case .eur: "EUR"
    case .gbp: "GBP"
    case .jpy: "JPY"
    }
  }

  /// Digits of the minor unit.
  var exponent: Int { self == .jpy ? 0 : 2 }

  var microsPerMinor: Int64 { self == .jpy ? 1_000_000 : 10_000 }

  /// The company's list price in this currency, minor units, rounded to ten of them.
  func listPrice(ofCents cents: Int64) -> Int64 {
    switch self {
    case .usd: cents
    case .eur: (cents * 92 / 100 + 5) / 10 * 10
    case .gbp: (cents * 80 / 100 + 5) / 10 * 10
    case .jpy: (cents * 150 / 100 + 5) / 10 * 10
    }
  }

  /// Rough dollars of one unit in thousandths, for deal sizes and spending plans only, never for MRR.
  var roughPerMilleOfDollar: Int64 {
    switch self {
    case .usd: 1000
    case .eur: 1090
    case .gbp: 1270
    case .jpy: 7
    }
  }
}
