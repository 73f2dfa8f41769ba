import Model

/// `planned_figure`: what is planned.
struct PlannedRows: StoredRows {
  let table = "planned_figure"
  let integerKeys = 3
  private typealias Key = (month: Int64, metric: Int64, segment: Int64)
  private let rows: [(key: Key, planned: MetricValue)]

  init(_ budgets: [BudgetLine], _ metrics: [String: Int64], _ codes: inout Codes) throws {
    rows = try budgets.map { line -> (key: Key, planned: MetricValue) in
      guard let metric = metrics[line.metric] else { throw UndeclaredMetric(id: line.metric) }
      return ((Int64(line.month.number), metric, try codes.code(line.segment)), line.planned)
    }.sorted { $0.key < $1.key }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let (key, planned) = rows[position]
    sink.add(key.month)
    sink.add(key.metric)
    sink.add(key.segment)
    switch planned {
    case .money(let amount), .count(let amount), .moneyRatio(let amount, _, _):
      sink.add(amount)
      sink.addNull()
      sink.addNull()
    case .ratio(let numerator, let denominator):
      sink.addNull()
      sink.add(numerator)
      sink.add(denominator)
    case .real, .null:
      for _ in 0..<3 { sink.addNull() }
    }
  }
}

/// `adjustment_entry`: entries made by hand.
struct AdjustmentRows: StoredRows {
  let table = "adjustment_entry"
  let integerKeys = 1
  private let rows: [(metric: Int64, line: AdjustmentLine)]

  init(_ adjustments: [AdjustmentLine], _ metrics: [String: Int64]) throws {
    rows = try adjustments.map { line in
      guard let metric = metrics[line.metric] else { throw UndeclaredMetric(id: line.metric) }
      return (metric, line)
    }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let (metric, line) = rows[position]
    sink.add(Int64(position + 1))
    sink.add(line.month.number)
    sink.add(metric)
    sink.add(line.customer)
    sink.add(line.amount)
    sink.add(line.native)
    sink.add(line.currency)
    sink.add(line.author)
    sink.add(line.reason)
  }
}

struct ForecastRows: StoredRows {
  let table = "forecast_month"
  let integerKeys = 2
  private let lines: [ForecastLine]

  init(_ lines: [ForecastLine]) { self.lines = lines.sorted { ($0.made, $0.month) < ($1.made, $1.month) } }

  var count: Int { lines.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let line = lines[position]
    sink.add(line.made.number)
    sink.add(line.month.number)
    sink.add(line.low)
    sink.add(line.expected)
    sink.add(line.high)
  }
}

/// `churn_part`: what single customers left for.
struct ChurnRows: StoredRows {
  let table = "churn_part"
  let integerKeys = 3
  private let rows: [(month: Int64, customer: Int64, reason: Int64, mrr: Int64)]

  init(_ parts: [ChurnPart], _ codes: inout Codes) throws {
    var rows: [(month: Int64, customer: Int64, reason: Int64, mrr: Int64)] = []
    for part in parts {
      rows.append(
        (Int64(part.month.number), part.customer, try codes.code(cancelReason: part.reason), part.mrr))
    }
    self.rows = rows.sorted { ($0.month, $0.customer, $0.reason) < ($1.month, $1.customer, $1.reason) }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let row = rows[position]
    sink.add(row.month)
    sink.add(row.customer)
    sink.add(row.reason)
    sink.add(row.mrr)
  }
}
