import GRDB
import Model

/// A published figure and what it is made of, all of one state of the warehouse.
public struct FigureExplanation: Sendable {
  /// The months of its period.
  public var months: ClosedRange<Month>
  /// Its metric in the period, in every currency and valuation there is.
  public var figures: [ExplainedFigure]
  /// The figures its formula names, in the same segment; of the whole book where they have no segments.
  public var inputs: [ExplainedFigure]
  /// Who it is made of, as reported, the largest part first; nil where its parts are not customers'.
  public var customers: [CustomerPart]?
  /// How many came and went within the month (event bridge): a segment is kept of month ends alone, so that they are in no segment's list.
  public var passing = 0
  /// How it was made, where its period is closed.
  public var method: ClosedMethod?
  /// What today's facts would make of it then.
  public var restatements: [(valuation: Valuation, now: QueryValue, cause: String)] = []

  /// One customer's part of a figure. Micro-units of the reporting currency.
  public struct CustomerPart: Sendable {
    public var customer: Int64
    public var key: CustomerKey?
    public var name: String
    /// What the figure counts of it: its MRR, movement, or MRR now.
    public var amount: Int64
    /// Its MRR at the start of a window, which the figure is relative to.
    public var before: Int64?
    /// How often it is counted: a customer can leave twice.
    public var times: Int
  }
}

/// A metric a formula names.
public struct FigureInput: Sendable, Hashable {
  public var metric: String
  /// `mrr[-12]`: so many periods before.
  public var earlier: Int
  public init(_ metric: String, earlier: Int = 0) {
    self.metric = metric
    self.earlier = earlier
  }
}

/// One figure: a row of the view `metric_period`.
public struct ExplainedFigure: Sendable {
  public var metric: String
  /// The label of its period.
  public var period: String
  public var segment: SegmentKey
  public var currency: Currency
  public var valuation: Valuation
  /// Money in micro-units.
  public var value: QueryValue
  public var numerator: Int64?
  public var denominator: Int64?
  public var unit: Metric.Unit
  public var grade: String
  public var state: String
  public var basis: String
  /// Why there is no value.
  public var reason: String?
}

extension WarehouseReader {
  /// The labels of all published periods, in their order.
  public func periodLabels() throws -> [String] {
    // Numbers of periods stay, also of those that are published no more.
    try read { database in
      try String.fetchAll(
        database,
        sql: """
          select p.label from period p where exists (select 1 from bridge b where b.period = p.period)
          order by p.last_month, p.grain
          """)
    }
  }

  /// The segments of every dimension.
  public func segments() throws -> [SegmentKey] {
    try read { database in
      try Row.fetchAll(database, sql: "select dimension, name from segment order by dimension, name")
        .map { SegmentKey($0[0], $0[1]) }
    }
  }

  /// What a figure is made of; nil where nothing is published under the period's label.
  ///
  /// - Parameters:
  ///   - inputs: The metrics its formula names, of its own period or of so many periods of its kind earlier.
  ///   - parts: What of customers adds up to it.
  public func explanation(
    of metric: String, _ period: String, _ segment: SegmentKey, inputs: [FigureInput], parts: CustomerParts?
  ) throws -> FigureExplanation? {
    try read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "select first_month, last_month, grain from period where label = ?",
          arguments: [period])
      else { return nil }
      let months = Month(number: row[0])...Month(number: row[1])
      var explanation = FigureExplanation(
        months: months, figures: try ExplainedFigure.fetch(metric, period, segment, database),
        inputs: try inputs.flatMap { input in
          let last = months.upperBound - input.earlier * (Int(row[1] as Int32) - Int(row[0] as Int32) + 1)
          let label =
            try input.earlier == 0
            ? period
            : String.fetchOne(
              database, sql: "select label from period where grain = ? and last_month = ?",
              arguments: [row[2] as String, last.number]) ?? ""
          let figures = try ExplainedFigure.fetch(input.metric, label, segment, database)
          return figures.isEmpty ? try ExplainedFigure.fetch(input.metric, label, .all, database) : figures
        }, method: try ClosedMethod(months.upperBound, database))
      if let parts {
        let reading = try CustomerPartsReading(database, months, segment)
        explanation.customers = try reading?.parts(parts)
        explanation.passing = try reading?.passing(parts) ?? 0
      }
      explanation.restatements = try Row.fetchAll(
        database,
        sql: """
          select valuation, now, cause from restatement
          where customer_id is null and metric = ? and period = ? and dimension = ? and segment = ?
          """, arguments: [metric, period, segment.dimension, segment.segment]
      ).compactMap { row in Valuation(rawValue: row[0]).map { ($0, QueryValue(row[1]), row[2]) } }
      return explanation
    }
  }
}

extension ExplainedFigure {
  /// Of the bridge's restatement, too, which formulas name and no metric is.
  fileprivate static func fetch(
    _ metric: String, _ period: String, _ segment: SegmentKey, _ database: Database
  ) throws -> [ExplainedFigure] {
    if metric == "restatement" { return try restatements(period, segment, database) }
    return try Row.fetchAll(
      database,
      sql: """
        select currency, valuation, value, numerator, denominator, unit, grade, state, basis, reason from metric_period
        where metric = ? and period = ? and dimension = ? and segment = ?
        """, arguments: [metric, period, segment.dimension, segment.segment]
    ).compactMap { row in
      guard let currency = Currency(row[0] as String), let valuation = Valuation(rawValue: row[1]),
        let unit = Metric.Unit(rawValue: row[5])
      else { return nil }
      return ExplainedFigure(
        metric: metric, period: period, segment: segment, currency: currency, valuation: valuation,
        value: QueryValue(row[2]),
        numerator: row[3], denominator: row[4], unit: unit, grade: row[6], state: row[7], basis: row[8],
        reason: row[9])
    }
  }

  private static func restatements(
    _ period: String, _ segment: SegmentKey, _ database: Database
  ) throws -> [ExplainedFigure] {
    try Row.fetchAll(
      database,
      sql: """
        select currency, valuation, restatement, state from mrr_bridge
        where period = ? and dimension = ? and segment = ? and restatement <> 0
        """, arguments: [period, segment.dimension, segment.segment]
    ).compactMap { row in
      guard let currency = Currency(row[0] as String), let valuation = Valuation(rawValue: row[1]) else {
        return nil
      }
      return ExplainedFigure(
        metric: "restatement", period: period, segment: segment, currency: currency, valuation: valuation,
        value: QueryValue(row[2]), unit: .money, grade: "of closed months", state: row[3], basis: "")
    }
  }
}
