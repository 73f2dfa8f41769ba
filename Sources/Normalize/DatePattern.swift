import Model

/// A declared date pattern such as `DD.MM.YYYY` or `MMM D, YYYY hh:mm:ssZ`, ready to read texts.
///
/// Fields: `YYYY`, `YY` (1969 to 2068), `MM` or `M`, `MMM` (English month, short or whole), `DD` or `D`,
/// `hh`, `mm`, `ss` (or one letter for one or two digits), `Z` (`Z` or an offset). Every other character
/// stands for itself. Without a day the month's first is meant.
struct DatePattern: Sendable, Hashable {
  enum Part: UInt8, Sendable { case year, shortYear, month, day, hour, minute, second }
  enum Piece: Sendable, Hashable {
    case number(Part, least: Int, most: Int)
    case monthName
    case zone
    case literal(UInt8)
  }

  let text: String
  let pieces: [Piece]
  /// Without a time a date is a plain day, with one an instant.
  let hasTime: Bool
  let hasDay: Bool

  /// nil when the pattern has no year or month, repeats a field, or has a run of letters that is no field.
  init?(_ text: String) {
    var pieces: [Piece] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard "YMDhmsZ".utf8.contains(byte) else {
        pieces.append(.literal(byte))
        index += 1
        continue
      }
      var length = 1
      while index + length < bytes.count, bytes[index + length] == byte { length += 1 }
      guard let piece = Self.field(byte, length) else { return nil }
      // `MD` could be read in two ways: digits of varying number need something between them.
      if case .number(_, let least, let most) = piece, least != most, index + length < bytes.count,
        "YMDhms".utf8.contains(bytes[index + length])
      {
        return nil
      }
      pieces.append(piece)
      index += length
    }
    func count(_ parts: Part...) -> Int {
      pieces.count { if case .number(let part, _, _) = $0 { parts.contains(part) } else { false } }
    }
    guard count(.year, .shortYear) == 1, count(.month) + pieces.count(where: { $0 == .monthName }) == 1,
      count(.day) <= 1, count(.hour) <= 1, count(.minute) <= count(.hour), count(.second) <= count(.minute),
      pieces.count(where: { $0 == .zone }) <= count(.hour)
    else { return nil }
    self.text = text
    self.pieces = pieces
    hasTime = count(.hour) == 1
    hasDay = count(.day) == 1
    if hasTime, !hasDay { return nil }
  }

  private static func field(_ letter: UInt8, _ length: Int) -> Piece? {
    switch (letter, length) {
    case (0x59, 4): .number(.year, least: 4, most: 4)
    case (0x59, 2): .number(.shortYear, least: 2, most: 2)
    case (0x4D, 1), (0x4D, 2): .number(.month, least: length, most: 2)
    case (0x4D, 3), (0x4D, 4): .monthName
    case (0x44, 1), (0x44, 2): .number(.day, least: length, most: 2)
    case (0x68, 1), (0x68, 2): .number(.hour, least: length, most: 2)
    case (0x6D, 1), (0x6D, 2): .number(.minute, least: length, most: 2)
    case (0x73, 1), (0x73, 2): .number(.second, least: length, most: 2)
    case (0x5A, 1): .zone
    default: nil
    }
  }

  /// The packed ``Moment`` of a text written exactly so.
  func read(_ text: FieldBytes) -> ParsedCell {
    var cursor = DateCursor(text)
    var time = CivilTime()
    for piece in pieces {
      switch piece {
      case .literal(let byte):
        guard cursor.take(byte) else { return ParsedCell(.badDate) }
      case .monthName:
        guard let month = cursor.monthName() else { return ParsedCell(.badDate) }
        time.month = month
      case .zone:
        guard let offset = cursor.zone() else { return ParsedCell(.badDate) }
        time.offset = offset
      case .number(let part, let least, let most):
        guard let number = cursor.number(least, most) else { return ParsedCell(.badDate) }
        switch part {
        case .year: time.year = number
        case .shortYear: time.year = Day.year(ofTwoDigits: number)
        case .month: time.month = number
        case .day: time.day = number
        case .hour: time.hour = number
        case .minute: time.minute = number
        case .second: time.second = number
        }
      }
    }
    guard cursor.isAtEnd else { return ParsedCell(.badDate) }
    return hasTime ? time.instant : time.plainDay
  }
}
