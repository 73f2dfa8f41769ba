import Model

/// What the company spends by month, category and currency, in proportion to its size and its new business.
struct ExpenseExport {
  let calendar: Calendar
  let customers: Int
  let seed: UInt64

  /// Part of the category, in hundredths, that is paid in each currency.
  private struct Line {
    let category: String
    let currency: BillingCurrency
    let percent: Int64
    let note: String
  }

  private static let lines = [
    Line(category: "sales", currency: .usd, percent: 70, note: "Salaries, commissions, travel"),
    Line(category: "sales", currency: .gbp, percent: 30, note: "London office"),
    Line(category: "marketing", currency: .usd, percent: 100, note: "Advertising, events, \"content\""),
    Line(category: "cogs", currency: .usd, percent: 80, note: "Hosting, support"),
    Line(category: "cogs", currency: .eur, percent: 20, note: "Support, Berlin"),
    Line(category: "r_and_d", currency: .usd, percent: 55, note: ""),
    Line(category: "r_and_d", currency: .eur, percent: 45, note: "Engineering, Berlin"),
    Line(category: "g_and_a", currency: .usd, percent: 100, note: ""),
    Line(category: "capex", currency: .usd, percent: 100, note: ""),
  ]

  func write(folder: String, totals: MonthlyTotals) throws -> WrittenFile {
    let writer = try ExportWriter(
      path: "\(folder)/expenses_\(calendar.lastDay).csv",
      header: ["date", "category", "amount", "currency", "note"])
    var random = SeededRandom(seed: seed, stream: 1 << 62 | 1)
    for month in calendar.all {
      let revenue = totals.roughCents(of: totals.micros, month)
      let new = smoothedNew(month, totals)
      for line in Self.lines {
        let dollars = cents(of: line.category, revenue: revenue, new: new) * line.percent / 100
        let wobble = dollars * Int64(random.within(-40, 40)) / 1000
        let amount = (dollars + wobble) * 1000 / line.currency.roughPerMilleOfDollar
        writer.date(month.firstDay)
        writer.text(line.category)
        writer.amount(max(1, amount), exponent: line.currency.exponent)
        writer.text(line.currency.code)
        writer.text(line.note)
        writer.endRow()
      }
    }
    return try writer.finish()
  }

  /// Cents of a dollar a month. Winning a dollar of new monthly revenue costs about eleven.
  private func cents(of category: String, revenue: Int64, new: Int64) -> Int64 {
    let perCustomer = Int64(customers)
    return switch category {
    case "sales": new * 66 / 10 + perCustomer * 400
    case "marketing": new * 43 / 10 + perCustomer * 300
    case "cogs": revenue * 19 / 100 + perCustomer * 200
    case "r_and_d": revenue * 24 / 100 + perCustomer * 1500
    case "g_and_a": revenue * 11 / 100 + perCustomer * 700
    default: revenue * 15 / 1000 + perCustomer * 50
    }
  }

  /// Spending follows the new business of five months, not each month's luck.
  private func smoothedNew(_ month: Month, _ totals: MonthlyTotals) -> Int64 {
    let window = (-2...2).map { month + $0 }.filter { $0 >= calendar.first && $0 <= Calendar.last }
    return window.reduce(0) { $0 + totals.roughCents(of: totals.newMicros, $1) } / Int64(window.count)
  }
}
