/// How long a server asks to wait, from its headers.
///
/// Dates are measured from the reply's own `Date`, so that a clock that goes wrong, here or there, asks for no day of waiting.
enum ServerDelay {
  /// Milliseconds, never negative; nil where the server asks for nothing.
  static func milliseconds(_ reply: Reply, now: Int64) -> Int64? {
    let here = reply.header("date").flatMap(httpDate) ?? now / 1000
    if let text = reply.header("retry-after") {
      if let seconds = Int64(text), seconds >= 0 { return bounded(seconds) }
      if let date = httpDate(text) { return bounded(date - here) }
    }
    let isUsedUp = ["x-ratelimit-remaining", "ratelimit-remaining"].contains { reply.header($0) == "0" }
    guard isUsedUp || reply.status == 429 else { return nil }
    for name in ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"] {
      guard let text = reply.header(name), let number = Int64(text.prefix { $0.isNumber }), number >= 0
      else { continue }
      // A number of today's size is a date in seconds or milliseconds, a small one the seconds left.
      if number > 100_000_000_000 { return bounded(number / 1000 - here) }
      return bounded(number > 100_000_000 ? number - here : number)
    }
    return nil
  }

  private static func bounded(_ seconds: Int64) -> Int64 { min(max(seconds, 0), 1 << 32) * 1000 }
}
