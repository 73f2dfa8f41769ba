import Model

/// `figure`: the values of the metrics.
struct FigureRows: StoredRows {
  let table = "figure"
  let isCheckedBySchema = true
  let keys = 5
  private typealias Key = (metric: Int64, period: Int64, segment: Int64, currency: UInt32, valuation: Int64)
  private let rows: [(key: Key, figure: Figure, reason: Int64?)]

  init(_ figures: [Figure], _ metrics: [String: Int64], _ codes: inout Codes) throws {
    var keyed: [(key: Key, figure: Figure)] = []
    keyed.reserveCapacity(figures.count)
    for figure in figures {
      guard let metric = metrics[figure.metric] else { throw UndeclaredMetric(id: figure.metric) }
      let key = (
        metric, try codes.code(figure.period), try codes.code(figure.segment), figure.currency.packed,
        figure.valuation.code
      )
      keyed.append((key, figure))
    }
    keyed.sort { $0.key < $1.key }
    rows = try keyed.map { key, figure in
      guard case .null(let sentence) = figure.value else { return (key, figure, nil) }
      return (key, figure, try codes.code(reason: sentence))
    }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let (key, figure, reason) = rows[position]
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
    sink.add(reason)
  }
}

struct BridgeRows: StoredRows {
  let table = "bridge"
  let isCheckedBySchema = true
  let keys = 4
  private typealias Key = (period: Int64, segment: Int64, currency: UInt32, valuation: Int64)
  private let rows: [(key: Key, line: BridgeRow)]

  init(_ bridge: [BridgeRow], _ codes: inout Codes) throws {
    rows = try bridge.map { line -> (key: Key, line: BridgeRow) in
      let key = (
        try codes.code(line.period), try codes.code(line.segment), line.currency.packed, line.valuation.code
      )
      return (key, line)
    }.sorted { $0.key < $1.key }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let (key, line) = rows[position]
    sink.add(key.period)
    sink.add(key.segment)
    sink.add(line.currency)
    sink.add(key.valuation)
    line.addValues(to: &sink)
  }
}

extension BridgeRow {
  /// All but its key.
  func addValues(to sink: inout some RowSink) {
    for amount in [
      amounts.starting, amounts.restatement, amounts.transferIn, amounts.transferOut, amounts.new,
      amounts.reactivation, amounts.expansion, amounts.contraction, amounts.churn, amounts.fx,
      amounts.ending,
    ] {
      sink.add(amount)
    }
    for count in [
      counts?.starting, counts?.transferIn, counts?.transferOut, counts?.new, counts?.reactivated,
      counts?.churned, counts?.ending,
    ] {
      sink.add(count)
    }
    sink.add(state.code)
  }
}

struct CohortRows: StoredRows {
  let table = "cohort_cell"
  let integerKeys = 3
  private let rows: [(key: (Int64, Int64, Int), cell: CohortCell)]

  init(_ cohorts: [CohortCell], _ codes: inout Codes) throws {
    rows = try cohorts.map { cell -> (key: (Int64, Int64, Int), cell: CohortCell) in
      ((try codes.code(cell.period), try codes.code(cell.segment), cell.age), cell)
    }.sorted { $0.key < $1.key }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let (key, cell) = rows[position]
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
