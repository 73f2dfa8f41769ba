import Foundation
import Model

@testable import Demo

/// Month-end MRR by customer, worked out from the written files alone: the generator's own arithmetic is not used.
struct ReadBack: Sendable {
  struct Key: Hashable {
    let customer: String
    let month: Month
    let currency: String
  }

  private(set) var micros: [Key: Int64] = [:]
  let months: [Month]

  init(_ written: WrittenCompany) throws {
    months = written.company.calendar.all
    for row in try written.table("exports/billing/periods_2026-10-31.csv") { addPeriod(row) }
    var lastGood: [String: [String: String]] = [:]
    for month in months {
      let prices = Dictionary(
        uniqueKeysWithValues: try written.table("exports/stripe/prices_\(month.lastDay).csv").map {
          ($0["id", default: ""], $0)
        })
      for row in try written.table("exports/stripe/subscriptions_\(month.lastDay).csv") {
        let id = row["id", default: ""]
        let isReadable = Int64(row["quantity", default: ""]) != nil
        if isReadable { lastGood[id] = row }
        guard let good = lastGood[id], let price = prices[good["price_id", default: ""]] else { continue }
        addSnapshot(good, price, month)
      }
    }
  }

  /// Sums by month and currency, zeros left out.
  var totals: [Key: Int64] {
    micros.reduce(into: [:]) {
      $0[Key(customer: "", month: $1.key.month, currency: $1.key.currency), default: 0] += $1.value
    }
  }

  /// One customer's MRR at the end of each month, in its currency's micro-units.
  func history(_ customer: String) -> [Int64] {
    months.map { month in
      micros.filter { $0.key.customer == customer && $0.key.month == month }.reduce(0) { $0 + $1.value }
    }
  }

  private mutating func addPeriod(_ row: [String: String]) {
    guard let start = Day(iso: row["start_date", default: ""]),
      let price = decimal(row["unit_price", default: ""]),
      let quantity = Int64(row["quantity", default: ""]),
      let currency = Currency(row["currency", default: ""]),
      let parts = partsOfMonth(row["interval", default: ""], row["interval_count", default: ""]),
      row["status"] == "active" || row["status"] == "past_due", row["trial"] == "false"
    else { return }
    let end = Day(iso: row["end_date", default: ""])
    for month in months where start < month.end && (end.map { month.end <= $0 } ?? true) {
      let until = Day(iso: row["discount_end", default: ""])
      let holds =
        row["discount_duration"] == "forever"
        || (row["discount_duration"] == "repeating" && (until.map { month.end <= $0 } ?? true))
      let percent = holds ? decimal(row["discount_percent", default: ""]) ?? 0 : 0
      let off = holds ? decimal(row["discount_amount", default: ""]) ?? 0 : 0
      let value = monthly(price * Int128(quantity), percent: percent, off: off, parts)
      micros[
        Key(customer: row["customer_id", default: ""], month: month, currency: currency.code), default: 0] +=
        value
    }
  }

  private mutating func addSnapshot(_ row: [String: String], _ price: [String: String], _ month: Month) {
    guard row["status"] == "active" || row["status"] == "past_due",
      let currency = Currency(price["currency", default: ""]),
      let quantity = Int64(row["quantity", default: ""]),
      let amount = Int64(price["unit_amount", default: ""]),
      let parts = partsOfMonth(
        price["recurring_interval", default: ""], price["recurring_interval_count", default: ""])
    else { return }
    let scale: Int128 = currency.exponent == 0 ? 1_000_000 : 10_000
    let holds = row["coupon_duration"] == "forever" || row["coupon_duration"] == "repeating"
    let percent = holds ? decimal(row["coupon_percent_off", default: ""]) ?? 0 : 0
    let off = holds ? Int128(Int64(row["coupon_amount_off", default: ""]) ?? 0) * scale : 0
    let value = monthly(Int128(amount * quantity) * scale, percent: percent, off: off, parts)
    micros[
      Key(customer: row["customer_id", default: ""], month: month, currency: currency.code), default: 0] +=
      value
  }

  /// Half-even; `base` and `off` in micro-units, `percent` in millionths of a percent.
  private func monthly(_ base: Int128, percent: Int128, off: Int128, _ parts: (Int128, Int128)) -> Int64 {
    let numerator = (base * (100_000_000 - percent) - off * 100_000_000) * parts.0
    let denominator = 100_000_000 * parts.1
    let quotient = numerator / denominator
    let rest = numerator % denominator
    let roundsUp = rest * 2 > denominator || (rest * 2 == denominator && quotient & 1 == 1)
    return Int64(quotient) + (roundsUp ? 1 : 0)
  }

  private func partsOfMonth(_ unit: String, _ count: String) -> (Int128, Int128)? {
    guard let count = Int128(count) else { return nil }
    return switch unit {
    case "month": (1, count)
    case "year": (1, 12 * count)
    case "week": (52, 12 * count)
    default: nil
    }
  }

  /// Millionths of a plain decimal; nil when it is not one.
  private func decimal(_ text: String) -> Int128? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ Int128($0) }), parts.count <= 2 else { return nil }
    guard parts.count == 2 else { return whole * 1_000_000 }
    let digits = String(parts[1]) + String(repeating: "0", count: max(0, 6 - parts[1].count))
    return Int128(digits).map { whole * 1_000_000 + $0 }
  }
}
