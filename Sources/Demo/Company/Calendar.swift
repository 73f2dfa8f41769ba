import Model

/// The company's months: its exports end with ``last``, whatever the day they are made on.
struct Calendar {
  static let last = Month(year: 2026, month: 10)

  let first: Month

  init(months: Int) { first = Self.last - (max(1, months) - 1) }

  var months: Int { Self.last - first + 1 }
  var all: [Month] { (0..<months).map { first + $0 } }
  /// The last day the exports know of.
  var lastDay: Day { Self.last.lastDay }

  /// The day `day` of a month, or the month's last one where it is shorter.
  static func day(_ day: Int, of month: Month) -> Day { month.firstDay + (min(day, month.length) - 1) }

  /// The same day `months` later, clipped to the month's length: 29 February has its anniversary on the 28th.
  static func anniversary(of day: Day, after months: Int) -> Day {
    let date = day.civil
    return self.day(date.day, of: Month(year: date.year, month: date.month) + months)
  }
}

/// New York's clock, the company's own: local days and times as instants.
enum NewYork {
  static let zoneName = "America/New_York"

  /// Seconds since 1970 in UTC of `second` seconds after a local midnight. Not for the hours in which clocks change.
  static func instant(_ day: Day, _ second: Int64) -> Int64 {
    Int64(day.number) * 86_400 + second + (hasSummerTime(day) ? 14_400 : 18_000)
  }

  /// From the second Sunday of March to the day before the first Sunday of November.
  private static func hasSummerTime(_ day: Day) -> Bool {
    let year = day.civil.year
    return sunday(2, of: Month(year: year, month: 3)) <= day
      && day < sunday(1, of: Month(year: year, month: 11))
  }

  private static func sunday(_ ordinal: Int, of month: Month) -> Day {
    let first = month.firstDay
    return first + ((7 - first.weekday) % 7 + 7 * (ordinal - 1))
  }
}

extension Day {
  /// 0 is Sunday, 6 Saturday.
  var weekday: Int { ((Int(number) + 4) % 7 + 7) % 7 }
  var isOnWeekend: Bool { weekday == 0 || weekday == 6 }
}
