import Model

/// Times, sizes and rates, each a number with its unit.
extension ScalarKind {
  static let duration = ScalarKind(
    finding: .badValue, expected: "a time such as `500 ms`, `30 s`, `10 min`, `1 h` or `7 days`",
    schema: ["type": "string", "pattern": "^[0-9]+ ?(ms|s|min|h|days?)$"]
  ) { milliseconds($0) != nil }

  static let size = ScalarKind(
    finding: .badValue, expected: "a size such as `500 MB` or `64 GB`",
    schema: ["type": "string", "pattern": "^[0-9]+ ?(B|KB|MB|GB|TB)$"]
  ) { byteCount($0) != nil }

  static let requestRate = ScalarKind(
    finding: .badValue, expected: "a number of requests such as `5/s`, `100/min` or `1000/h`",
    schema: ["type": "string", "pattern": "^[0-9]+/(s|min|h)$"]
  ) { requests($0) != nil }
}

/// `30 s` is 30,000.
func milliseconds(_ text: String) -> Int64? {
  measure(
    text,
    ["ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "day": 86_400_000, "days": 86_400_000])
}

/// `64 GB` is 64 times 10^9.
func byteCount(_ text: String) -> Int64? {
  measure(text, ["B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000])
}

/// `100/min` is 100 in 60,000 milliseconds.
func requests(_ text: String) -> (count: Int, period: Int64)? {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
    let period = ["s": 1000, "min": 60_000, "h": 3_600_000][parts[1].drop { $0 == " " }] as Int64?
  else { return nil }
  return (count, period)
}

private func measure(_ text: String, _ units: [String: Int64]) -> Int64? {
  let digits = text.prefix { $0.isNumber }
  let unit = text.dropFirst(digits.count).drop { $0 == " " }
  guard let number = Int64(digits), number > 0, let factor = units[String(unit)] else { return nil }
  let (result, overflow) = number.multipliedReportingOverflow(by: factor)
  return overflow ? nil : result
}
