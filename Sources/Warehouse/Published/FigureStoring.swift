import GRDB
import Model

extension RunTransaction {
  func storeFigures(_ figures: [Figure], _ metrics: [String: Int64], _ codes: inout Codes) throws {
    struct Entry {
      var key: (metric: Int64, period: Int64, segment: Int64, currency: UInt32, valuation: Int64)
      var figure: Int
    }
    var entries: [Entry] = []
    entries.reserveCapacity(figures.count)
    for (position, figure) in figures.enumerated() {
      guard let metric = metrics[figure.metric] else { throw UndeclaredMetric(id: figure.metric) }
      let key = (
        metric, try codes.code(figure.period), try codes.code(figure.segment), figure.currency.packed,
        figure.valuation.code
      )
      entries.append(Entry(key: key, figure: position))
    }
    entries.sort { $0.key < $1.key }
    var names = codes
    try replace("figure", count: entries.count, database) { position, row in
      let key = entries[position].key
      let figure = figures[entries[position].figure]
      row.append(.integer(key.metric))
      row.append(.integer(key.period))
      row.append(.integer(key.segment))
      row.append(.text(figure.currency.code))
      row.append(.integer(key.valuation))
      var reason: Int64?
      switch figure.value {
      case .money(let amount), .count(let amount): row += [.integer(amount), .null, .null]
      case .moneyRatio(let amount, let numerator, let denominator):
        row += [.integer(amount), .integer(numerator), .integer(denominator)]
      case .ratio(let numerator, let denominator): row += [.null, .integer(numerator), .integer(denominator)]
      case .real(let number): row += [.real(number), .null, .null]
      case .null(let sentence):
        row += [.null, .null, .null]
        reason = try names.code(reason: sentence)
      }
      row.append(.integer(Int64(figure.grade.rawValue)))
      row.append(.integer(figure.state.code))
      row.append(StoredValue(reason))
    }
    codes = names
  }

  func storeBridge(_ bridge: [BridgeRow], _ codes: inout Codes) throws {
    typealias Key = (period: Int64, segment: Int64, currency: UInt32, valuation: Int64)
    let keys = try bridge.map { row -> Key in
      (try codes.code(row.period), try codes.code(row.segment), row.currency.packed, row.valuation.code)
    }
    let order = bridge.indices.sorted { keys[$0] < keys[$1] }
    try replace("bridge", count: order.count, database) { position, row in
      let line = bridge[order[position]]
      let key = keys[order[position]]
      let amounts = line.amounts
      row += [
        .integer(key.period), .integer(key.segment), .text(line.currency.code), .integer(key.valuation),
      ]
      row += [
        amounts.starting, amounts.restatement, amounts.transferIn, amounts.transferOut, amounts.new,
        amounts.reactivation, amounts.expansion, amounts.contraction, amounts.churn, amounts.fx,
        amounts.ending,
      ].map { StoredValue.integer($0) }
      let counts = line.counts
      row += [
        counts?.starting, counts?.transferIn, counts?.transferOut, counts?.new, counts?.reactivated,
        counts?.churned,
        counts?.ending,
      ].map { StoredValue($0) }
      row.append(.integer(line.state.code))
    }
  }

  func storeCohorts(_ cohorts: [CohortCell], _ codes: inout Codes) throws {
    let keys = try cohorts.map { (try codes.code($0.period), try codes.code($0.segment), $0.age) }
    let order = cohorts.indices.sorted { keys[$0] < keys[$1] }
    try replace("cohort_cell", count: order.count, database) { position, row in
      let cell = cohorts[order[position]]
      let key = keys[order[position]]
      row += [
        key.0, key.1, Int64(cell.age), cell.customers, cell.net, cell.gross, cell.customersAtStart,
        cell.mrrAtStart,
      ].map { StoredValue.integer($0) }
    }
  }
}

/// A figure of a metric that the catalogue does not declare: a fault of the program.
struct UndeclaredMetric: Error, CustomStringConvertible {
  var id: String
  var description: String { "the metric \(id) is not in the catalogue" }
}
