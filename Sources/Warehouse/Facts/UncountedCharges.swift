import GRDB
import Model

/// Charges that lack what it takes to count them: never dropped without a finding.
struct UncountedCharges {
  enum Lack: String, CaseIterable { case customer, start, amount, currency, interval }

  private(set) var rows: [Lack: Set<Int64>] = [:]

  init() {}

  init(rows: [Lack: Set<Int64>]) { self.rows = rows }

  /// Only recurring charges can be missed in MRR.
  mutating func add(_ row: Int64, _ lack: Lack, _ isRecurring: Bool) {
    if isRecurring { rows[lack, default: []].insert(row) }
  }

  /// One finding per lack: an error when more than one charge in a hundred is concerned.
  func findings(of total: Int, _ database: Database) throws -> [Finding] {
    try Lack.allCases.compactMap { lack in
      guard let missing = rows[lack], let first = missing.min() else { return nil }
      let place = try Row.fetchOne(
        database,
        sql: """
          select f.path, v.line from recurring_charge_version v join source_file f on f.file = v.file
          where v."row" = ?
          """, arguments: [first])
      return Finding(
        missing.count * 100 > total ? .error : .warning, "charge-without-\(lack.rawValue)",
        at: place.map { Place(file: $0[0], line: $0[1]) },
        "\(missing.count) of \(total) recurring charges have no \(lack.rawValue), of their own or by \(origin(lack))",
        consequence: "they count nowhere",
        remedy: "map `\(lack == .interval ? "interval_unit" : lack.rawValue)`")
    }
  }

  private func origin(_ lack: Lack) -> String {
    switch lack {
    case .customer, .start: "their subscription"
    case .amount, .currency, .interval: "their plan"
    }
  }
}
