/// A calendar day, as the number of days since 1970-01-01 (proleptic Gregorian).
@frozen public struct Day: Hashable, Comparable, Sendable {
  public var number: Int32

  @inlinable public init(number: Int32) { self.number = number }

  /// The day of a civil date; nil when the date does not exist (2023-02-29, month 13).
  @inlinable public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Month(year: year, month: month).length
    else { return nil }
    self.init(unchecked: year, month, day)
  }

  /// Howard Hinnant's `days_from_civil`.
  @inlinable init(unchecked year: Int, _ month: Int, _ day: Int) {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// Year, month (1-12) and day (1-31).
  ///
  /// Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms": multiplications where the divisions
  /// were. Their 32 bits reach over 30,000 years to either side.
  @inlinable public var civil: (year: Int, month: Int, day: Int) {
    guard number > -12_000_000, number < 500_000_000 else { return farCivil }
    // From March of a year that is a multiple of 400 and before all others.
    let (eras, shift): (UInt32, UInt32) = (82, 719_468)
    let days = UInt32(truncatingIfNeeded: Int(number) &+ Int(shift &+ 146_097 &* eras))
    let inCenturies = 4 &* days &+ 3
    let century = inCenturies / 146_097
    let inYears = UInt64(inCenturies % 146_097 | 3) &* 2_939_745
    let yearOfCentury = UInt32(truncatingIfNeeded: inYears &>> 32)
    let dayOfYear = UInt32(truncatingIfNeeded: inYears) / 2_939_745 / 4
    let inMonths = 2141 &* dayOfYear &+ 197_913
    let isNextYear = dayOfYear >= 306
    let month = inMonths &>> 16
    return (
      Int(100 &* century &+ yearOfCentury) &- 400 &* Int(eras) &+ (isNextYear ? 1 : 0),
      Int(isNextYear ? month &- 12 : month), Int((inMonths & 0xFFFF) / 2141 &+ 1)
    )
  }

  /// Howard Hinnant's `civil_from_days`, for any number.
  @usableFromInline var farCivil: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }

  @inlinable public var month: Month {
    let date = civil
    return Month(year: date.year, month: date.month)
  }

  @inlinable public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
  @inlinable public static func + (day: Day, days: Int) -> Day { Day(number: day.number + Int32(days)) }
  @inlinable public static func - (day: Day, days: Int) -> Day { Day(number: day.number - Int32(days)) }
}

extension Day {
  /// The year two digits stand for: 69 to 99 are of 1900, 00 to 68 of 2000 (POSIX, `strptime`, `%y`).
  public static func year(ofTwoDigits digits: Int) -> Int { digits + (digits < 69 ? 2000 : 1900) }
}

extension Day: CustomStringConvertible {
  /// ISO 8601, `2024-02-29`.
  public var description: String {
    let date = civil
    return paddedNumber(date.year, 4) + "-" + paddedNumber(date.month, 2) + "-" + paddedNumber(date.day, 2)
  }

  /// Reads exactly `YYYY-MM-DD`.
  public init?(iso text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D,
      let year = decimalNumber(digits[0..<4]), let month = decimalNumber(digits[5..<7]),
      let day = decimalNumber(digits[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }
}

func paddedNumber(_ number: Int, _ width: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}

func decimalNumber(_ digits: ArraySlice<UInt8>) -> Int? {
  var number = 0
  for digit in digits {
    guard digit >= 0x30, digit <= 0x39 else { return nil }
    number = number * 10 + Int(digit - 0x30)
  }
  return digits.isEmpty ? nil : number
}
