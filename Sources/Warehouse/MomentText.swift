import Model

/// Moments and days as the warehouse stores them, `2024-02-29` or `2024-02-29T23:30:00Z`, to and from bytes without a `String`.
enum MomentText {
  static let capacity = 20

  /// Writes ``Moment/description`` into `buffer`, at least ``capacity`` bytes; returns the number written.
  @inline(__always)
  static func write(_ moment: Moment, to buffer: UnsafeMutablePointer<UInt8>) -> Int {
    let seconds = moment.seconds
    let number = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let date = Day(number: Int32(truncatingIfNeeded: number)).civil
    two(date.year / 100, buffer)
    two(date.year % 100, buffer + 2)
    buffer[4] = 0x2D
    two(date.month, buffer + 5)
    buffer[7] = 0x2D
    two(date.day, buffer + 8)
    guard moment.isInstant else { return 10 }
    writeClock(seconds - number * 86_400, behind: buffer)
    return 20
  }

  /// Writes the time of a day of so many seconds behind the text of the day.
  @inline(__always)
  fileprivate static func writeClock(_ seconds: Int64, behind buffer: UnsafeMutablePointer<UInt8>) {
    let rest = UInt32(truncatingIfNeeded: seconds)
    buffer[10] = 0x54
    two(Int(rest / 3600), buffer + 11)
    buffer[13] = 0x3A
    two(Int(rest / 60 % 60), buffer + 14)
    buffer[16] = 0x3A
    two(Int(rest % 60), buffer + 17)
    buffer[19] = 0x5A
  }

  @inline(__always) private static func two(_ number: Int, _ at: UnsafeMutablePointer<UInt8>) {
    at[0] = UInt8(truncatingIfNeeded: 0x30 + number / 10)
    at[1] = UInt8(truncatingIfNeeded: 0x30 + number % 10)
  }

  /// Reads what ``write(_:to:)`` wrote; nil for anything of another length.
  @inline(__always)
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Moment? {
    guard bytes.count == 10 || bytes.count == 20,
      let day = Day(
        year: number(bytes, 0) * 100 + number(bytes, 2), month: number(bytes, 5), day: number(bytes, 8))
    else { return nil }
    if bytes.count == 10 { return Moment(day: day) }
    let clock = number(bytes, 11) * 3600 + number(bytes, 14) * 60 + number(bytes, 17)
    return Moment(instant: Int64(day.number) * 86_400 + Int64(clock))
  }

  @inline(__always) private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    (Int(bytes[at]) - 0x30) * 10 + Int(bytes[at + 1]) - 0x30
  }
}

/// Texts of days that were written lately: rows by the million say the same few thousand days.
struct DayTexts {
  private static let size = 1 << 12
  private let days: UnsafeMutablePointer<Int64>
  private let texts: UnsafeMutablePointer<UInt8>

  /// Whoever makes it deallocates it.
  init() {
    days = .allocate(capacity: Self.size)
    // No day has this number.
    days.initialize(repeating: .max, count: Self.size)
    texts = .allocate(capacity: Self.size * MomentText.capacity)
  }

  func deallocate() {
    days.deallocate()
    texts.deallocate()
  }

  /// The text of a moment, that of an instant in `scratch`; valid until the next one is asked for.
  @inline(__always)
  func text(of moment: Moment, _ scratch: UnsafeMutablePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let seconds = moment.seconds
    let number = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let place = Int(truncatingIfNeeded: number & Int64(Self.size - 1))
    let text = texts + place * MomentText.capacity
    if days[place] != number {
      days[place] = number
      _ = MomentText.write(Moment(day: Day(number: Int32(truncatingIfNeeded: number))), to: text)
    }
    guard moment.isInstant else { return UnsafeBufferPointer(start: text, count: 10) }
    scratch.update(from: text, count: 10)
    MomentText.writeClock(seconds - number * 86_400, behind: scratch)
    return UnsafeBufferPointer(start: scratch, count: 20)
  }
}
