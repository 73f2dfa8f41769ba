import Model

/// Who used the product: of every third customer the last months, a row for each user and day.
final class UsageExport {
  private let writer: ExportWriter
  private let calendar: Calendar
  private let seed: UInt64
  private static let months = 6

  init(folder: String, calendar: Calendar, seed: UInt64) throws {
    self.calendar = calendar
    self.seed = seed
    writer = try ExportWriter(
      path: "\(folder)/usage_\(calendar.lastDay).csv", header: ["customer", "user", "date", "count", "event"])
  }

  func write(_ customer: Customer, _ life: Life) {
    guard customer.index % 3 == 0 else { return }
    var random = SeededRandom(seed: seed, stream: 1 << 59 | UInt64(customer.index))
    for month in calendar.all.suffix(Self.months) {
      guard life.terms.contains(where: { $0.isInForce(on: month.lastDay) }) else { continue }
      for user in 1...(1 + customer.index % 4) {
        for _ in 0..<random.below(4) {
          let day = month.firstDay + random.below(month.length)
          writer.text(customer.id)
          writer.text("\(customer.id)-u\(user)")
          writer.date(day)
          writer.number(Int64(random.within(1, 40)))
          writer.text(random.chance(perMille: 600) ? "report_opened" : "record_saved")
          writer.endRow()
        }
      }
    }
  }

  func finish() throws -> WrittenFile { try writer.finish() }
}
