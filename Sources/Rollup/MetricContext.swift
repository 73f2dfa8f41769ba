import Model

/// What a metric's function may ask about one period, segment and valuation.
struct MetricContext {
  /// Dozens of tables, each of which would be counted with every copy of a context.
  final class Shared {
    let totals: Totals
    init(_ totals: Totals) { self.totals = totals }
  }

  let shared: Shared
  let period: Period
  let segment: Int
  let valuation: Valuation

  var totals: Totals { shared.totals }
  var settings: RollupSettings { totals.settings }
  var policy: Policy { totals.settings.policy }
  /// Number of the period's last month; 0 is the first published one.
  var month: Int { period.last - totals.calendar.first }
  /// Numbers of all its months; those before the first published one are negative.
  var monthNumbers: ClosedRange<Int> { (period.first - totals.calendar.first)...month }

  // MARK: Movements

  var bridge: BridgeAmounts { totals.bridge(period, segment, valuation) }

  /// nil in charge dimensions, where customers do not add up.
  var counts: BridgeCounts? { totals.isOfCharges(segment) ? nil : totals.counts(period, segment) }

  /// A count of customers, or why there is none.
  func count(_ pick: (BridgeCounts) -> Int64) -> MetricValue {
    guard let counts else { return .null(Self.noCounts) }
    return .count(pick(counts))
  }

  static let noCounts = "a customer can be in several segments of this dimension, so customers do not add up"

  /// The same question about another single month, `offset` months before this period's last one.
  func earlier(_ offset: Int) -> MetricContext? {
    guard month >= offset else { return nil }
    let other = totals.calendar.period(.month, containing: period.last - offset)
    return MetricContext(shared: shared, period: other, segment: segment, valuation: valuation)
  }

  /// The period's last month alone.
  var lastMonth: MetricContext { earlier(0) ?? self }

  // MARK: Retention

  func retention(_ window: Int) -> RetentionCell? {
    guard month >= window, let position = RetentionTable.windows.firstIndex(of: window) else { return nil }
    let table = valuation == .constant ? totals.retention.constant : totals.retention.reported
    return table[position][segment * totals.calendar.count + month]
  }

  var signupCohort: RetentionCell? {
    guard month >= 12 else { return nil }
    let table = valuation == .constant ? totals.retention.signupConstant : totals.retention.signupReported
    return table[segment * totals.calendar.count + month]
  }

  /// Over twelve months, of the customers that are in the segment at their end.
  var retentionByEnd: RetentionCell? {
    guard segment > 0 else { return retention(12) }
    guard month >= 12 else { return nil }
    let table = valuation == .constant ? totals.retention.endConstant : totals.retention.endReported
    return table[segment * totals.calendar.count + month]
  }

  /// `part / then` of a window, or why there is none.
  func retentionRatio(_ window: Int, _ part: (RetentionCell) -> Int64) -> MetricValue {
    retentionRatio(retention(window), part)
  }

  /// The ratio of a window as if a whole year went on like it; a product, so that it is the same on every machine.
  func annualizedRetention(_ window: Int, _ part: (RetentionCell) -> Int64) -> MetricValue {
    guard case .ratio(let numerator, let denominator) = retentionRatio(window, part) else {
      return retentionRatio(window, part)
    }
    return .real(
      (0..<12 / window).reduce(1.0) { product, _ in product * (Double(numerator) / Double(denominator)) })
  }

  func retentionRatio(_ cell: RetentionCell?, _ part: (RetentionCell) -> Int64) -> MetricValue {
    guard let cell else { return .null("the window reaches before the first month") }
    return ratio(part(cell), cell.then, orElse: "no MRR at the window's start")
  }

  var scheduledChurn: Int64 { totals.scheduledChurn[segment * totals.calendar.count + month] }

  // MARK: Expenses and revenue

  /// Revenue of the months, in a window whose months are all told by the same: recognized revenue where it is known of all of
  /// them, else MRR.
  func revenue(_ months: ClosedRange<Int>, in window: ClosedRange<Int>) -> Int128? {
    guard window.lowerBound >= 0 else { return nil }
    return isRecognized(window)
      ? totals.revenue.recognized.sum(months) : months.reduce(0) { $0 + Int128(totals.mrr(segment, $1)) }
  }

  /// Likewise; months before the first published one had no MRR.
  func revenueSoFar(_ months: ClosedRange<Int>) -> Int128 {
    isRecognized(months)
      ? totals.revenue.recognized.sum(months)
      : months.reduce(0) { $0 + ($1 < 0 ? 0 : Int128(totals.mrr(segment, $1))) }
  }

  /// Expenses of the categories over the months, or why they are not known.
  func expenses(_ categories: [String], _ months: ClosedRange<Int>) -> Known<Int128> {
    totals.expenses.sum(categories, months)
  }

  /// Months of the period, `lag` months earlier.
  func months(lag: Int) -> ClosedRange<Int> {
    let first = period.first - totals.calendar.first - lag
    return first...(month - lag)
  }
}

/// A number, or the sentence that says why there is none.
enum Known<Number> {
  case value(Number)
  case unknown(String)
}

/// A ratio, null with a reason where its denominator is zero or less.
func ratio(_ numerator: Int64, _ denominator: Int64, orElse reason: String) -> MetricValue {
  denominator > 0 ? .ratio(numerator: numerator, denominator: denominator) : .null(reason)
}

/// Money divided by a count, half-even to a micro-unit.
func moneyRatio(_ numerator: Int64, _ denominator: Int64, orElse reason: String) -> MetricValue {
  guard denominator > 0 else { return .null(reason) }
  let value = Int64(roundHalfEven(Int128(numerator), over: Int128(denominator)))
  return .moneyRatio(value, numerator: numerator, denominator: denominator)
}
