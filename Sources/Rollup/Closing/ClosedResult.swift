import Model

extension RollupResult {
  /// Puts the bridge and the figures of open periods in the place of those that know of no close.
  mutating func restate(_ totals: Totals, after through: Month) {
    bridge.removeAll { $0.period.last > through }
    bridge += bridgeRows(totals, after: through)
    figures.removeAll { $0.period.last > through }
    let restated = Rollup.figures(totals, after: through)
    figures += restated.figures
    for finding in restated.findings where !findings.contains(finding) { findings.append(finding) }
  }

  /// Publishes closed periods as they were closed, and notes what the facts would make of them now.
  mutating func keep(_ closed: ClosedMonths, _ settings: RollupSettings) {
    var part = ClosedPart(through: closed.through)
    let metrics = Set(metricCatalogue.map(\.id)).union(
      settings.ownMetrics.filter(\.isComputed).map(\.metric.id))
    figures = closed.kept(figures, of: metrics, &part)
    bridge = closed.bridge + bridge.filter { $0.period.last > closed.through }
    cohorts = closed.cohorts + cohorts.filter { $0.reached > closed.through }
    ratesUsed = closed.rates + ratesUsed.filter { $0.month > closed.through }
    self.closed = part
  }

  /// Adds the figures that the project's own queries answered.
  public mutating func add(asked: [Figure], _ settings: RollupSettings) {
    guard let closed = settings.closed, var part = self.closed else {
      figures += asked
      return
    }
    let metrics = Set(settings.ownMetrics.filter { !$0.isComputed }.map(\.metric.id))
    figures += closed.kept(asked, of: metrics, &part)
    self.closed = part
  }
}

extension OwnMetric {
  /// Whether it is made of other figures instead of by a query.
  fileprivate var isComputed: Bool {
    if case .expression = source { true } else { false }
  }
}

extension ClosedMonths {
  /// The figures to publish of all periods, of these metrics.
  fileprivate func kept(
    _ now: [Figure], of metrics: Set<String>, _ part: inout RollupResult.ClosedPart
  ) -> [Figure] {
    var keys = FigureKeys()
    var terms: Set<FigureKeys.Term> = []
    let (periods, dimensions) = (Set(bridge.map(\.period)), dimensions())
    var known: [FigureKeys.Key: MetricValue] = [:]
    known.reserveCapacity(figures.count)
    var published: [Figure] = []
    published.reserveCapacity(figures.count)
    for figure in figures where metrics.contains(figure.metric) {
      let key = keys.key(figure)
      known[key] = figure.value
      terms.insert(keys.term(key))
      published.append(figure)
    }
    var open: [Figure] = []
    for figure in now {
      guard figure.period.last <= through else {
        open.append(figure)
        continue
      }
      // A dimension that was defined later begins with the open months: by today's facts it would not add up to what was closed.
      guard dimensions.contains(figure.segment.dimension) else { continue }
      let key = keys.key(figure)
      if let asClosed = known.removeValue(forKey: key) {
        guard !asClosed.isSame(as: figure.value) else { continue }
        part.restatements.append(FigureRestatement(figure, asClosed: asClosed, now: figure.value))
      } else if !terms.contains(keys.term(key)), periods.contains(figure.period) {
        published.append(figure)
        part.addedFigures.append(figure)
      } else if !figure.value.isNothing {
        part.restatements.append(FigureRestatement(figure, asClosed: nil, now: figure.value))
      }
    }
    for figure in known.isEmpty ? [] : published where !figure.value.isNothing {
      guard let asClosed = known[keys.key(figure)] else { continue }
      part.restatements.append(FigureRestatement(figure, asClosed: asClosed, now: nil))
    }
    return published + open
  }
}

extension MetricValue {
  /// Whether it says the same: quotients by their value.
  fileprivate func isSame(as other: MetricValue) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.ratio(let number, let of), .ratio(let otherNumber, let otherOf)):
      Int128(number) * Int128(otherOf) == Int128(otherNumber) * Int128(of)
    case (.moneyRatio(let amount, _, _), .moneyRatio(let otherAmount, _, _)): amount == otherAmount
    // Sums of binary fractions depend on their order.
    case (.real(let number), .real(let other)):
      abs(number - other) <= 1e-12 * max(1, abs(number), abs(other))
    default: self == other
    }
  }

  /// Whether it is the same as no figure.
  fileprivate var isNothing: Bool {
    switch self {
    case .money(0), .count(0), .null: true
    default: false
    }
  }
}
