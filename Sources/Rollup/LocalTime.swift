import Model

/// A point in time as the roll-up sees it: a day of the reporting zone, and the instant on it where the source tells one.
///
/// Packed in 64 bits, ordered by day first; a plain date comes before every instant of its day. So whatever is computed of
/// points in time is, seen by day, what would have been computed of days.
struct LocalTime: Hashable, Comparable {
  private let packed: Int64

  private static let bitsOfDay: Int64 = 20
  /// Keeps an instant's distance from its day's midnight in UTC positive, whatever the zone's offset.
  private static let bias: Int64 = 200_001

  init(day: Day) { packed = Int64(day.number) << Self.bitsOfDay }

  init(_ moment: Moment, _ zone: ReportingZone) {
    let day = Int64(zone.day(of: moment).number)
    let within = moment.isInstant ? moment.seconds - day * 86_400 + Self.bias : 0
    packed = day << Self.bitsOfDay | within
  }

  var day: Day { Day(number: Int32(truncatingIfNeeded: packed >> Self.bitsOfDay)) }
  var month: Month { day.month }
  /// Seconds since 1970; nil for a plain date.
  var instant: Int64? {
    let within = packed & (1 << Self.bitsOfDay - 1)
    return within == 0 ? nil : Int64(day.number) * 86_400 + within - Self.bias
  }

  static func < (left: Self, right: Self) -> Bool { left.packed < right.packed }
}

/// A half-open stretch of time; nil is unbounded.
struct TimeRange {
  var start: LocalTime?
  var end: LocalTime?

  func intersection(_ other: TimeRange) -> TimeRange? {
    let start = [self.start, other.start].compactMap { $0 }.max()
    let end = [self.end, other.end].compactMap { $0 }.min()
    if let start, let end, start >= end { return nil }
    return TimeRange(start: start, end: end)
  }

  /// What is left of `self` on both sides of `hole`.
  func subtracting(_ hole: TimeRange) -> [TimeRange] {
    [
      hole.start.flatMap { intersection(TimeRange(start: nil, end: $0)) },
      hole.end.flatMap { intersection(TimeRange(start: $0, end: nil)) },
    ].compactMap { $0 }
  }

  /// False for a stretch inside one day of which a date alone is known: it holds for no time that could be told.
  var lasts: Bool {
    guard let start, let end, start.day == end.day else { return true }
    return start.instant != nil && end.instant != nil
  }
}
