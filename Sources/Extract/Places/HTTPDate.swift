import Model

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of date that servers still send; nil for others.
func httpDate(_ text: String) -> Int64? {
  let parts = text.split(whereSeparator: { $0 == " " || $0 == "-" || $0 == "," })
  guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
    year >= 1970
  else {
    return nil
  }
  let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  let clock = parts[4].split(separator: ":").compactMap { Int($0) }
  guard let month = names.firstIndex(of: String(parts[2])), clock.count == 3,
    let date = Day(year: year, month: month + 1, day: day), clock[0] < 24, clock[1] < 60, clock[2] < 61
  else { return nil }
  return Int64(date.number) * 86_400 + Int64(clock[0] * 3600 + clock[1] * 60 + clock[2])
}
