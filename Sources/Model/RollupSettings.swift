/// How customers or charges are put into segments.
public struct Dimension: Sendable, Hashable {
  public enum Rule: Sendable, Hashable {
    /// `country`, or a free attribute by name.
    case attribute(String)
    /// Lower bounds of the bands above the first, ascending: `[10, 50]` makes `0 to 9`, `10 to 49`, `50 or more`.
    case employees([Int64])
    /// Likewise for ARR at the month's end, bounds in whole units of the reporting currency.
    case arr([Int64])
    case plan, product, currency
  }

  /// The name in `metric_period.dimension`.
  public var name: String
  public var rule: Rule
  public init(name: String, rule: Rule) {
    self.name = name
    self.rule = rule
  }

  /// True for dimensions of charges, whose segments one customer can have several of.
  public var isOfCharges: Bool {
    switch rule {
    case .plan, .product, .currency: true
    case .attribute, .employees, .arr: false
    }
  }
}

/// Everything besides the facts that a roll-up depends on.
public struct RollupSettings: Sendable {
  public var policy: Policy
  public var currency: Currency
  public var zone: ReportingZone
  /// 1 to 12.
  public var fiscalYearStart: Int
  public var dimensions: [Dimension]
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

  public init(
    policy: Policy, currency: Currency, zone: ReportingZone = .utc, fiscalYearStart: Int = 1,
    dimensions: [Dimension] = [],
    fixedRates: [Currency: ExactRate] = [:], maximumRateAge: Int = 7, cacLag: Int = 0, lastMonth: Month,
    dataThrough: Moment
  ) {
    self.policy = policy
    self.currency = currency
    self.zone = zone
    self.fiscalYearStart = fiscalYearStart
    self.dimensions = dimensions
    self.fixedRates = fixedRates
    self.maximumRateAge = maximumRateAge
    self.cacLag = cacLag
    self.lastMonth = lastMonth
    self.dataThrough = dataThrough
  }
}
