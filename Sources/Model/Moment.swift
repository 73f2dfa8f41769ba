/// A point in valid time as a source gives it: a plain date, or an instant in UTC.
///
/// The two are never mixed up: a plain date stays a date whatever the reporting time zone, an instant is put on
/// a day by it (``ReportingZone/day(of:)``). Packed in 64 bits as `seconds since 1970 * 2 + (instant ? 1 : 0)`.
@frozen public struct Moment: Hashable, Sendable {
  public var packed: Int64

  @inlinable public init(packed: Int64) { self.packed = packed }
  @inlinable public init(day: Day) { packed = Int64(day.number) * 172_800 }
  @inlinable public init(instant seconds: Int64) { packed = seconds << 1 | 1 }

  @inlinable public var isInstant: Bool { packed & 1 == 1 }
  /// Seconds since 1970-01-01T00:00:00Z; for a plain date those of its midnight in UTC.
  @inlinable public var seconds: Int64 { packed >> 1 }
  /// The plain date, or nil for an instant.
  @inlinable public var plainDay: Day? {
    isInstant ? nil : Day(number: Int32(truncatingIfNeeded: packed / 172_800))
  }
}

extension Moment: CustomStringConvertible {
  /// `2024-02-29`, or `2024-02-29T23:30:00Z`.
  public var description: String {
    if let day = plainDay { return day.description }
    let number = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = Int(seconds - number * 86_400)
    return
      "\(Day(number: Int32(number)))T\(paddedNumber(rest / 3600, 2)):\(paddedNumber(rest / 60 % 60, 2)):\(paddedNumber(rest % 60, 2))Z"
  }

  /// Reads what ``description`` writes.
  public init?(iso text: some StringProtocol) {
    if let day = Day(iso: text) {
      self.init(day: day)
      return
    }
    let bytes = Array(text.utf8)
    guard bytes.count == 20, bytes[10] == 0x54, bytes[19] == 0x5A, bytes[13] == 0x3A, bytes[16] == 0x3A,
      let day = Day(iso: text.prefix(10)), let hour = decimalNumber(bytes[11..<13]),
      let minute = decimalNumber(bytes[14..<16]), let second = decimalNumber(bytes[17..<19]),
      hour < 24, minute < 60, second < 60
    else { return nil }
    self.init(instant: Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second))
  }
}
