import Model

extension MetricContext {
  /// A count of trials in the period; nil where no source tells of subscriptions.
  func trialCount(_ count: TrialCount) -> Int64? {
    totals.fed.contains(.subscription) ? totals.trials(count, monthNumbers) : nil
  }

  func trials(_ count: TrialCount) -> MetricValue {
    trialCount(count).map { .count($0) } ?? .null("no subscription data")
  }

  /// A figure of the use in the period's last month, or why there is none.
  func usage(_ figure: (UsageSums, _ segment: Int, _ month: Int) -> MetricValue) -> MetricValue {
    guard totals.fed.contains(.usageEvent) else { return .null("no usage data") }
    return figure(totals.usage, segment, month)
  }

  /// Net new MRR of a month over the mean of the twelve months around it, the outer ones half.
  var seasonality: MetricValue {
    guard totals.calendar.count >= 24 else { return .null("fewer than 24 months") }
    guard month >= 6 else { return .null("the year around it reaches before the first month") }
    guard month + 6 < totals.calendar.count else { return .null("the year around it is not over") }
    func netNew(_ number: Int) -> Int64 { totals.known(number).netNew }
    let inner = (month - 5...month + 5).reduce(Int64(0)) { $0 + netNew($1) }
    return ratio(
      24 * netNew(month), netNew(month - 6) + 2 * inner + netNew(month + 6),
      orElse: "net new MRR of the year around it is not above 0")
  }
}
