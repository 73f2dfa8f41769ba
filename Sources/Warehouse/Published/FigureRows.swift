import Model

/// `figure`: the values of the metrics.
struct FigureRows: StoredRows {
  let table = "figure"
  let isCheckedBySchema = true
  private typealias Key = (metric: Int64, period: Int64, segment: Int64, currency: UInt32, valuation: Int64)
  private let keys: [Key]
  private let figures: [Figure]
  private let order: [Int]
  private let reasons: [Int64?]

  init(_ figures: [Figure], _ metrics: [String: Int64], _ codes: inout Codes) throws {
    var keys: [Key] = []
    keys.reserveCapacity(figures.count)
    for figure in figures {
      guard let metric = metrics[figure.metric] else { throw UndeclaredMetric(id: figure.metric) }
      keys.append(
        (
          metric, try codes.code(figure.period), try codes.code(figure.segment), figure.currency.packed,
          figure.valuation.code
        ))
    }
    let order = figures.indices.sorted { keys[$0] < keys[$1] }
    var reasons: [Int64?] = Array(repeating: nil, count: figures.count)
    for position in order {
      if case .null(let sentence) = figures[position].value {
        reasons[position] = try codes.code(reason: sentence)
      }
    }
    self.keys = keys
    self.figures = figures
    self.order = order
    self.reasons = reasons
  }

  var count: Int { order.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let key = keys[order[position]]
    let figure = figures[order[position]]
    sink.add(key.metric)
    sink.add(key.period)
    sink.add(key.segment)
    sink.add(figure.currency)
    sink.add(key.valuation)
    switch figure.value {
    case .money(let amount), .count(let amount):
      sink.add(amount)
      sink.addNull()
      sink.addNull()
    case .moneyRatio(let amount, let numerator, let denominator):
      sink.add(amount)
      sink.add(numerator)
      sink.add(denominator)
    case .ratio(let numerator, let denominator):
      sink.addNull()
      sink.add(numerator)
      sink.add(denominator)
    case .real(let number):
      sink.add(number)
      sink.addNull()
      sink.addNull()
    case .null:
      for _ in 0..<3 { sink.addNull() }
    }
    sink.add(Int64(figure.grade.rawValue))
    sink.add(figure.state.code)
    sink.add(reasons[order[position]])
  }
}

struct BridgeRows: StoredRows {
  let table = "bridge"
  let isCheckedBySchema = true
  private typealias Key = (period: Int64, segment: Int64, currency: UInt32, valuation: Int64)
  private let keys: [Key]
  private let bridge: [BridgeRow]
  private let order: [Int]

  init(_ bridge: [BridgeRow], _ codes: inout Codes) throws {
    let keys = try bridge.map { row -> Key in
      (try codes.code(row.period), try codes.code(row.segment), row.currency.packed, row.valuation.code)
    }
    order = bridge.indices.sorted { keys[$0] < keys[$1] }
    self.keys = keys
    self.bridge = bridge
  }

  var count: Int { order.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let line = bridge[order[position]]
    let key = keys[order[position]]
    sink.add(key.period)
    sink.add(key.segment)
    sink.add(line.currency)
    sink.add(key.valuation)
    let amounts = line.amounts
    for amount in [
      amounts.starting, amounts.restatement, amounts.transferIn, amounts.transferOut, amounts.new,
      amounts.reactivation, amounts.expansion, amounts.contraction, amounts.churn, amounts.fx,
      amounts.ending,
    ] {
      sink.add(amount)
    }
    let counts = line.counts
    for count in [
      counts?.starting, counts?.transferIn, counts?.transferOut, counts?.new, counts?.reactivated,
      counts?.churned, counts?.ending,
    ] {
      sink.add(count)
    }
    sink.add(line.state.code)
  }
}

struct CohortRows: StoredRows {
  let table = "cohort_cell"
  private let keys: [(Int64, Int64, Int)]
  private let cohorts: [CohortCell]
  private let order: [Int]

  init(_ cohorts: [CohortCell], _ codes: inout Codes) throws {
    let keys = try cohorts.map { (try codes.code($0.period), try codes.code($0.segment), $0.age) }
    order = cohorts.indices.sorted { keys[$0] < keys[$1] }
    self.keys = keys
    self.cohorts = cohorts
  }

  var count: Int { order.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let cell = cohorts[order[position]]
    let key = keys[order[position]]
    for value in [
      key.0, key.1, Int64(cell.age), cell.customers, cell.net, cell.gross, cell.customersAtStart,
      cell.mrrAtStart,
    ] {
      sink.add(value)
    }
  }
}

struct AppliedRateRows: StoredRows {
  let table = "applied_rate"
  private let rates: [RateUsed]

  init(_ rates: [RateUsed]) {
    self.rates = Set(rates).sorted {
      ($0.month, $0.from, $0.to, $0.day?.number ?? .min) < ($1.month, $1.from, $1.to, $1.day?.number ?? .min)
    }
  }

  var count: Int { rates.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let rate = rates[position]
    sink.add(rate.month.number)
    sink.add(rate.from)
    sink.add(rate.to)
    sink.add(rate.rate.numerator)
    sink.add(rate.rate.denominator)
    sink.add(rate.day.map { Int64($0.number) })
  }
}

/// A figure of a metric that the catalogue does not declare: a fault of the program.
struct UndeclaredMetric: Error, CustomStringConvertible {
  var id: String
  var description: String { "the metric \(id) is not in the catalogue" }
}
