import Model

/// Computes own metrics from the figures of the catalogue.
struct OwnFigures {
  private struct Key: Hashable {
    var grain: Grain
    var last: Month
    var metric: String
    var segment: SegmentKey
    var currency: Currency
    var valuation: Valuation
  }

  private var known: [Key: Figure] = [:]
  /// The last months of all periods of a grain, in order.
  private var periods: [Grain: [Month]] = [:]
  private let own: [OwnMetric]
  /// Metrics that are amounts or counts, not ratios.
  private let summed = Set(metricCatalogue.filter { $0.unit == .money || $0.unit == .count }.map(\.id))

  /// - Parameter figures: those of the catalogue.
  init(_ own: [OwnMetric], _ figures: [Figure]) {
    self.own = own
    let needed = Set(
      own.flatMap { own -> [String] in
        if case .expression(let expression, _) = own.source { expression.metrics } else { [] }
      })
    var months: [Grain: Set<Month>] = [:]
    for figure in figures {
      months[figure.period.grain, default: []].insert(figure.period.last)
      if needed.contains(figure.metric) { known[Self.key(figure, figure.metric)] = figure }
    }
    periods = months.mapValues { $0.sorted() }
  }

  private static func key(_ figure: Figure, _ metric: String) -> Key {
    Key(
      grain: figure.period.grain, last: figure.period.last, metric: metric, segment: figure.segment,
      currency: figure.currency, valuation: figure.valuation)
  }

  /// In the order of the figures of each expression's first metric.
  func figures(_ catalogue: [Figure]) -> [Figure] {
    own.flatMap { own -> [Figure] in
      guard case .expression(let expression, _) = own.source, let first = expression.metrics.first else {
        return []
      }
      return catalogue.compactMap { figure in
        // Each period's constant figure is at its own opening's rates: two periods' have no common ones.
        guard figure.metric == first, figure.valuation != .constant || !expression.looksBack else {
          return nil
        }
        return self.figure(own.metric, expression, like: figure)
      }
    }
  }

  /// nil where another metric of the expression has no figure there.
  private func figure(_ metric: Metric, _ expression: MetricExpression, like model: Figure) -> Figure? {
    let inputs = expression.metrics.map { known[Self.key(model, $0)] }
    guard !inputs.contains(where: { $0 == nil }) else { return nil }
    var figure = model
    figure.metric = metric.id
    figure.grade = inputs.compactMap { $0?.grade }.max() ?? model.grade
    do throws(NoValue) {
      figure.value = try value(expression, at: model, &figure.grade).value(of: metric.unit)
    } catch {
      figure.value = .null(error.reason)
    }
    return figure
  }

  private struct NoValue: Error { var reason: String }

  private func value(
    _ expression: MetricExpression, at model: Figure, _ grade: inout Book.Grade
  ) throws(NoValue) -> ExactNumber {
    switch expression {
    case .number(let number, let scale):
      var divisor: Int128 = 1
      for _ in 0..<scale { divisor *= 10 }
      return try checked(ExactNumber(Int128(number), over: divisor))
    case .metric(let id, let earlier):
      var key = Self.key(model, id)
      if earlier > 0 {
        let months = periods[key.grain] ?? []
        guard let position = months.firstIndex(of: key.last), position >= earlier else {
          throw NoValue(reason: "the window reaches before the first period")
        }
        key.last = months[position - earlier]
      }
      guard let figure = known[key] else {
        // Segments have rows only while something happens in them: before, there was nothing.
        guard summed.contains(id) else {
          throw NoValue(reason: "\(id) has no value \(earlier) periods before")
        }
        return try checked(ExactNumber(0, over: 1))
      }
      grade = max(grade, figure.grade)
      return try exact(figure.value, id)
    case .negated(let inner):
      let value = try value(inner, at: model, &grade)
      return try checked(ExactNumber(-value.numerator, over: value.denominator))
    case .operation(let operation, let left, let right):
      let first = try value(left, at: model, &grade)
      let second = try value(right, at: model, &grade)
      if operation == .divide, second.numerator == 0 { throw NoValue(reason: "the denominator is zero") }
      return try checked(first.combined(operation, second))
    }
  }

  private func exact(_ value: MetricValue, _ id: String) throws(NoValue) -> ExactNumber {
    switch value {
    case .money(let micros), .moneyRatio(let micros, _, _):
      // A count beside money is of whole units; money is counted in millionths.
      return try checked(ExactNumber(Int128(micros), over: 1_000_000))
    case .count(let count): return try checked(ExactNumber(Int128(count), over: 1))
    case .ratio(let numerator, let denominator):
      guard denominator != 0 else { throw NoValue(reason: "\(id) has a denominator of zero") }
      return try checked(ExactNumber(Int128(numerator), over: Int128(denominator)))
    case .real(let number):
      // Derived ratios have no exact form: twelve decimals of them.
      guard number.isFinite, number.magnitude < 1e15 else {
        throw NoValue(reason: "\(id) is no finite number")
      }
      return try checked(
        ExactNumber(Int128((number * 1e12).rounded(.toNearestOrEven)), over: 1_000_000_000_000))
    case .null(let reason): throw NoValue(reason: "\(id): \(reason)")
    }
  }

  private func checked(_ value: ExactNumber?) throws(NoValue) -> ExactNumber {
    guard let value else { throw NoValue(reason: "it is too large to be computed exactly") }
    return value
  }
}
