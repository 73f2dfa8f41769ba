import Model

/// What keeps closed months from being carried on: they are in another currency, or of other fiscal years.
func contradiction(of settings: RollupSettings) -> Finding? {
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
  return nil
}
