import Model

/// What finance keeps beside the expenses: cash at the month ends, the budget, and entries made by hand.
struct BooksExport {
  let calendar: Calendar
  let customers: Int
  let seed: UInt64

  func write(folder: String, totals: MonthlyTotals) throws -> [WrittenFile] {
    try [cash(folder), budget(folder, totals), adjustments(folder)]
  }

  /// Two accounts, of which one pays the salaries.
  private func cash(_ folder: String) throws -> WrittenFile {
    let writer = try ExportWriter(
      path: "\(folder)/cash_\(calendar.lastDay).csv", header: ["date", "account", "amount", "currency"])
    var random = SeededRandom(seed: seed, stream: 1 << 62 | 2)
    for (number, month) in calendar.all.enumerated() {
      let left = Int64(calendar.months - number + 18)
      let balances = [
        (
          "operations", BillingCurrency.usd,
          left * Int64(customers) * 21_000 + Int64(random.within(0, 900_000))
        ),
        ("berlin", .eur, Int64(customers) * 40_000 + Int64(random.within(0, 500_000))),
      ]
      for (account, currency, amount) in balances {
        writer.date(month.lastDay)
        writer.text(account)
        writer.amount(amount, exponent: 2)
        writer.text(currency.code)
        writer.endRow()
      }
    }
    return try writer.finish()
  }

  /// Of the last year and the quarter to come: a little more than what came of it.
  private func budget(_ folder: String, _ totals: MonthlyTotals) throws -> WrittenFile {
    let writer = try ExportWriter(
      path: "\(folder)/budget_\(calendar.lastDay).csv",
      header: ["date", "metric", "amount", "currency", "value"])
    func row(_ month: Month, _ metric: String, amount: Int64? = nil, value: String = "") {
      writer.date(month.firstDay)
      writer.text(metric)
      if let amount { writer.amount(amount, exponent: 2) } else { writer.empty() }
      writer.text(amount == nil ? "" : "USD")
      writer.text(value)
      writer.endRow()
    }
    for ahead in -11...3 {
      let month = Calendar.last + ahead
      let known = min(max(month, calendar.first), Calendar.last)
      row(
        month, "mrr", amount: totals.roughCents(of: totals.micros, known) * Int64(102 + max(0, ahead)) / 100)
      row(month, "mrr_new", amount: totals.roughCents(of: totals.newMicros, known) * 11 / 10 + 1000)
      row(month, "gross_margin", value: "0.78")
      row(month, "customers", value: "\(customers * (86 + ahead) / 100)")
    }
    return try writer.finish()
  }

  private func adjustments(_ folder: String) throws -> WrittenFile {
    let writer = try ExportWriter(
      path: "\(folder)/adjustments_\(calendar.lastDay).csv",
      header: ["date", "metric", "amount", "currency", "author", "reason"])
    let rows: [(Month, String, Int64, String)] = [
      (Calendar.last - 1, "mrr_churn", 125_000, "Cancelled by letter, not yet in billing"),
      (Calendar.last, "mrr_new", 480_000, "Signed on the 31st, booked on the 2nd"),
    ]
    for (month, metric, amount, reason) in rows {
      writer.date(month.lastDay)
      writer.text(metric)
      writer.amount(amount, exponent: 2)
      writer.text("USD")
      writer.text("finance")
      writer.text(reason)
      writer.endRow()
    }
    return try writer.finish()
  }
}
