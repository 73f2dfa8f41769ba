/// Everything besides the facts that a roll-up depends on.
public struct RollupSettings: Sendable {
  public var policy: Policy
  public var currency: Currency
  public var zone: ReportingZone
  /// 1 to 12.
  public var fiscalYearStart: Int
  public var dimensions: [Dimension]
  /// Metrics the project defines, checked.
  public var ownMetrics: [OwnMetric]
  /// Rates the policy's `rate_date: fixed` uses, and nothing else.
  public var fixedRates: [Currency: ExactRate]
  /// Days a rate may be old.
  public var maximumRateAge: Int
  /// Months between spending on sales and marketing and the customers it wins.
  public var cacLag: Int
  /// The last month to publish: the one that ``dataThrough`` has reached the end of, or is inside of.
  public var lastMonth: Month
  /// The earliest data-through of the sources needed: a month is provisional until it has passed its end plus grace.
  public var dataThrough: Moment
  /// The months whose figures never change again; nil before the first close.
  public var closed: ClosedMonths?

  public init(
    policy: Policy, currency: Currency, zone: ReportingZone = .utc, fiscalYearStart: Int = 1,
    dimensions: [Dimension] = [], ownMetrics: [OwnMetric] = [],
    fixedRates: [Currency: ExactRate] = [:], maximumRateAge: Int = 7, cacLag: Int = 0, lastMonth: Month,
    dataThrough: Moment
  ) {
    self.policy = policy
    self.currency = currency
    self.zone = zone
    self.fiscalYearStart = fiscalYearStart
    self.dimensions = dimensions
    self.ownMetrics = ownMetrics
    self.fixedRates = fixedRates
    self.maximumRateAge = maximumRateAge
    self.cacLag = cacLag
    self.lastMonth = lastMonth
    self.dataThrough = dataThrough
  }
}
