import GRDB
import Model

/// Digests of everything a run published of periods, whatever order and numbers it is stored by: two publications with the same ones say
/// the same.
public struct PublishedDigest: Sendable, Hashable {
  public var figures: Int64
  public var bridge: Int64
  public var cohorts: Int64

  init(figures: Int64, bridge: Int64, cohorts: Int64) {
    (self.figures, self.bridge, self.cohorts) = (figures, bridge, cohorts)
  }

  init(_ figures: [Figure], _ bridge: [BridgeRow], _ cohorts: [CohortCell]) {
    self.figures = Self.sum(figures) { $0.add(to: &$1) }
    self.bridge = Self.sum(bridge) { $0.add(to: &$1) }
    self.cohorts = Self.sum(cohorts) { $0.add(to: &$1) }
  }

  /// A sum is the same in any order.
  private static func sum<Row>(_ rows: [Row], _ add: (Row, inout DigestSink) -> Void) -> Int64 {
    rows.reduce(Int64(rows.count)) { sum, row in
      var sink = DigestSink(count: 1)
      add(row, &sink)
      return sum &+ sink.value
    }
  }

  /// nil of a run that did not publish, or was made before digests were kept.
  static func fetch(of run: Int64, _ database: Database) throws -> PublishedDigest? {
    try Row.fetchOne(
      database, sql: "select figures, bridge, cohorts from publication_digest where run = ?", arguments: [run]
    ).map { PublishedDigest(figures: $0[0], bridge: $0[1], cohorts: $0[2]) }
  }

  func store(of run: Int64, _ database: Database) throws {
    try database.execute(
      sql: "insert or replace into publication_digest (run, figures, bridge, cohorts) values (?, ?, ?, ?)",
      arguments: [run, figures, bridge, cohorts])
  }
}

extension DigestSink {
  fileprivate mutating func add(
    _ period: Period, _ segment: SegmentKey, _ currency: Currency, _ valuation: Valuation
  ) {
    add(period.grain.rawValue)
    add(period.label)
    add(segment.dimension)
    add(segment.segment)
    add(currency)
    add(valuation.code)
  }
}

extension Figure {
  fileprivate func add(to sink: inout DigestSink) {
    sink.add(metric)
    sink.add(period, segment, currency, valuation)
    switch value {
    case .money(let amount), .count(let amount): sink.add(amount)
    case .moneyRatio(let amount, let numerator, let denominator):
      for part in [amount, numerator, denominator] { sink.add(part) }
    case .ratio(let numerator, let denominator):
      sink.add(numerator)
      sink.add(denominator)
    case .real(let number): sink.add(number)
    case .null(let reason): sink.add(reason)
    }
    sink.add(Int64(grade.rawValue))
    sink.add(state.code)
  }
}

extension BridgeRow {
  fileprivate func add(to sink: inout DigestSink) {
    sink.add(period, segment, currency, valuation)
    addValues(to: &sink)
  }
}

extension CohortCell {
  fileprivate func add(to sink: inout DigestSink) {
    sink.add(period.grain.rawValue)
    sink.add(period.label)
    sink.add(segment.dimension)
    sink.add(segment.segment)
    for value in [Int64(age), customers, net, gross, customersAtStart, mrrAtStart] { sink.add(value) }
  }
}
