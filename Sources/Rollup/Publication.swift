import Model

/// All rows of the bridge: every grain, segment and valuation that has something to say; of periods that end after a month.
func bridgeRows(_ totals: Totals, after month: Month? = nil) -> [BridgeRow] {
  var rows: [BridgeRow] = []
  for grain in Grain.allCases {
    for period in totals.calendar.periods(grain, after: month) {
      let state = totals.state(period)
      for segment in 0..<totals.segments.count {
        for valuation in Valuation.allCases {
          guard let currency = totals.currency(segment, valuation) else { continue }
          let amounts = totals.bridge(period, segment, valuation)
          let counts = totals.isOfCharges(segment) ? nil : totals.counts(period, segment)
          let isEmpty = amounts == BridgeAmounts() && (counts ?? BridgeCounts()) == BridgeCounts()
          if segment > 0, isEmpty { continue }
          rows.append(
            BridgeRow(
              period: period, segment: totals.segments.keys[segment], currency: currency,
              valuation: valuation,
              amounts: amounts, counts: counts, state: state))
        }
      }
    }
  }
  return rows
}

/// All figures: every metric of the catalogue for every period that ends after a month, and by segment where it can be.
///
/// The findings name the metrics whose exact value does not fit: then nothing is published.
func figures(_ totals: Totals, after month: Month? = nil) -> (figures: [Figure], findings: [Finding]) {
  var figures: [Figure] = []
  var unfit = UnfitFigures()
  let shared = MetricContext.Shared(totals)
  for grain in Grain.allCases {
    for period in totals.calendar.periods(grain, after: month) {
      for segment in 0..<totals.segments.count where segment == 0 || totals.isActive(segment, period) {
        append(period, segment, shared, to: &figures, &unfit)
      }
    }
  }
  return (figures, unfit.findings)
}

/// The metrics that have an exact value too large to be published: where first, and how often.
private struct UnfitFigures {
  private var first: [String: String] = [:]
  private var count: [String: Int] = [:]

  mutating func add(_ metric: Metric, _ period: Period, _ segment: SegmentKey) {
    count[metric.id, default: 0] += 1
    guard first[metric.id] == nil else { return }
    let place = segment == .all ? "" : ", \(segment.dimension) \(segment.segment)"
    first[metric.id] = "\(metric.title) (`\(metric.id)`) of \(period.label)\(place)"
  }

  var findings: [Finding] {
    first.sorted { $0.key < $1.key }.map { metric, first in
      .totalTooLarge(first, others: (count[metric] ?? 1) - 1)
    }
  }
}

private func append(
  _ period: Period, _ segment: Int, _ shared: MetricContext.Shared, to figures: inout [Figure],
  _ unfit: inout UnfitFigures
) {
  let totals = shared.totals
  let state = totals.state(period)
  let key = totals.segments.keys[segment]
  let places = Valuation.allCases.compactMap { valuation in
    totals.currency(segment, valuation).map { (valuation: valuation, currency: $0) }
  }
  let contexts = places.map {
    MetricContext(shared: shared, period: period, segment: segment, valuation: $0.valuation)
  }
  for definition in metricDefinitions {
    let valuations: [Valuation]
    switch definition.scope {
    case .whole: valuations = segment == 0 ? [.asReported] : []
    case .segments(let all): valuations = all
    case .customerSegments(let all): valuations = totals.isOfCharges(segment) ? [] : all
    case .byCustomer(let entity):
      let isThere = segment == 0 || totals.fed.contains(entity) && !totals.isOfCharges(segment)
      valuations = isThere ? [.asReported] : []
    }
    let grade = totals.grade(definition.ends, period, segment)
    for valuation in valuations {
      guard let place = places.firstIndex(where: { $0.valuation == valuation }) else { continue }
      do {
        figures.append(
          Figure(
            period: period, metric: definition.metric.id, segment: key, currency: places[place].currency,
            valuation: valuation, value: try definition.compute(contexts[place]), grade: grade, state: state))
      } catch {
        unfit.add(definition.metric, period, key)
      }
    }
  }
}

extension ReportingCalendar {
  fileprivate func periods(_ grain: Grain, after month: Month?) -> [Period] {
    let all = periods(grain)
    return month.map { month in all.filter { $0.last > month } } ?? all
  }
}

extension Totals {
  /// The currency of a segment's money at a valuation; nil where the valuation does not exist for it.
  func currency(_ segment: Int, _ valuation: Valuation) -> Currency? {
    guard valuation == .native else { return settings.currency }
    let entry = segments.chargeDimensions.first { $0.base <= segment && segment < $0.base + $0.labels.count }
    guard entry?.dimension.rule == .currency else { return nil }
    return Currency(segments.keys[segment].segment)
  }

  /// Whether anything happened to a segment in the period or the year before, so that its windows have something to say.
  func isActive(_ segment: Int, _ period: Period) -> Bool {
    let months = max(0, period.first - calendar.first - 12)...(period.last - calendar.first)
    return months.contains { isTouched(segment, $0) }
  }
}
