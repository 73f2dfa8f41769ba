import Model

/// What keeps closed months from being carried on: they are in another currency, of other fiscal years, or have a metric that is gone.
///
/// - Parameter own: The project's own metrics of which closed months have figures, with their units then.
func contradiction(of settings: RollupSettings, closedMetrics own: [String: Metric.Unit]) -> Finding? {
  guard let closed = settings.closed else { return nil }
  func refused(_ key: String, _ now: String, _ then: String) -> Finding {
    Finding(
      .error, "closed-otherwise",
      "the months to \(closed.through) are closed with \(key) \(then), and it is \(now) now",
      consequence: "nothing is published",
      remedy:
        "set it back to \(then) in Config/company.yml, or open the closed months again, the latest first, with `perennial reopen`"
    )
  }
  if closed.currency != settings.currency {
    return refused("the reporting currency", settings.currency.code, closed.currency.code)
  }
  if closed.fiscalYearStart != settings.fiscalYearStart {
    return refused(
      "the fiscal year's first month", String(settings.fiscalYearStart), String(closed.fiscalYearStart))
  }
  for (id, unit) in own.sorted(by: { $0.key < $1.key }) {
    let metric = settings.ownMetrics.first { $0.metric.id == id }?.metric
    guard metric?.unit != unit else { continue }
    let now =
      metric.map { "its unit is `\($0.unit.rawValue)` now, and was `\(unit.rawValue)`" } ?? "it is gone"
    return Finding(
      .error, "closed-otherwise",
      "the months to \(closed.through) are closed with the metric `\(id)` of Config/metrics, and \(now)",
      consequence: "nothing is published",
      remedy:
        "put Config/metrics/\(id).yml back as it was; another formula goes under another name, or under this one from now on"
    )
  }
  return nil
}
