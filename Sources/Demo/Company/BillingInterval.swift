/// How often a price is paid.
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
  var perMilleOfMonthly: Int64 {
    switch self {
    case .month: 1000
    case .quarter: 2850
    case .year: 10_000
    case .week: 250
    case .twoYears: 19_000
    }
  }
}
