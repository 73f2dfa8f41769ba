import Model

/// Figures and bridge rows of whole months, by what a report asks for.
struct FigureIndex {
  struct Key: Hashable {
    var metric: String
    var segment: SegmentKey
    var valuation: Valuation
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
  /// Segments with a headline net retention in the reported month, by dimension.
  private var retained: [String: Set<String>] = [:]
  private let firstMonth: Month?

  /// - Parameter months: history a report shows; older figures are left out, beyond the year compared with.
  init(_ data: ReportData, months: Int = 13) {
    self.data = data
    metrics = Dictionary(data.metrics.map { ($0.id, $0) }) { first, _ in first }
    hasExchangeRates =
      data.ratesUsed.contains { $0.from != $0.to }
      || data.bridge.contains { $0.amounts.fx != 0 && $0.valuation == .asReported }
    let oldest = data.month - max(13, months)
    for figure in data.figures where figure.period.last >= oldest {
      guard figure.period.grain == .month, figure.currency == data.currency else { continue }
      if figure.period.last == data.month, figure.metric == data.headlineNDR {
        retained[figure.segment.dimension, default: []].insert(figure.segment.segment)
      }
      let key = Key(
        metric: figure.metric, segment: figure.segment, valuation: figure.valuation, month: figure.period.last
      )
      figures[key] = figure
    }
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
    _ metric: String, _ month: Month, _ segment: SegmentKey = .all, valuation: Valuation
  ) -> Figure? {
    figures[Key(metric: metric, segment: segment, valuation: valuation, month: month)]
  }

  /// The figure in the valuation headlines show: retention at constant rates, all else as reported.
  func headline(_ metric: String, _ month: Month, _ segment: SegmentKey = .all) -> Figure? {
    let retention = metrics[metric]?.group == .retention
    for valuation: Valuation in retention ? [.constant, .asReported] : [.asReported, .constant] {
      if let figure = figure(metric, month, segment, valuation: valuation) { return figure }
    }
    return nil
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
}
