import Model

/// One price of the company: a product for one seat, per interval, in one currency.
struct Price {
  let product: Product
  let interval: BillingInterval
  let currency: BillingCurrency
  /// 1, or 2 for the successor that replaces it from ``PriceList/riseMonth`` on.
  let version: Int
  /// Minor units.
  let amount: Int64

  var name: String { product.name + " " + interval.adjective }
  /// `team-yearly-eur`, `team-monthly-usd-2`.
  let code: String
}

enum PriceList {
  /// The first month in which the second version of the monthly prices is sold.
  static let riseMonth = Month(year: 2025, month: 9)

  static let prices: [Price] = {
    var list: [Price] = []
    for version in 1...2 {
      for product in Product.allCases {
        for interval in BillingInterval.allCases {
          for currency in BillingCurrency.allCases {
            let cents = product.monthlyCents * interval.perMilleOfMonthly / 1000
            let amount = currency.listPrice(ofCents: version == 1 ? cents : cents * 109 / 100)
            let code =
              "\(product.name)-\(interval.adjective)-\(currency.code)".lowercased()
              + (version == 1 ? "" : "-2")
            list.append(
              Price(
                product: product, interval: interval, currency: currency, version: version,
                amount: amount, code: code))
          }
        }
      }
    }
    return list
  }()

  /// Position in ``prices``.
  static func index(
    _ product: Product, _ interval: BillingInterval, _ currency: BillingCurrency, version: Int = 1
  ) -> Int {
    (((version - 1) * Product.allCases.count + product.rawValue) * BillingInterval.allCases.count
      + interval.rawValue) * BillingCurrency.allCases.count + currency.rawValue
  }

  static func index(
    _ product: Product, _ interval: BillingInterval, _ currency: BillingCurrency, soldOn day: Day
  ) -> Int {
    let first = index(product, interval, currency)
    return day < riseMonth.firstDay ? first : successor(of: first) ?? first
  }

  /// Only the monthly prices of the two small products have risen.
  static func isSold(_ price: Price) -> Bool {
    price.version == 1 || (price.interval == .month && (price.product == .starter || price.product == .team))
  }

  static func successor(of index: Int) -> Int? {
    let price = prices[index]
    guard price.version == 1 else { return nil }
    let next = self.index(price.product, price.interval, price.currency, version: 2)
    return isSold(prices[next]) ? next : nil
  }
}
