import Model

/// Takes a time from its text piece by piece.
struct InstantCursor {
  struct Civil {
    var (year, month, day, hour, minute, second) = (0, 1, 1, 0, 0, 0)
    /// Seconds east of UTC.
    var offset = 0
    var nanoseconds: Int32 = 0

    /// nil where there is no such day or time.
    var instant: Instant? {
      guard let date = Day(year: year, month: month, day: day), hour < 24, minute < 60, second < 61 else {
        return nil
      }
      let seconds = Int64(date.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
      return Instant(seconds: seconds, nanoseconds: nanoseconds)
    }
  }

  private let text: [UInt8]
  private var at = 0

  init(_ text: String) { self.text = Array(text.utf8) }

  var isAtEnd: Bool { at == text.count }

  mutating func take(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }

  mutating func number(_ least: Int, _ most: Int) -> Int? {
    let digits = text[at...].prefix(most).prefix { $0 &- 0x30 <= 9 }
    guard digits.count >= least else { return nil }
    at += digits.count
    return digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
  }

  /// `Z`, `+hh:mm`, `+hhmm` or `+hh`, in seconds.
  mutating func zone() -> Int? {
    if take(0x5A) || take(0x7A) { return 0 }
    let sign = take(0x2B) ? 1 : take(0x2D) ? -1 : 0
    guard sign != 0, let hours = number(2, 2), hours < 24 else { return nil }
    _ = take(0x3A)
    guard let minutes = isAtEnd ? 0 : number(2, 2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  /// A name of a month in English, short or whole.
  mutating func month() -> Int? {
    let letters = text[at...].prefix { ($0 | 0x20) &- 0x61 < 26 }
    let name = String(decoding: letters, as: UTF8.self).lowercased()
    guard
      let index = monthNames.firstIndex(where: {
        $0.lowercased() == name || $0.lowercased().prefix(3) == name
      })
    else { return nil }
    at += letters.count
    return index + 1
  }

  /// RFC 3339 or ISO 8601, also a plain date; without an offset UTC is taken.
  mutating func iso() -> Instant? {
    var time = Civil()
    guard let year = number(4, 4), take(0x2D), let month = number(2, 2), take(0x2D), let day = number(2, 2)
    else {
      return nil
    }
    (time.year, time.month, time.day) = (year, month, day)
    if isAtEnd { return time.instant }
    guard take(0x54) || take(0x74) || take(0x20), let hour = number(2, 2), take(0x3A),
      let minute = number(2, 2)
    else { return nil }
    (time.hour, time.minute) = (hour, minute)
    if take(0x3A) {
      guard let second = number(2, 2) else { return nil }
      time.second = second
      if take(0x2E) || take(0x2C) {
        guard let nanoseconds = fraction() else { return nil }
        time.nanoseconds = nanoseconds
      }
    }
    if !isAtEnd {
      guard let offset = zone() else { return nil }
      time.offset = offset
    }
    return isAtEnd ? time.instant : nil
  }

  /// - Parameter units: Units in a second.
  mutating func epoch(_ units: Int64) -> Instant? {
    let isNegative = take(0x2D)
    let digits = text[at...].prefix { $0 &- 0x30 <= 9 }
    guard !digits.isEmpty, let whole = Int64(String(decoding: digits, as: UTF8.self)), whole < 1 << 60 else {
      return nil
    }
    at += digits.count
    var part: Int32 = 0
    if take(0x2E) {
      guard let found = fraction() else { return nil }
      part = found
    }
    guard isAtEnd else { return nil }
    let number = isNegative ? -whole : whole
    let seconds = number.flooredBy(units)
    // A fraction of a millisecond is finer than anything asks for.
    return Instant(
      seconds: seconds, nanoseconds: units == 1 ? part : Int32((number - seconds * units) * 1_000_000))
  }

  /// Digits behind a point, as nanoseconds; finer ones are dropped.
  private mutating func fraction() -> Int32? {
    let digits = text[at...].prefix { $0 &- 0x30 <= 9 }
    guard !digits.isEmpty else { return nil }
    at += digits.count
    var nanoseconds: Int32 = 0
    for place in 0..<9 {
      let digit = place < digits.count ? digits[digits.startIndex + place] &- 0x30 : 0
      nanoseconds = nanoseconds * 10 + Int32(digit)
    }
    return nanoseconds
  }
}
