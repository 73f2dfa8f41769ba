import GRDB
import Model

/// Numbers that several invoices of one system bear and by which lines, payments, refunds or credit notes name their invoice. All of those
/// count with one of them, which cannot be seen in any figure.
struct SharedNumbers: Equatable {
  /// How many invoices bear a number, by the row of the one that is taken for it.
  private(set) var bearers: [Int64: Int64] = [:]

  mutating func add(_ row: Int64, bearers count: Int64) { bearers[row] = count }

  /// Takes those of a part out and puts others in their place.
  mutating func replace(_ before: SharedNumbers, by after: SharedNumbers) {
    for row in before.bearers.keys { bearers[row] = nil }
    bearers.merge(after.bearers) { $1 }
  }

  func findings(_ database: Database) throws -> [Finding] {
    guard !bearers.isEmpty else { return [] }
    // The first by name and not by row: rows are in the order of reading.
    var first: (number: String, bearers: Int64, place: Place)?
    let select = try RawStatement(
      database,
      """
      select v.number, f.path, v.line from invoice_version v join source_file f on f.file = v.file where v."row" = ?
      """)
    for (row, count) in bearers {
      select.bind(1, row)
      guard try select.step() else { continue }
      let number = select.text(0)
      if first.map({ number.utf8.lexicographicallyPrecedes($0.number.utf8) }) ?? true {
        first = (number, count, Place(file: select.text(1), line: Int(select.integer(2))))
      }
      select.reset()
    }
    let numbers = bearers.count == 1 ? "1 number" : "\(bearers.count) numbers"
    let example = first.map { "; \"\($0.number)\" is that of \($0.bearers) invoices" } ?? ""
    return [
      Finding(
        .warning, "shared-invoice-number", at: first?.place,
        "invoices share their number, and lines, payments, refunds or credit notes name their invoice by it: \(numbers)\(example)",
        consequence:
          "what names such a number counts with one of its invoices, the first by id, and nothing with the others",
        remedy:
          "map `invoice` of lines, payments, refunds and credit notes to the invoice's id, or correct the numbers"
      )
    ]
  }
}
