import Model

/// Reads the texts of one date column as declared; the order of day and month is never guessed from data.
struct DateReader: Sendable {
  private enum Form: Sendable {
    /// `YYYY-MM-DD` and nothing else.
    case isoDay
    case iso
    case pattern(DatePattern)
    /// Units in a second.
    case epoch(Int64)
  }

  private let form: Form
  private let inclusive: Bool
  /// How the form is named in sentences.
  let expected: String

  /// nil for a pattern that cannot be used.
  init?(_ format: FieldMapping.DateFormat, bound: FieldMapping.Bound?) {
    inclusive = bound == .inclusive
    switch format {
    case .iso:
      form = .iso
      expected = "YYYY-MM-DD or an RFC 3339 instant"
    case .epochSeconds:
      form = .epoch(1)
      expected = "whole seconds since 1970"
    case .epochMilliseconds:
      form = .epoch(1000)
      expected = "whole milliseconds since 1970"
    case .pattern("YYYY-MM-DD"):
      form = .isoDay
      expected = "YYYY-MM-DD"
    case .pattern(let text):
      guard let pattern = DatePattern(text) else { return nil }
      form = .pattern(pattern)
      expected = text
    }
  }

  /// Reads ISO dates, with the same bound.
  var plain: DateReader { DateReader(isoWhoseEndIsInclusive: inclusive) }

  private init(isoWhoseEndIsInclusive inclusive: Bool) {
    form = .iso
    self.inclusive = inclusive
    expected = "YYYY-MM-DD or an RFC 3339 instant"
  }

  /// The packed ``Moment``, exclusive: an inclusive day D becomes D+1, an inclusive month the next one's
  /// first day, an inclusive instant the next second.
  @inline(__always) func read(_ text: FieldBytes) -> ParsedCell {
    let parsed = readAsWritten(text)
    guard inclusive, parsed.fault == .none else { return parsed }
    return exclusive(Moment(packed: parsed.value))
  }

  @inline(__always) private func readAsWritten(_ text: FieldBytes) -> ParsedCell {
    switch form {
    case .isoDay: return text.count == 10 ? isoDay(text) : ParsedCell(.badDate)
    case .iso: return text.count == 10 ? isoDay(text) : isoInstant(text)
    case .pattern(let pattern): return pattern.read(text)
    case .epoch(let unit): return epoch(text, unit)
    }
  }

  private func exclusive(_ moment: Moment) -> ParsedCell {
    guard let day = moment.plainDay else { return ParsedCell(Moment(instant: moment.seconds + 1).packed) }
    var next = day + 1
    if case .pattern(let pattern) = form, !pattern.hasDay { next = day.month.end }
    guard next.civil.year <= 9999 else { return ParsedCell(.dateOutOfRange) }
    return ParsedCell(Moment(day: next).packed)
  }
}

@inline(__always) private func isoDay(_ text: FieldBytes) -> ParsedCell {
  guard let base = text.baseAddress, base[4] == 0x2D, base[7] == 0x2D else { return ParsedCell(.badDate) }
  var worst: UInt8 = 0
  @inline(__always) func digit(_ index: Int) -> Int {
    let digit = base[index] &- 0x30
    worst = max(worst, digit)
    return Int(digit)
  }
  let year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3)
  let month = digit(5) * 10 + digit(6)
  let dayOfMonth = digit(8) * 10 + digit(9)
  guard worst <= 9 else { return ParsedCell(.badDate) }
  guard let day = Day(year: year, month: month, day: dayOfMonth) else { return ParsedCell(.impossibleDate) }
  return ParsedCell(Moment(day: day).packed)
}

/// RFC 3339, with a space for the `T`, without seconds or without an offset (then UTC) too; fractions of a
/// second are dropped.
private func isoInstant(_ text: FieldBytes) -> ParsedCell {
  var cursor = DateCursor(text)
  var time = CivilTime()
  guard let year = cursor.number(4, 4), cursor.take(0x2D), let month = cursor.number(2, 2), cursor.take(0x2D),
    let day = cursor.number(2, 2), cursor.take(0x54) || cursor.take(0x74) || cursor.take(0x20),
    let hour = cursor.number(2, 2), cursor.take(0x3A), let minute = cursor.number(2, 2)
  else { return ParsedCell(.badDate) }
  time.year = year
  time.month = month
  time.day = day
  time.hour = hour
  time.minute = minute
  if cursor.take(0x3A) {
    guard let second = cursor.number(2, 2) else { return ParsedCell(.badDate) }
    time.second = second
    if cursor.take(0x2E) || cursor.take(0x2C) {
      guard cursor.number(1, 9) != nil else { return ParsedCell(.badDate) }
    }
  }
  if !cursor.isAtEnd {
    guard let offset = cursor.zone() else { return ParsedCell(.badDate) }
    time.offset = offset
  }
  guard cursor.isAtEnd else { return ParsedCell(.badDate) }
  return time.instant
}

/// Seconds or milliseconds since 1970; a fraction after `.` is dropped, as tools that know only floats write
/// `1700000000.0`.
private func epoch(_ text: FieldBytes, _ unitsInSecond: Int64) -> ParsedCell {
  let number = DecimalText(text, NumberFormat())
  guard number.fault == .none, number.mark == .none else { return ParsedCell(.badDate) }
  var whole = number.magnitude
  for _ in 0..<number.fractionDigits { whole /= 10 }
  guard whole < 1 << 62 else { return ParsedCell(.dateOutOfRange) }
  let units = number.negative ? -Int64(whole) - (number.fractionDigits > 0 ? 1 : 0) : Int64(whole)
  let seconds = units >= 0 ? units / unitsInSecond : -((-units + unitsInSecond - 1) / unitsInSecond)
  // 0001-01-01 to 9999-12-31.
  guard seconds >= -62_135_596_800, seconds < 253_402_300_800 else { return ParsedCell(.dateOutOfRange) }
  return ParsedCell(Moment(instant: seconds).packed)
}
