import Model

/// Exchange rates of every working day, as a central bank publishes them: a seeded walk around a usual level.
struct RateExport {
  /// One pair, published as `from` in units of `to`.
  private struct Pair {
    let from: String
    let to: String
    /// Units of the last decimal.
    let level: Int
    let digits: Int
    /// Largest daily move, in units of the last decimal.
    let step: Int
  }

  private static let pairs = [
    Pair(from: "EUR", to: "USD", level: 10_850, digits: 4, step: 55),
    Pair(from: "GBP", to: "USD", level: 12_700, digits: 4, step: 70),
    // Yen are quoted the other way round.
    Pair(from: "USD", to: "JPY", level: 14_950, digits: 2, step: 90),
  ]

  let calendar: Calendar
  let seed: UInt64
  /// Whether one of the rows is broken.
  let hasBrokenRow: Bool

  func write(folder: String) throws -> WrittenFile {
    let writer = try ExportWriter(
      path: "\(folder)/fx_rates_\(calendar.lastDay).csv", header: ["date", "from", "to", "rate"])
    var random = SeededRandom(seed: seed, stream: 1 << 62)
    var levels = Self.pairs.map(\.level)
    var day = calendar.first.firstDay - 10
    while day <= calendar.lastDay {
      for (position, pair) in Self.pairs.enumerated() {
        let pull = (pair.level - levels[position]) / 60
        levels[position] += pull + random.within(-pair.step, pair.step)
        if isPublished(day) { write(pair, Int64(levels[position]), day, to: writer) }
      }
      day = day + 1
    }
    return try writer.finish()
  }

  private func isPublished(_ day: Day) -> Bool {
    let date = day.civil
    let isHoliday = (date.month == 12 && date.day == 25) || (date.month == 1 && date.day == 1)
    return !day.isOnWeekend && !isHoliday
  }

  private func write(_ pair: Pair, _ level: Int64, _ day: Day, to writer: ExportWriter) {
    let isInverted = pair.from == "GBP" && isInverseMonth(day.month)
    writer.date(day)
    writer.text(isInverted ? pair.to : pair.from)
    writer.text(isInverted ? pair.from : pair.to)
    if hasBrokenRow, pair.from == "GBP", day == Calendar.day(17, of: Calendar.last - 6) {
      writer.text("n/a")
    } else if isInverted {
      writer.amount((10_000_000_000 / level + 5) / 10, exponent: 5)
    } else {
      writer.amount(level, exponent: pair.digits)
    }
    writer.endRow()
  }

  /// For a quarter the source published the pound the other way round.
  private func isInverseMonth(_ month: Month) -> Bool {
    month >= Calendar.last - 12 && month < Calendar.last - 9
  }
}
