/// A calendar month, as the number of months since January of year 0.
///
/// Month M runs from its first day to the next month's first day, ``end`` (exclusive). The state *of* M is
/// that of its last moment: a charge counts when `start < end(M) <= its end`.
@frozen public struct Month: Hashable, Comparable, Sendable {
  public var number: Int32

  @inlinable public init(number: Int32) { self.number = number }
  @inlinable public init(year: Int, month: Int) { number = Int32(year * 12 + month - 1) }

  @inlinable public var year: Int { Int(number) / 12 }
  /// 1 to 12.
  @inlinable public var monthOfYear: Int { Int(number) % 12 + 1 }
  @inlinable public var firstDay: Day { Day(unchecked: year, monthOfYear, 1) }
  /// The first day of the next month, `E` of the model.
  @inlinable public var end: Day { (self + 1).firstDay }
  @inlinable public var lastDay: Day { end - 1 }

  /// Days in the month, 28 to 31.
  @inlinable public var length: Int {
    switch monthOfYear {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  @inlinable public static func < (left: Month, right: Month) -> Bool { left.number < right.number }
  @inlinable public static func + (month: Month, months: Int) -> Month {
    Month(number: month.number + Int32(months))
  }
  @inlinable public static func - (month: Month, months: Int) -> Month {
    Month(number: month.number - Int32(months))
  }
  @inlinable public static func - (left: Month, right: Month) -> Int { Int(left.number - right.number) }
}

extension Month: CustomStringConvertible {
  /// `2024-02`.
  public var description: String { paddedNumber(year, 4) + "-" + paddedNumber(monthOfYear, 2) }

  /// Reads exactly `YYYY-MM`.
  public init?(iso text: some StringProtocol) {
    guard text.utf8.count == 7, let first = Day(iso: text + "-01") else { return nil }
    self = first.month
  }
}
