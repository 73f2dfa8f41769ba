import Model

/// Monthly recurring revenue by month and native currency, summed from the customers' lives, not from any export.
struct MonthlyTotals {
  private let calendar: Calendar
  /// Micro-units, month by month, one value per ``BillingCurrency``.
  private(set) var micros: [Int64]
  /// The same, of each customer's first month with MRR only.
  private(set) var newMicros: [Int64]

  init(calendar: Calendar) {
    self.calendar = calendar
    micros = Array(repeating: 0, count: calendar.months * BillingCurrency.allCases.count)
    newMicros = micros
  }

  mutating func add(_ life: Life) {
    var first: Month?
    for term in life.terms where term.state == .active || term.state == .pastDue {
      let currency = PriceList.prices[term.price].currency.rawValue
      for month in months(of: term) {
        let value = term.monthlyValue(atEndOf: month)
        guard value > 0 else { continue }
        micros[(month - calendar.first) * BillingCurrency.allCases.count + currency] += value
        if first.map({ month < $0 }) ?? true { first = month }
      }
    }
    guard let first else { return }
    for term in life.terms {
      let currency = PriceList.prices[term.price].currency.rawValue
      newMicros[(first - calendar.first) * BillingCurrency.allCases.count + currency] += term.monthlyValue(
        atEndOf: first)
    }
  }

  private func months(of term: Life.Term) -> [Month] {
    let low = max(term.start.month, calendar.first)
    let high = min(term.end.map { $0.month - 1 } ?? Calendar.last, Calendar.last)
    return low <= high ? (0...(high - low)).map { low + $0 } : []
  }

  /// Roughly, in cents of a dollar: for what the company spends, not for what it earns.
  func roughCents(of values: [Int64], _ month: Month) -> Int64 {
    let position = (month - calendar.first) * BillingCurrency.allCases.count
    return BillingCurrency.allCases.reduce(0) {
      $0 + values[position + $1.rawValue] / 10_000_000 * $1.roughPerMilleOfDollar
    }
  }
}

/// Monthly recurring revenue of one month's end in one currency.
public struct NativeMRR: Sendable, Hashable {
  public let month: Month
  public let currency: Currency
  /// Micro-units of the currency.
  public let micros: Int64
}

extension DemoCompany {
  /// What the exports must come to under the standard policy, in the company's time zone: every month, every currency,
  /// by month and then in alphabetical order.
  ///
  /// Summed from what each customer was meant to buy, so that it can judge whatever reads the exports.
  public func expectedNativeMRR() -> [NativeMRR] {
    var totals = MonthlyTotals(calendar: calendar)
    forEachCustomer { _, life in totals.add(life) }
    let currencies = BillingCurrency.allCases.sorted { $0.code < $1.code }
    return calendar.all.flatMap { month in
      currencies.compactMap { currency in
        Currency(currency.code).map {
          let position = (month - calendar.first) * BillingCurrency.allCases.count + currency.rawValue
          return NativeMRR(month: month, currency: $0, micros: totals.micros[position])
        }
      }
    }
  }
}
