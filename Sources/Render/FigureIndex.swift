import Model

/// The figures and bridge rows of a month's reports by what they ask for, made once for all of them.
public struct FigureTable: Sendable {
  fileprivate struct Key: Hashable {
    var metric: String
    var segment: SegmentKey
    var valuation: Valuation
    var grain: Grain
    /// The period's last.
    var month: Month
  }

  fileprivate struct BridgeKey: Hashable {
    var segment: SegmentKey
    var valuation: Valuation
    var month: Month
  }

  let data: ReportData
  /// The month reported on.
  public var month: Month { data.month }
  /// Metric declarations by id.
  fileprivate let metrics: [String: Metric]
  /// True when amounts in other currencies take part, so that the valuations differ.
  fileprivate let hasExchangeRates: Bool
  /// Positions in the data.
  fileprivate private(set) var figures: [Key: Int32] = [:]
  fileprivate private(set) var bridge: [BridgeKey: Int32] = [:]
  /// Periods longer than a month that have figures, ascending.
  fileprivate let periods: [Grain: [Period]]
  /// Segments with a headline net retention in the reported month, by dimension.
  fileprivate private(set) var retained: [String: Set<String>] = [:]
  fileprivate let firstMonth: Month?
  /// Dimensions whose bands end before their upper bound.
  fileprivate let openBands: Set<String>

  public init(_ data: ReportData) {
    self.data = data
    metrics = Dictionary(data.metrics.map { ($0.id, $0) }) { first, _ in first }
    hasExchangeRates =
      data.ratesUsed.contains { $0.from != $0.to }
      || data.bridge.contains { $0.amounts.fx != 0 && $0.valuation == .asReported }
    openBands = Set(
      data.bridge.lazy.map(\.segment).filter { $0.segment.hasPrefix("<") || $0.segment.hasPrefix(">=") }
        .map(\.dimension))
    var longer: [Grain: Set<Period>] = [:]
    figures.reserveCapacity(data.figures.count)
    for (position, figure) in data.figures.enumerated() where figure.currency == data.currency {
      if figure.period.grain != .month, figure.segment == .all {
        longer[figure.period.grain, default: []].insert(figure.period)
      }
      if figure.period.last == data.month, figure.period.grain == .month,
        figure.metric == data.headlineNDR
      {
        retained[figure.segment.dimension, default: []].insert(figure.segment.segment)
      }
      let key = Key(
        metric: figure.metric, segment: figure.segment, valuation: figure.valuation,
        grain: figure.period.grain, month: figure.period.last)
      figures[key] = Int32(position)
    }
    periods = longer.mapValues { $0.sorted { $0.last < $1.last } }
    var first: Month?
    bridge.reserveCapacity(data.bridge.count)
    for (position, row) in data.bridge.enumerated()
    where row.period.grain == .month && row.currency == data.currency {
      let key = BridgeKey(segment: row.segment, valuation: row.valuation, month: row.period.last)
      bridge[key] = Int32(position)
      if row.segment == .all { first = min(first ?? row.period.last, row.period.last) }
    }
    firstMonth = first
  }
}

/// A table as one report sees it: as far back as the report reaches.
struct FigureIndex {
  private let table: FigureTable
  /// The oldest month that is shown or compared with.
  private let oldest: Month

  /// - Parameter months: history a report shows; older figures are left out, beyond the year compared with.
  init(_ table: FigureTable, months: Int = 13) {
    self.table = table
    oldest = table.data.month - max(13, months)
  }

  init(_ data: ReportData, months: Int = 13) { self.init(FigureTable(data), months: months) }

  var data: ReportData { table.data }
  var metrics: [String: Metric] { table.metrics }
  var hasExchangeRates: Bool { table.hasExchangeRates }

  func row(_ month: Month, _ segment: SegmentKey = .all, _ valuation: Valuation = .asReported) -> BridgeRow? {
    let key = FigureTable.BridgeKey(segment: segment, valuation: valuation, month: month)
    return table.bridge[key].map { data.bridge[Int($0)] }
  }

  /// The figure of exactly this valuation.
  func figure(
    _ metric: String, _ month: Month, _ segment: SegmentKey = .all, valuation: Valuation,
    grain: Grain = .month
  ) -> Figure? {
    guard month >= oldest else { return nil }
    let key = FigureTable.Key(
      metric: metric, segment: segment, valuation: valuation, grain: grain, month: month)
    return table.figures[key].map { data.figures[Int($0)] }
  }

  /// The figure in the valuation that headlines show.
  func headline(
    _ metric: String, _ month: Month, _ segment: SegmentKey = .all, grain: Grain = .month
  ) -> Figure? {
    for valuation in metrics[metric]?.headlineValuations ?? [.asReported, .constant] {
      if let figure = figure(metric, month, segment, valuation: valuation, grain: grain) { return figure }
    }
    return nil
  }

  func headline(_ metric: String, _ period: Period) -> Figure? {
    headline(metric, period.last, grain: period.grain)
  }

  func value(_ metric: String, _ period: Period) -> MetricValue {
    headline(metric, period)?.value ?? .null(absence(period.last))
  }

  /// The last `count` periods that ended by the reported month and have figures, ascending.
  func periods(_ grain: Grain, _ count: Int) -> [Period] {
    guard grain == .month else {
      return (table.periods[grain] ?? []).suffix(count).filter { $0.last >= oldest }
    }
    return months(count).map { Period(grain: .month, first: $0, last: $0, label: $0.description) }
  }

  func value(_ metric: String, _ month: Month, _ segment: SegmentKey = .all, valuation: Valuation? = nil)
    -> MetricValue
  {
    let figure =
      valuation.map { self.figure(metric, month, segment, valuation: $0) } ?? headline(metric, month, segment)
    return figure?.value ?? .null(absence(month))
  }

  /// Why there is no figure of a month at all.
  func absence(_ month: Month) -> String {
    guard let firstMonth = table.firstMonth else { return "the warehouse has no figure of \(month.longName)" }
    return month < firstMonth
      ? "the data begins in \(firstMonth.longName)" : "no figure of \(month.longName) was published"
  }

  /// Segments of a dimension with a headline net retention in the reported month, in no order.
  func segmentsWithRetention(_ dimension: String) -> Set<String> { table.retained[dimension] ?? [] }

  /// Whether the dimension's bands end before their upper bound: `<10`, `10 to 50`, `>=50`.
  func hasOpenBands(_ dimension: String) -> Bool { table.openBands.contains(dimension) }

  func title(_ metric: String) -> String { metrics[metric]?.title ?? metric }

  /// The last `count` months up to the reported one that have a bridge, ascending.
  func months(_ count: Int) -> [Month] {
    (0..<max(1, count)).reversed().map { data.month - $0 }.filter { row($0) != nil }
  }

  /// Segments of a dimension that have a row in the reported month.
  func segments(of dimension: String, _ month: Month) -> [String] {
    var names: Set<String> = []
    for row in data.bridge where row.segment.dimension == dimension && row.period.last == month {
      if row.period.grain == .month, row.valuation == .asReported, row.currency == data.currency {
        names.insert(row.segment.segment)
      }
    }
    return names.sorted()
  }

  /// Segments of a dimension in which any of the metrics has a figure of the reported month, by name.
  func segments(of dimension: String, _ metrics: [String]) -> [String] {
    var names: Set<String> = []
    for figure in data.figures
    where figure.segment.dimension == dimension && figure.period.last == data.month
      && figure.period.grain == .month && metrics.contains(figure.metric)
    {
      names.insert(figure.segment.segment)
    }
    return names.sorted()
  }
}
