import Model

/// How many decimals an amount in minor units is written without.
enum MinorUnits {
  /// As the currency's own minor unit has them.
  case iso4217
  /// As Stripe's API has them: it keeps two for currencies that lost theirs, and none where there are fifths.
  /// Source: the special cases of docs.stripe.com/currencies.
  case stripe

  /// A second account's system has another name: then the preset tells whose records they are.
  init(of source: SourceConfiguration) {
    let isStripe = source.system == "stripe" || source.preset?.hasPrefix("stripe_") == true
    self = isStripe ? .stripe : .iso4217
  }

  func decimals(of currency: Currency) -> Int {
    switch (self, currency.code) {
    case (.stripe, "ISK"), (.stripe, "UGX"): 2
    case (.stripe, "MGA"): 0
    default: currency.exponent
    }
  }
}
