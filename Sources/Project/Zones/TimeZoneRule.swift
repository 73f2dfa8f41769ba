import Model

/// The rule for all later years at the end of a time-zone file, a POSIX `TZ` text: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule {
  /// When in a year a change happens.
  enum Change: Equatable {
    /// Weekday (0 Sunday) of a week (5: the last) of a month.
    case weekday(month: Int, week: Int, day: Int)
    /// 1 to 365; 29 February is never counted.
    case dayWithoutLeap(Int)
    /// 0 to 365; 29 February is counted.
    case dayOfYear(Int)
  }

  /// Seconds east of UTC.
  let standard: Int32
  private var summer: (offset: Int32, start: (Change, Int32), end: (Change, Int32))?

  /// nil when the text is empty or not of that form.
  init?(_ text: String) {
    var reader = RuleReader(Array(text.utf8)[...])
    guard reader.skipName(), let west = reader.time() else { return nil }
    standard = -west
    guard !reader.isAtEnd else { return }
    guard reader.skipName() else { return nil }
    var offset = standard + 3600
    if reader.next != UInt8(ascii: ","), let summerWest = reader.time() { offset = -summerWest }
    guard let start = reader.change(), let end = reader.change(), reader.isAtEnd else { return nil }
    summer = (offset, start, end)
  }

  /// The year's changes in order; none without summer time.
  func transitions(in year: Int) -> [(at: Int64, offset: Int32)] {
    guard let summer else { return [] }
    func instant(_ change: (Change, Int32), before offset: Int32) -> Int64 {
      Int64(Self.day(of: change.0, in: year).number) * 86_400 + Int64(change.1) - Int64(offset)
    }
    return [
      (at: instant(summer.start, before: standard), offset: summer.offset),
      (at: instant(summer.end, before: summer.offset), offset: standard),
    ].sorted { $0.at < $1.at }
  }

  private static func day(of change: Change, in year: Int) -> Day {
    let newYear = Month(year: year, month: 1).firstDay
    switch change {
    case .dayOfYear(let number): return newYear + number
    case .dayWithoutLeap(let number):
      let isLeap = Month(year: year, month: 2).length == 29
      return newYear + (number - 1) + (isLeap && number >= 60 ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      let month = Month(year: year, month: month)
      // 1970-01-01 was a Thursday.
      let first = (Int(month.firstDay.number) + 4) % 7
      var day = (weekday - (first + 7) % 7 + 7) % 7 + (week - 1) * 7
      while day >= month.length { day -= 7 }
      return month.firstDay + day
    }
  }
}

private struct RuleReader {
  private var rest: ArraySlice<UInt8>
  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var next: UInt8? { rest.first }
  var isAtEnd: Bool { rest.isEmpty }

  /// `CET`, or `<+0330>`.
  mutating func skipName() -> Bool {
    if next == UInt8(ascii: "<") {
      guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(close + 1)...]
      return true
    }
    let letters = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    rest = rest.dropFirst(letters.count)
    return letters.count >= 3
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  mutating func time() -> Int32? {
    var sign: Int32 = 1
    if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") {
      sign = next == UInt8(ascii: "-") ? -1 : 1
      rest = rest.dropFirst()
    }
    guard let hours = number() else { return nil }
    var seconds = Int32(hours) * 3600
    for unit in [60, 1] where next == UInt8(ascii: ":") {
      rest = rest.dropFirst()
      guard let part = number() else { return nil }
      seconds += Int32(part * unit)
    }
    return sign * seconds
  }

  /// `,M3.5.0/2`, `,J60`, `,59`; at two o'clock when no time is given.
  mutating func change() -> (TimeZoneRule.Change, Int32)? {
    guard take(","), let day = day() else { return nil }
    guard take("/") else { return (day, 7200) }
    return time().map { (day, $0) }
  }

  private mutating func day() -> TimeZoneRule.Change? {
    if take("J") { return number().map { .dayWithoutLeap($0) } }
    guard take("M") else { return number().map { .dayOfYear($0) } }
    guard let month = number(), take("."), let week = number(), take("."), let weekday = number(),
      (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
    else { return nil }
    return .weekday(month: month, week: week, day: weekday)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func number() -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...4).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
