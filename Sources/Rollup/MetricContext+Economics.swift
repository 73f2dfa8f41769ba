import Model

extension MetricContext {
  /// All categories that run through the profit and loss account.
  static let runningCosts = ["cogs", "sales", "marketing", "r_and_d", "g_and_a"]

  /// Revenue of some months and what the costs leave of it.
  func margin(_ costs: [String], _ months: ClosedRange<Int>) -> Known<(left: Int128, revenue: Int128)> {
    switch expenses(costs, months) {
    case .unknown(let reason): return .unknown(reason)
    case .value(let spent):
      let revenue = revenueSoFar(months)
      return revenue > 0 ? .value((revenue - spent, revenue)) : .unknown("no revenue")
    }
  }

  /// Churned and opening customers of the churn that lifetime value is computed with.
  private var lifetimeChurn: (churned: Int64, opening: Int64)? {
    let offsets = policy.ltvChurn == .month ? 0...0 : 0...5
    let months = offsets.map { earlier($0)?.counts }
    guard months.allSatisfy({ $0 != nil }) else { return nil }
    return months.reduce((0, 0)) { ($0.0 + ($1?.churned ?? 0), $0.1 + ($1?.starting ?? 0)) }
  }

  /// `arpa x gross margin / customer churn` as one exact quotient, half-even to a micro-unit.
  var lifetimeValue: Known<Int64> {
    guard let counts, counts.ending > 0 else { return .unknown("no customers at the period's end") }
    var left: Int128 = 1
    var revenue: Int128 = 1
    if policy.ltvMargin == .use {
      switch margin(["cogs"], monthNumbers) {
      case .unknown(let reason): return .unknown(reason)
      case .value(let margin): (left, revenue) = (margin.left, margin.revenue)
      }
    }
    guard let churn = lifetimeChurn else { return .unknown("the window reaches before the first month") }
    guard churn.opening > 0 else { return .unknown("no customers at the opening") }
    guard churn.churned > 0 else { return .unknown("no customer churned, so the expected life is unbounded") }
    let divisor = max(1, Int128(greatestCommonDivisor(left.magnitude, revenue.magnitude)))
    let gain = Int128(bridge.ending).multipliedReportingOverflow(by: left / divisor)
    let top = gain.partialValue.multipliedReportingOverflow(by: Int128(churn.opening))
    let bottom = Int128(counts.ending) * Int128(churn.churned)
    let divided = bottom.multipliedReportingOverflow(by: revenue / divisor)
    guard !gain.overflow, !top.overflow, !divided.overflow,
      let value = Int64(exactly: roundHalfEven(top.partialValue, over: divided.partialValue))
    else { return .unknown("too large to be counted exactly") }
    return .value(value)
  }
}
