/// The months that are closed: what was published of them, and never changes again.
public struct ClosedMonths: Sendable {
  /// The first and the last month that is closed; all between them are.
  public var first: Month
  public var through: Month
  /// The reporting currency they were closed in.
  public var currency: Currency
  /// The month their fiscal years start with, 1 to 12.
  public var fiscalYearStart: Int
  /// Those added after the close among them.
  public var figures: [Figure] = []
  public var bridge: [BridgeRow] = []
  public var cohorts: [CohortCell] = []
  /// The exchange rates that were published for them.
  public var rates: [RateUsed] = []

  public init(first: Month, through: Month, currency: Currency, fiscalYearStart: Int) {
    self.fiscalYearStart = fiscalYearStart
    self.first = first
    self.through = through
    self.currency = currency
  }

  /// The dimensions that were defined then; of months without any MRR figures alone have them.
  public func dimensions() -> Set<String> {
    var known = Set(bridge.map(\.segment.dimension))
    var last = ""
    for figure in figures where figure.segment.dimension != last {
      last = figure.segment.dimension
      known.insert(last)
    }
    return known
  }

  /// The rates of closed months into the reporting currency, by currency and month: of a day, the latest, and of no day.
  public func rates(into reporting: Currency) -> [Currency: [Month: (ofDay: RateUsed?, ofMonth: RateUsed?)]] {
    var rates: [Currency: [Month: (ofDay: RateUsed?, ofMonth: RateUsed?)]] = [:]
    for rate in self.rates where rate.to == reporting && rate.month <= through {
      var known = rates[rate.from]?[rate.month] ?? (nil, nil)
      if let day = rate.day {
        if known.ofDay?.day.map({ $0 <= day }) ?? true { known.ofDay = rate }
      } else {
        known.ofMonth = rate
      }
      rates[rate.from, default: [:]][rate.month] = known
    }
    return rates
  }
}

/// A figure of a closed month that the facts would give another value today. It is published as closed.
public struct FigureRestatement: Sendable {
  /// The figure, with the value it was closed with, or would have now.
  public var figure: Figure
  /// nil: there was none.
  public var asClosed: MetricValue?
  /// nil: there is none any more.
  public var now: MetricValue?
  public init(_ figure: Figure, asClosed: MetricValue?, now: MetricValue?) {
    self.figure = figure
    self.asClosed = asClosed
    self.now = now
  }
}

/// How the figures of a closed month were made, for what reports of it say.
public struct ClosedMethod: Sendable, Hashable {
  public var basis: String
  public var policyName: String
  public var policyOverrides: [String]
  public var zoneName: String
  public init(basis: String, policyName: String, policyOverrides: [String], zoneName: String) {
    self.basis = basis
    self.policyName = policyName
    self.policyOverrides = policyOverrides
    self.zoneName = zoneName
  }
}

extension ReportData {
  /// States how its figures were made when they were closed instead of how they are made now.
  public mutating func state(_ method: ClosedMethod?) {
    guard let method else { return }
    if method.policyName != policyName || method.policyOverrides != policyOverrides { policyAssumptions = [] }
    basis = Policy.Basis(rawValue: method.basis) ?? basis
    (policyName, policyOverrides) = (method.policyName, method.policyOverrides)
    zoneName = method.zoneName
  }
}

/// One entry of the record of closes: a month was closed, or opened again.
public struct ClosingEntry: Sendable, Hashable {
  public enum Action: String, Sendable { case close, reopen }
  public var entry: Int64
  public var action: Action
  public var month: Month
  public var at: Moment
  public var person: String
  /// Why: needed where a month is opened again.
  public var reason: String?
  /// The run whose figures they are.
  public var run: Int64
  /// Figures that were closed.
  public var figures: Int64
  /// SHA-256 of the entry before and of everything closed with this one, in hex.
  public var digest: String
  public init(
    entry: Int64, action: Action, month: Month, at: Moment, person: String, reason: String?, run: Int64,
    figures: Int64, digest: String
  ) {
    self.entry = entry
    self.action = action
    self.month = month
    self.at = at
    self.person = person
    self.reason = reason
    self.run = run
    self.figures = figures
    self.digest = digest
  }
}
