/// One section of a report's definition: what it shows, and of what.
public struct SectionDefinition: Sendable, Hashable {
  /// What a section is.
  public enum Kind: String, Sendable, CaseIterable {
    case summary, figures, table, chart, bridge, retention
    case cohortGrid = "cohort_grid"
    case customers
    case rollForward = "roll_forward"
    case forecast
    case churnReasons = "churn_reasons"
    case adjustments, reconciliation, data, findings, text
  }

  /// Which of its faces a section shows; a kind takes only its own.
  public enum View: String, Sendable, CaseIterable {
    case tiles, table, driver, bridge, retention, segments, year, unusual, provisional, trend, waterfall,
      months, customers, rates, methods, grid, map, summary, movements, largest
    case atRisk = "at_risk"
    case fan
    case whatIf = "what_if"
    case line
    case smallMultiples = "small_multiples"
    case sources, quarantine, accounts
  }

  /// What a figure is set against.
  public enum Comparison: String, Sendable, CaseIterable {
    case lastMonth = "last_month"
    case lastYear = "last_year"
    case budget
  }

  /// How the segments of a table stand.
  public enum Order: String, Sendable, CaseIterable {
    /// Bands from the lowest up, all else as ``largest``.
    case natural
    case largest, smallest, name
  }

  /// A metric as it was written, which may also be one of ``Stand``.
  public struct MetricName: Sendable, Hashable {
    public var id: String
    public var place: Place
    public init(_ id: String, at place: Place) {
      self.id = id
      self.place = place
    }
  }

  /// Names that stand for metrics another file decides on.
  public enum Stand: String, Sendable, CaseIterable {
    /// The net retention the policy calls the headline, and its gross counterpart.
    case headlineNDR = "headline_ndr"
    case headlineGDR = "headline_gdr"
    /// All metrics of the project's own, by name.
    case own
  }

  /// A bound whose crossing is worth a notice.
  public struct Threshold: Sendable, Hashable {
    public var metric: MetricName
    /// In units of `10^-12`, a percentage as its ratio, money in whole units of the reporting currency.
    public var above: Int128?
    public var below: Int128?
    /// Whether either was written with `%`.
    public var isPercent: Bool
    public init(metric: MetricName, above: Int128?, below: Int128?, isPercent: Bool = false) {
      self.metric = metric
      self.above = above
      self.below = below
      self.isPercent = isPercent
    }
  }

  public var kind: Kind
  /// nil: what the kind calls itself; empty: none.
  public var title: String?
  /// Set on the first section of a report that another one takes in: that report's title.
  public var part: String?
  /// Faces in the order in which they stand; the kind's usual ones when empty, see ``faces``.
  public var views: [View] = []
  public var metrics: [MetricName] = []
  public var comparisons: [Comparison] = []
  /// Periods of history.
  public var months: Int = 12
  public var grain: Grain = .month
  /// Dimensions to break down by; all there are when empty, where the kind needs one.
  public var dimensions: [String] = []
  /// Rows of lists.
  public var rows: Int = 10
  public var order: Order = .natural
  /// Of a roll-forward: which of ``metrics`` take from the opening, and where it ends.
  public var subtracted: [MetricName] = []
  public var closing: MetricName?
  public var text: String = ""
  public var thresholds: [Threshold] = []
  public var place: Place

  public init(_ kind: Kind, title: String? = nil, place: Place) {
    self.kind = kind
    self.title = title
    self.place = place
  }

  /// The faces it shows: those it names, or its kind's usual ones; none of a kind that has but one look.
  public var faces: [View] {
    guard views.isEmpty else { return views }
    return switch kind {
    case .summary: [.driver]
    case .figures: [.table]
    case .chart: [metrics.isEmpty ? .trend : .line]
    case .bridge: [.months]
    case .retention: [.methods]
    case .cohortGrid: [.grid]
    case .customers: [.movements]
    case .forecast: [.fan, .table, .whatIf]
    case .data: [.sources, .quarantine, .rates, .months, .accounts]
    case .table, .rollForward, .churnReasons, .adjustments, .reconciliation, .findings, .text: []
    }
  }

  /// Every metric it names, with the place it is named at.
  public var namedMetrics: [MetricName] {
    metrics + subtracted + (closing.map { [$0] } ?? []) + thresholds.map(\.metric)
  }
}
