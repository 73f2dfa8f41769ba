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
    case .iso: return text.count == 10 ? isoDay(text) : plainInstant(text) ?? isoInstant(text)
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
  guard let base = text.baseAddress else { return ParsedCell(.badDate) }
  switch isoDayNumber(base) {
  case .some(let day): return ParsedCell(Int64(day) &* 172_800)
  case .none: return isoDayFault(base)
  }
}

/// The day `YYYY-MM-DD` at `start`; nil when it is not written so or does not exist.
@inline(__always) private func isoDayNumber(_ start: UnsafePointer<UInt8>) -> Int? {
  let bytes = UnsafeRawPointer(start)
  // `YYYY-MM-` and `YY-MM-DD`; a dash becomes 0x1D.
  let zeros: UInt64 = 0x3030_3030_3030_3030
  let front = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) ^ zeros
  let back = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self)) ^ zeros
  guard front & 0xFF00_00FF_0000_0000 == 0x1D00_001D_0000_0000 else { return nil }
  let (years, days) = (front & 0x00FF_FF00_FFFF_FFFF, back & 0xFFFF_0000_0000_0000)
  guard areDigits(years), areDigits(days) else { return nil }
  let pairs = years &* 10 &+ years &>> 8
  let year = Int(pairs & 0xFF) &* 100 &+ Int(pairs &>> 16 & 0xFF)
  let month = Int(pairs &>> 40 & 0xFF)
  let day = Int((days &>> 48 & 0xFF) &* 10 &+ days &>> 56)
  guard year >= 1, month >= 1, month <= 12, day >= 1, day <= 28 || day <= daysIn(month, of: year) else {
    return nil
  }
  // Howard Hinnant's days_from_civil for years that are not negative.
  let shifted = month <= 2 ? year &- 1 : year
  let century = shifted / 100
  let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
  return shifted &* 365 &+ shifted / 4 &- century &+ century / 4 &+ dayOfYear &- 719_468
}

/// Whether no byte exceeds 9.
@inline(__always) private func areDigits(_ bytes: UInt64) -> Bool {
  ((bytes & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080 == 0
}

@inline(__always) private func daysIn(_ month: Int, of year: Int) -> Int {
  month == 2
    ? (year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28) : 30 &+ (month ^ month >> 3) & 1
}

/// Why ten characters are no day.
private func isoDayFault(_ base: UnsafePointer<UInt8>) -> ParsedCell {
  let isWrittenSo = (0..<10).allSatisfy { $0 == 4 || $0 == 7 ? base[$0] == 0x2D : base[$0] &- 0x30 <= 9 }
  return ParsedCell(isWrittenSo ? .impossibleDate : .badDate)
}

/// `YYYY-MM-DDThh:mm:ssZ`, as most systems write an instant; nil for every other form.
@inline(__always) private func plainInstant(_ text: FieldBytes) -> ParsedCell? {
  guard text.count == 20, let base = text.baseAddress, base[10] == 0x54, base[19] == 0x5A,
    let day = isoDayNumber(base)
  else { return nil }
  // `hh:mm:ss`; a colon becomes 0x0A.
  let bytes = UnsafeRawPointer(base)
  let time =
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt64.self)) ^ 0x3030_3030_3030_3030
  let digits = time & 0xFFFF_00FF_FF00_FFFF
  guard time & 0x0000_FF00_00FF_0000 == 0x0000_0A00_000A_0000, areDigits(digits) else { return nil }
  let pairs = digits &* 10 &+ digits &>> 8
  let (hour, minute) = (Int64(pairs & 0xFF), Int64(pairs &>> 24 & 0xFF))
  let second = Int64((digits &>> 48 & 0xFF) &* 10 &+ digits &>> 56)
  guard hour < 24, minute < 60, second < 60 else { return nil }
  let seconds = Int64(day) &* 86_400 &+ hour &* 3600 &+ minute &* 60 &+ second
  return ParsedCell(Moment(instant: seconds).packed)
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
