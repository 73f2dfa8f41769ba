import Model

enum Product: Int, CaseIterable {
  case starter, team, business, enterprise, insights

  var name: String {
    switch self {
    case .starter: "Starter"
    case .team: "Team"
    case .business: "Business"
    case .enterprise: "Enterprise"
    case .insights: "Insights"
    }
  }

  /// Cents of a US dollar for one seat and month.
  var monthlyCents: Int64 {
    switch self {
    case .starter: 1200
    case .team: 2400
    case .business: 4200
    case .enterprise: 6900
    case .insights: 900
    }
  }

  var next: Product? {
    switch self {
    case .starter: .team
    case .team: .business
    case .business: .enterprise
    case .enterprise, .insights: nil
    }
  }
}

enum BillingInterval: Int, CaseIterable {
  case month, quarter, year, week, twoYears

  var unit: String {
    switch self {
    case .month, .quarter: "month"
    case .year, .twoYears: "year"
    case .week: "week"
    }
  }

  var count: Int64 {
    switch self {
    case .month, .year, .week: 1
    case .quarter: 3
    case .twoYears: 2
    }
  }

  var adjective: String {
    switch self {
    case .month: "monthly"
    case .quarter: "quarterly"
    case .year: "yearly"
    case .week: "weekly"
    case .twoYears: "two-yearly"
    }
  }

  /// What one interval's amount is multiplied with to make a month's.
  var monthFactor: (numerator: Int128, denominator: Int128) {
    switch self {
    case .month: (1, 1)
    case .quarter: (1, 3)
    case .year: (1, 12)
    case .week: (52, 12)
    case .twoYears: (1, 24)
    }
  }

  /// Months after which a customer can leave; a weekly one is looked at monthly.
  var commitment: Int {
    switch self {
    case .month, .week: 1
    case .quarter: 3
    case .year: 12
    case .twoYears: 24
    }
  }

  /// Price in thousandths of the monthly one: longer commitments are cheaper per month.
  fileprivate var perMilleOfMonthly: Int64 {
    switch self {
    case .month: 1000
    case .quarter: 2850
    case .year: 10_000
    case .week: 250
    case .twoYears: 19_000
    }
  }
}

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
  fileprivate func listPrice(ofCents cents: Int64) -> Int64 {
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
