import Model

/// Reads the times an API writes, and writes them as it reads them.
struct InstantFormat: Sendable {
  private enum Form: Sendable {
    case iso
    /// Units in a second.
    case epoch(Int64)
    case pattern([Piece])
  }
  private enum Piece: Sendable, Hashable {
    case number(UInt8, width: Int)
    case monthName(isWhole: Bool)
    case zone
    case literal(UInt8)
  }

  private let form: Form

  /// nil for a pattern without year or month.
  init?(_ format: FieldMapping.DateFormat) {
    switch format {
    case .iso: form = .iso
    case .epochSeconds: form = .epoch(1)
    case .epochMilliseconds: form = .epoch(1000)
    case .pattern(let text):
      let pieces = Self.pieces(Array(text.utf8))
      let hasMonth = pieces.contains {
        if case .number(0x4D, _) = $0 { true } else if case .monthName = $0 { true } else { false }
      }
      guard hasMonth, pieces.contains(where: { if case .number(0x59, _) = $0 { true } else { false } }) else {
        return nil
      }
      form = .pattern(pieces)
    }
  }

  /// `YYYY YY MM M MMM MMMM DD D hh mm ss Z`; every other character stands for itself.
  private static func pieces(_ text: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard "YMDhmsZ".utf8.contains(byte) else {
        pieces.append(.literal(byte))
        index += 1
        continue
      }
      let run = text[index...].prefix { $0 == byte }.count
      index += run
      switch byte {
      case 0x5A: pieces.append(.zone)
      case 0x4D where run > 2: pieces.append(.monthName(isWhole: run > 3))
      default: pieces.append(.number(byte, width: run))
      }
    }
    return pieces
  }

  /// Whether the API writes it as a number rather than a text.
  var isNumber: Bool { if case .epoch = form { true } else { false } }

  /// The smallest step it can say, in seconds; at least one.
  var unit: Int64 {
    guard case .pattern(let pieces) = form else { return 1 }
    func has(_ byte: UInt8) -> Bool {
      pieces.contains { if case .number(byte, _) = $0 { true } else { false } }
    }
    if has(0x73) { return 1 }
    if has(0x6D) { return 60 }
    if has(0x68) { return 3600 }
    return has(0x44) ? 86_400 : 31 * 86_400
  }

  // MARK: Writing

  /// The last instant it can say that is not after the given one.
  func write(_ seconds: Int64) -> String {
    switch form {
    case .iso: return Moment(instant: seconds).description
    case .epoch(let units): return String(seconds * units)
    case .pattern(let pieces):
      let day = Day(number: Int32(clamping: seconds.flooredBy(86_400)))
      let rest = Int(seconds - Int64(day.number) * 86_400)
      var text: [UInt8] = []
      for piece in pieces { text += Self.written(piece, day.civil, rest) }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static func written(
    _ piece: Piece, _ day: (year: Int, month: Int, day: Int), _ rest: Int
  ) -> [UInt8] {
    switch piece {
    case .literal(let byte): return [byte]
    case .zone: return [0x5A]
    case .monthName(let isWhole):
      let name = monthNames[day.month - 1]
      return Array((isWhole ? name : String(name.prefix(3))).utf8)
    case .number(let letter, let width):
      let number =
        switch letter {
        case 0x59: width == 2 ? day.year % 100 : day.year
        case 0x4D: day.month
        case 0x44: day.day
        case 0x68: rest / 3600
        case 0x6D: rest / 60 % 60
        default: rest % 60
        }
      let digits = String(number)
      return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
    }
  }

  // MARK: Reading

  /// nil for a text that is not written so.
  func read(_ text: String) -> Instant? {
    var cursor = InstantCursor(text)
    switch form {
    case .epoch(let units): return cursor.epoch(units)
    case .iso: return cursor.iso()
    case .pattern(let pieces):
      var time = InstantCursor.Civil()
      for piece in pieces {
        switch piece {
        case .literal(let byte): guard cursor.take(byte) else { return nil }
        case .zone:
          guard let offset = cursor.zone() else { return nil }
          time.offset = offset
        case .monthName:
          guard let month = cursor.month() else { return nil }
          time.month = month
        case .number(let letter, let width):
          guard let number = cursor.number(width, letter == 0x59 ? width : max(2, width)) else { return nil }
          switch letter {
          case 0x59: time.year = width == 2 ? Day.year(ofTwoDigits: number) : number
          case 0x4D: time.month = number
          case 0x44: time.day = number
          case 0x68: time.hour = number
          case 0x6D: time.minute = number
          default: time.second = number
          }
        }
      }
      return cursor.isAtEnd ? time.instant : nil
    }
  }
}

let monthNames = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November",
  "December",
]

extension Int64 {
  /// The quotient, rounded down.
  func flooredBy(_ divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }
}
