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
  /// The answers of a policy that its figures depend on.
  let decidedBy: Set<PolicyKey>
  /// What of customers adds up to it, where anything does.
  let parts: CustomerParts?
  /// Throws ``TooLargeToPublish`` alone.
  let compute: @Sendable (MetricContext) throws -> MetricValue

  init(
    _ metric: Metric, _ scope: Scope, of ends: MonthEnds = .throughout, decidedBy: Set<PolicyKey>,
    parts: CustomerParts? = nil, _ compute: @escaping @Sendable (MetricContext) throws -> MetricValue
  ) {
    self.metric = metric
    self.scope = scope
    self.ends = ends
    self.decidedBy = decidedBy
    self.parts = parts
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

/// The answers of a policy that a metric of the catalogue depends on, in the order of the keys; nil for any other metric.
public func policyKeys(deciding metric: String) -> [PolicyKey]? {
  metricDefinitions.first { $0.metric.id == metric }.map { definition in
    PolicyKey.allCases.filter(definition.decidedBy.contains)
  }
}

/// What of customers adds up to a metric of the catalogue; nil where nothing does.
public func customerParts(of metric: String) -> CustomerParts? {
  metricDefinitions.first { $0.metric.id == metric }?.parts
}

extension Set<PolicyKey> {
  /// What counts as recurring revenue, and for how much.
  static let charges: Self = [
    .basis, .statuses, .unpaid, .unpaidDays, .trials, .discountForever, .discountRepeating, .discountOnce,
    .metered, .weekFactor, .dayFactor, .churnAt, .paused, .refunds, .graceDays,
  ]
  static let rates: Self = [.rateDate]
  static let mrr = charges.union(rates)
  /// Who is a customer.
  static let customers = charges.union([.fullyDiscounted, .customerIs])
  /// How many customers come and go.
  static let counts = customers.union([.bridge, .groupingMinutes, .sameMonth, .reactivationWindow])
  static let movements = counts.union(rates)
  /// Money of customers.
  static let perCustomer = customers.union(rates)
  static let lifetime = movements.union([.churnWindow, .churnBase, .ltvChurn, .ltvMargin])
}
