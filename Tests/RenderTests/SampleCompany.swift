import Model

/// A made-up company whose figures are computed here from customers' monthly prices, so that they tie.
///
/// Prices are in three currencies; every customer has one country, one size, one plan, and an ARR band that moves.
struct SampleCompany {
  struct Customer {
    var id: Int64
    var name: String
    var country: String
    var employees: String
    var plan: String
    var currency: Currency
    /// Micro-units of its own currency at each month's end.
    var prices: [Int64]
  }

  var name = "Northwind Analytics"
  var first: Month
  var customers: [Customer]
  /// By currency, one a month, beginning with the month before the first.
  var rates: [Currency: [ExactRate]]
  /// What the billing system calls a customer.
  var naturalID: @Sendable (Customer) -> String = { "C\(100 + $0.id)" }
  let reporting = Currency("USD")!

  var count: Int { customers.first?.prices.count ?? 0 }
  var last: Month { first + (count - 1) }

  func rate(_ currency: Currency, _ month: Int) -> ExactRate {
    currency == reporting ? .one : rates[currency]![month + 1]
  }

  func value(_ customer: Customer, _ month: Int, at rateMonth: Int) -> Int64 {
    guard month >= 0, customer.prices[month] > 0 else { return 0 }
    let rate = rate(customer.currency, rateMonth)
    let product = Int128(customer.prices[month]) * Int128(rate.numerator)
    let divisor = Int128(rate.denominator)
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
    let up = remainder * 2 > divisor || (remainder * 2 == divisor && quotient % 2 == 1)
    return Int64(quotient + (up ? 1 : 0))
  }

  func segment(_ customer: Customer, _ dimension: String, _ month: Int) -> String {
    switch dimension {
    case "country": return customer.country
    case "employees_band": return customer.employees
    case "plan": return customer.plan
    case "currency": return customer.currency.code
    case "arr_band":
      let arr = value(customer, month, at: month) / 1_000_000 * 12
      return arr < 5000 ? "<5000" : arr < 25_000 ? "5000-25000" : ">=25000"
    default: return "all"
    }
  }

  func bridge(_ month: Int, _ valuation: Valuation, _ dimension: String) -> [String: (
    BridgeAmounts, BridgeCounts
  )] {
    var rows: [String: (BridgeAmounts, BridgeCounts)] = [:]
    func add(_ segment: String, _ change: (inout BridgeAmounts, inout BridgeCounts) -> Void) {
      var row = rows[segment] ?? (BridgeAmounts(), BridgeCounts())
      change(&row.0, &row.1)
      rows[segment] = row
    }
    let now = valuation == .constant ? month - 1 : month
    for customer in customers {
      let before = value(customer, month - 1, at: month - 1)
      let opening = value(customer, month - 1, at: now)
      let close = value(customer, month, at: now)
      if before == 0, close == 0 { continue }
      let from = before > 0 ? segment(customer, dimension, month - 1) : segment(customer, dimension, month)
      let to = close > 0 ? segment(customer, dimension, month) : from
      if before > 0 {
        add(from) { amounts, counts in
          amounts.starting += before
          amounts.fx += opening - before
          counts.starting += 1
        }
      }
      if close > 0 {
        add(to) { amounts, counts in
          amounts.ending += close
          counts.ending += 1
        }
      }
      if before > 0, close > 0, from != to {
        add(from) {
          $0.transferOut -= opening
          $1.transferOut += 1
        }
        add(to) {
          $0.transferIn += opening
          $1.transferIn += 1
        }
      }
      add(to) { amounts, counts in
        switch movement(customer, month, opening, close) {
        case .new:
          amounts.new += close
          counts.new += 1
        case .reactivation:
          amounts.reactivation += close
          counts.reactivated += 1
        case .churn:
          amounts.churn -= opening
          counts.churned += 1
        case .expansion: amounts.expansion += close - opening
        case .contraction: amounts.contraction += close - opening
        case .fx, nil: break
        }
      }
    }
    return rows
  }

  func movement(_ customer: Customer, _ month: Int, _ opening: Int64, _ close: Int64) -> Movement? {
    if opening == 0 {
      return close == 0 ? nil : customer.prices[..<month].contains { $0 > 0 } ? .reactivation : .new
    }
    return close == 0 ? .churn : close > opening ? .expansion : close < opening ? .contraction : nil
  }

  static func period(_ month: Month) -> Period {
    Period(grain: .month, first: month, last: month, label: "\(month)")
  }
}
