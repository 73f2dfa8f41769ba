import Model
import Render
import Rollup
import Warehouse

/// Tells of months that were published with another MRR: what was reported of them no longer holds.
///
/// - Parameters:
///   - before: As the last run published them.
///   - result: What this one is about to publish.
func changedMonths(since before: PublishedMRR?, _ result: RollupResult, in currency: Currency) -> Finding? {
  let now = result.mrrByMonth
  // Where nothing is in force, or a run looks back, months have no MRR instead of another one.
  guard let before, before.currency == currency, let last = now.keys.max() else { return nil }
  let changed = before.months.filter { $0.key <= last }.compactMap { month, mrr in
    let difference = (Int128(now[month] ?? 0) - Int128(mrr)).magnitude
    return difference == 0 ? nil : (month: month, difference: difference)
  }
  guard !changed.isEmpty else { return nil }
  let largest = changed.sorted { ($1.difference, $0.month) < ($0.difference, $1.month) }.map(\.month)
  func text(_ mrr: Int64?) -> String {
    exactDecimalText(Int128(mrr ?? 0), scale: 6, leastDigits: currency.exponent)
  }
  let shown = largest.prefix(3).map { month in
    "\(month) \(text(now[month])) (was \(text(before.months[month])))"
  }
  let rest = largest.count > shown.count ? ", and \(largest.count - shown.count) more" : ""
  return Finding(
    .note, "published-months-changed",
    "MRR of \(largest.count == 1 ? "a published month" : "\(largest.count) published months") is another one now: \(shown.joined(separator: ", "))\(rest)",
    consequence: "reports that were made of \(largest.count == 1 ? "it" : "them") before say something else",
    remedy:
      "if nobody corrected the past, look for what changed in the exports, the mapping or the policy; `perennial render REPORT --month \(largest[0])` makes one anew, and with `--known-at` as it was"
  )
}

/// Tells of closed months whose MRR the facts would make another one since this run; it stays as closed.
func restatedMonths(_ restated: [FigureRestatement], in currency: Currency) -> Finding? {
  func text(_ value: MetricValue?) -> String {
    guard case .money(let mrr)? = value else {
      return exactDecimalText(0, scale: 6, leastDigits: currency.exponent)
    }
    return exactDecimalText(Int128(mrr), scale: 6, leastDigits: currency.exponent)
  }
  let months = restated.filter {
    $0.figure.metric == "mrr" && $0.figure.period.grain == .month && $0.figure.segment == .all
      && $0.figure.valuation == .asReported
  }.sorted { $1.figure.period.last < $0.figure.period.last }
  guard let latest = months.first else { return nil }
  let shown = months.prefix(3).map {
    "\($0.figure.period.label) \(text($0.now)) (closed with \(text($0.asClosed)))"
  }
  let rest = months.count > shown.count ? ", and \(months.count - shown.count) more" : ""
  return Finding(
    .note, "closed-months-restated",
    "MRR of \(months.count == 1 ? "a closed month" : "\(months.count) closed months") would be another one now: \(shown.joined(separator: ", "))\(rest)",
    consequence: "it stays as closed, and the first open month is restated by the difference at its opening",
    remedy:
      "`perennial restatements --customers --month \(latest.figure.period.label)` tells whose it is, and the rows behind it"
  )
}

extension RollupResult {
  /// MRR at the end of each month, in reporting currency.
  var mrrByMonth: [Month: Int64] {
    let months = bridge.lazy.filter {
      $0.period.grain == .month && $0.segment == .all && $0.valuation == .asReported
    }
    return Dictionary(months.map { ($0.period.last, $0.amounts.ending) }) { first, _ in first }
  }
}
