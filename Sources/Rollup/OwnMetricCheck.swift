import Model

/// The catalogue with a project's own metrics behind it, which need what those they are made of need.
public func catalogue(with own: [OwnMetric]) -> [Metric] {
  metricCatalogue
    + own.map { own in
      var metric = own.metric
      if case .expression(let expression, _) = own.source {
        let inputs = metricCatalogue.filter { expression.metrics.contains($0.id) }
        metric.needs = EntityKind.allCases.filter { kind in inputs.contains { $0.needs.contains(kind) } }
      }
      return metric
    }
}

/// What is wrong with a project's own metrics beside the catalogue.
public func findings(of own: [OwnMetric]) -> [Finding] {
  own.flatMap { own -> [Finding] in
    let expression: MetricExpression
    let place: Place
    switch own.source {
    case .query(_, _, let place): return taken(own.metric.id, at: place)
    case .expression(let written, let at): (expression, place) = (written, at)
    }
    var findings = taken(own.metric.id, at: place)
    let ids = metricCatalogue.map(\.id)
    for id in expression.metrics where !ids.contains(id) {
      findings.append(
        Finding(
          .error, "unknown-metric", at: place, "no metric of the catalogue is named `\(id)`",
          consequence: "nothing is run",
          remedy: nearest(to: id, among: ids).map { "did you mean `\($0)`?" }
            ?? "`perennial metrics` lists them"))
    }
    if findings.isEmpty, let problem = MoneyDegree(expression).problem(of: own.metric.unit) {
      findings.append(
        Finding(
          .error, "mixed-units", at: place, problem, consequence: "nothing is run",
          remedy: "`perennial metrics` lists the unit of each metric"))
    }
    return findings
  }
}

private func taken(_ id: String, at place: Place) -> [Finding] {
  guard metricCatalogue.contains(where: { $0.id == id }) else { return [] }
  return [
    Finding(
      .error, "metric-exists", at: place, "the catalogue has a metric named `\(id)`",
      consequence: "nothing is run", remedy: "give the file another name")
  ]
}

/// Money once, or not at all, or what cannot be.
private enum MoneyDegree {
  case degree(Int)
  case mixed(String)

  init(_ expression: MetricExpression) {
    switch expression {
    case .number: self = .degree(0)
    case .metric(let id, _):
      self = .degree(metricCatalogue.first { $0.id == id }?.unit == .money ? 1 : 0)
    case .negated(let inner): self = MoneyDegree(inner)
    case .operation(let operation, let left, let right):
      switch (MoneyDegree(left), MoneyDegree(right)) {
      case (.mixed(let problem), _), (_, .mixed(let problem)): self = .mixed(problem)
      case (.degree(let first), .degree(let second)):
        switch operation {
        case .multiply: self = .degree(first + second)
        case .divide: self = .degree(first - second)
        case .add, .subtract:
          self =
            first == second
            ? .degree(first)
            : .mixed("money and what is no money stand on the two sides of `\(operation.rawValue)`")
        }
      }
    }
  }

  func problem(of unit: Metric.Unit) -> String? {
    switch self {
    case .mixed(let problem): problem
    case .degree(let degree):
      degree == (unit == .money ? 1 : 0)
        ? nil
        : unit == .money
          ? "the unit is money, and the expression is \(degree == 0 ? "none" : "not one amount of it")"
          : "the unit is \(unit.rawValue), and the expression is an amount of money"
    }
  }
}
