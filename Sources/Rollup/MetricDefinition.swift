import Model

/// One metric: its declaration and the function that computes it, side by side in one file of `Metrics/`.
struct MetricDefinition: Sendable {
  enum Scope: Sendable {
    /// For every segment, at these valuations (`native` only where the dimension is the currency).
    case segments([Valuation])
    /// Likewise, but for the segments of charges.
    case customerSegments([Valuation])
    /// For the whole book only, as reported.
    case whole
    /// As reported for the whole, and for the segments of customers where the entity is fed.
    case byCustomer(EntityKind)
  }

  let metric: Metric
  let scope: Scope
  /// What its grade is taken from.
  let ends: MonthEnds
  let compute: @Sendable (MetricContext) -> MetricValue

  init(
    _ metric: Metric, _ scope: Scope, of ends: MonthEnds = .throughout,
    _ compute: @escaping @Sendable (MetricContext) -> MetricValue
  ) {
    self.metric = metric
    self.scope = scope
    self.ends = ends
    self.compute = compute
  }
}

extension MetricDefinition.Scope {
  static let moneyBySegment = Self.segments([.asReported, .constant, .native])
  static let retentionBySegment = Self.segments([.asReported, .constant])
  static let countsBySegment = Self.segments([.asReported])
}

/// The declarations of all metrics, in the order of the catalogue.
public let metricCatalogue: [Metric] = metricDefinitions.map(\.metric)
