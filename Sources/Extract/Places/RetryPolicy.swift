import Model

/// Whether and when a transfer that failed is tried again.
struct RetryPolicy {
  let policy: TransferPolicy

  enum Answer: Equatable {
    /// After so many milliseconds.
    case again(after: Int64)
    /// No more: the reason, to be put behind the last error; nil where that says enough.
    case enough(because: String?)
  }

  /// The status codes that mean "later": too early, too often, or the server's own trouble.
  static func isPassing(status: Int) -> Bool {
    [408, 425, 429].contains(status) || (500...599).contains(status)
  }

  /// - Parameters:
  ///   - attempts: Tries so far, at least one.
  ///   - elapsed: Milliseconds since the first one began.
  ///   - asked: Milliseconds the server asks to wait.
  func answer(
    isWorthRetrying: Bool, attempts: Int, elapsed: Int64, asked: Int64?, draw: (Int64) -> Int64
  ) -> Answer {
    guard isWorthRetrying else { return .enough(because: nil) }
    guard attempts < policy.attempts else { return .enough(because: nil) }
    let wait = (asked ?? 0) + draw(asked == nil ? longest(after: attempts) : policy.firstWait)
    guard elapsed + wait <= policy.within else {
      let reason =
        asked.map {
          "the server asks to wait \(seconds($0)), and `retry: {within: \(seconds(policy.within))}` leaves less"
        }
        ?? "`retry: {within: \(seconds(policy.within))}` leaves no time for another try"
      return .enough(because: reason)
    }
    return .again(after: wait)
  }

  /// Doubles with each try: the wait is drawn from 0 to this, so that many clients do not come back at once.
  private func longest(after attempts: Int) -> Int64 {
    let doubled = policy.firstWait.multipliedReportingOverflow(by: 1 << Int64(min(attempts - 1, 30)))
    return doubled.overflow ? policy.longestWait : min(policy.longestWait, doubled.partialValue)
  }
}

/// Milliseconds in the largest fitting unit: `90 s`, `15 min`, `250 ms`.
func seconds(_ milliseconds: Int64) -> String {
  if milliseconds % 1000 != 0, milliseconds < 10_000 { return "\(milliseconds) ms" }
  let whole = milliseconds / 1000
  if whole >= 3600, whole % 3600 == 0 { return "\(whole / 3600) h" }
  if whole >= 60, whole % 60 == 0 { return "\(whole / 60) min" }
  return "\(whole) s"
}
