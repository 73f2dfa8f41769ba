import Model

/// Figures and bridge rows of whole months, by what a report asks for.
struct FigureIndex {
  struct Key: Hashable {
    var metric: String
    var segment: SegmentKey
    var valuation: Valuation
    var grain: Grain
    /// The period's last.
    var month: Month
  }

  struct BridgeKey: Hashable {
    var segment: SegmentKey
    var valuation: Valuation
    var month: Month
  }

  let data: ReportData
  /// Metric declarations by id.
  let metrics: [String: Metric]
  /// True when amounts in other currencies take part, so that the valuations differ.
  let hasExchangeRates: Bool
  private var figures: [Key: Figure] = [:]
  private var bridge: [BridgeKey: BridgeRow] = [:]
  /// Periods longer than a month that have figures, ascending.
  private var periods: [Grain: [Period]] = [:]
  /// Segments with a headline net retention in the reported month, by dimension.
  private var retained: [String: Set<String>] = [:]
  private let firstMonth: Month?
  /// Dimensions whose bands end before their upper bound.
  private let openBands: Set<String>

  /// - Parameter months: history a report shows; older figures are left out, beyond the year compared with.
  init(_ data: ReportData, months: Int = 13) {
    self.data = data
    metrics = Dictionary(data.metrics.map { ($0.id, $0) }) { first, _ in first }
    hasExchangeRates =
      data.ratesUsed.contains { $0.from != $0.to }
      || data.bridge.contains { $0.amounts.fx != 0 && $0.valuation == .asReported }
    var longer: [Grain: Set<Period>] = [:]
    let oldest = data.month - max(13, months)
    for figure in data.figures where figure.period.last >= oldest {
      guard figure.currency == data.currency else { continue }
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
      figures[key] = figure
    }
    periods = longer.mapValues { $0.sorted { $0.last < $1.last } }
    openBands = Set(
      data.bridge.lazy.map(\.segment).filter { $0.segment.hasPrefix("<") || $0.segment.hasPrefix(">=") }
        .map(\.dimension))
    var first: Month?
    for row in data.bridge where row.period.grain == .month && row.currency == data.currency {
      bridge[BridgeKey(segment: row.segment, valuation: row.valuation, month: row.period.last)] = row
      if row.segment == .all { first = min(first ?? row.period.last, row.period.last) }
    }
    firstMonth = first
  }

  func row(_ month: Month, _ segment: SegmentKey = .all, _ valuation: Valuation = .asReported) -> BridgeRow? {
    bridge[BridgeKey(segment: segment, valuation: valuation, month: month)]
  }

  /// The figure of exactly this valuation.
  func figure(
    _ metric: String, _ month: Month, _ segment: SegmentKey = .all, valuation: Valuation,
    grain: Grain = .month
  ) -> Figure? {
    figures[Key(metric: metric, segment: segment, valuation: valuation, grain: grain, month: month)]
  }

  /// The figure in the valuation headlines show: retention at constant rates, all else as reported.
  func headline(
    _ metric: String, _ month: Month, _ segment: SegmentKey = .all, grain: Grain = .month
  ) -> Figure? {
    let retention = metrics[metric]?.group == .retention
    for valuation: Valuation in retention ? [.constant, .asReported] : [.asReported, .constant] {
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
    guard grain == .month else { return Array((periods[grain] ?? []).suffix(count)) }
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
    guard let firstMonth else { return "the warehouse has no figure of \(month.longName)" }
    return month < firstMonth
      ? "the data begins in \(firstMonth.longName)" : "no figure of \(month.longName) was published"
  }

  /// Segments of a dimension with a headline net retention in the reported month, in no order.
  func segmentsWithRetention(_ dimension: String) -> Set<String> { retained[dimension] ?? [] }

  /// Whether the dimension's bands end before their upper bound: `<10`, `10 to 50`, `>=50`.
  func hasOpenBands(_ dimension: String) -> Bool { openBands.contains(dimension) }

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
