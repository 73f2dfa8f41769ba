import Model

/// A date and time of day as read, not yet known to exist.
struct CivilTime {
  var year = 0
  var month = 0
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0
  /// Seconds east of UTC; a time without an offset is UTC.
  var offset = 0

  var plainDay: ParsedCell {
    guard let day = Day(year: year, month: month, day: day) else { return ParsedCell(.impossibleDate) }
    return ParsedCell(Moment(day: day).packed)
  }

  var instant: ParsedCell {
    guard let day = Day(year: year, month: month, day: day), hour < 24, minute < 60, second < 60 else {
      return ParsedCell(.impossibleDate)
    }
    let seconds = Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
    return ParsedCell(Moment(instant: seconds).packed)
  }
}

/// Walks over the bytes of a date.
struct DateCursor {
  private let text: FieldBytes
  private(set) var position = 0

  @inline(__always) init(_ text: FieldBytes) { self.text = text }

  var isAtEnd: Bool { position == text.count }
  var next: UInt8? { position < text.count ? text[position] : nil }

  @inline(__always) mutating func take(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  @inline(__always) mutating func number(_ least: Int, _ most: Int) -> Int? {
    var number = 0
    var digits = 0
    while digits < most, position < text.count {
      let digit = text[position] &- 0x30
      guard digit <= 9 else { break }
      number = number * 10 + Int(digit)
      position += 1
      digits += 1
    }
    return digits >= least ? number : nil
  }

  /// An English month, `Jan`, `Sept` or `January`, in any case.
  mutating func monthName() -> Int? {
    let start = position
    while position < text.count, isLetter(text[position]) { position += 1 }
    let letters = text[start..<position].map { $0 | 0x20 }
    if letters == Array("sept".utf8) { return 9 }
    let month = Self.months.firstIndex { letters == $0 || letters.count == 3 && letters[...] == $0.prefix(3) }
    return month.map { $0 + 1 }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november",
    "december",
  ].map { Array($0.utf8) }

  /// `Z`, `+02:00`, `+0200` or `+02`, as seconds east of UTC.
  mutating func zone() -> Int? {
    guard let sign = next else { return nil }
    position += 1
    if sign | 0x20 == 0x7A { return 0 }
    guard sign == 0x2B || sign == 0x2D, let hours = number(2, 2) else { return nil }
    var minutes = 0
    if take(0x3A) {
      guard let number = number(2, 2) else { return nil }
      minutes = number
    } else if !isAtEnd, let number = number(2, 2) {
      minutes = number
    }
    guard hours < 24, minutes < 60 else { return nil }
    let offset = hours * 3600 + minutes * 60
    return sign == 0x2D ? -offset : offset
  }
}
