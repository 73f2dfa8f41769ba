/// The grain of a period. Raw values are the names in the warehouse.
public enum Grain: String, Sendable, CaseIterable, Hashable {
  case month, quarter
  case fiscalQuarter = "fiscal_quarter"
  case fiscalYear = "fiscal_year"
}

/// One period: a run of whole months.
public struct Period: Sendable, Hashable {
  public var grain: Grain
  public var first: Month
  public var last: Month
  /// `2024-02`, `2024-Q1`, `FY2024-Q1`, `FY2024` (a fiscal year is named after the calendar year it ends in).
  public var label: String
  public init(grain: Grain, first: Month, last: Month, label: String) {
    self.grain = grain
    self.first = first
    self.last = last
    self.label = label
  }
  public var end: Day { last.end }
}

/// At which rates a figure is valued.
public enum Valuation: String, Sendable, CaseIterable, Hashable {
  /// Every month end at its own rate.
  case asReported = "as_reported"
  /// Both ends of the window at the window's opening rates.
  case constant
  /// In the charge's own currency.
  case native
}

public enum PeriodState: String, Sendable, CaseIterable, Hashable { case open, provisional, closed }

/// `dimension` and `segment` of a figure: `all`/`all`, `country`/`DE`. A missing value is the segment `(none)`.
public struct SegmentKey: Sendable, Hashable, Comparable {
  public var dimension: String
  public var segment: String
  public init(_ dimension: String, _ segment: String) {
    self.dimension = dimension
    self.segment = segment
  }
  public static let all = SegmentKey("all", "all")
  public static let none = "(none)"
  public static func < (left: Self, right: Self) -> Bool {
    (left.dimension, left.segment) < (right.dimension, right.segment)
  }
}

/// One published figure: a row of the view `metric_period`.
public struct Figure: Sendable {
  public var period: Period
  public var metric: String
  public var segment: SegmentKey
  public var currency: Currency
  public var valuation: Valuation
  public var value: MetricValue
  public var grade: Book.Grade
  public var state: PeriodState
  public init(
    period: Period, metric: String, segment: SegmentKey, currency: Currency, valuation: Valuation,
    value: MetricValue,
    grade: Book.Grade, state: PeriodState
  ) {
    self.period = period
    self.metric = metric
    self.segment = segment
    self.currency = currency
    self.valuation = valuation
    self.value = value
    self.grade = grade
    self.state = state
  }
}

/// The value of a metric, exact where it can be.
public enum MetricValue: Sendable, Hashable {
  /// Micro-units.
  case money(Int64)
  /// Money that is a quotient (ARPA, CAC), half-even to a micro-unit, with what it is a quotient of.
  case moneyRatio(Int64, numerator: Int64, denominator: Int64)
  case count(Int64)
  /// A simple ratio of two exact numbers (money in micro-units, or counts).
  case ratio(numerator: Int64, denominator: Int64)
  /// A derived ratio, or a number of months, that has no exact form.
  case real(Double)
  /// No value, and the sentence that says why.
  case null(String)
}

/// One period of one segment: a row of the view `mrr_bridge`. All amounts in micro-units; outflows negative.
public struct BridgeRow: Sendable, Hashable {
  public var period: Period
  public var segment: SegmentKey
  public var currency: Currency
  public var valuation: Valuation
  public var amounts: BridgeAmounts
  /// nil in charge dimensions, where customers do not add up.
  public var counts: BridgeCounts?
  public var state: PeriodState
  public init(
    period: Period, segment: SegmentKey, currency: Currency, valuation: Valuation, amounts: BridgeAmounts,
    counts: BridgeCounts?, state: PeriodState
  ) {
    self.period = period
    self.segment = segment
    self.currency = currency
    self.valuation = valuation
    self.amounts = amounts
    self.counts = counts
    self.state = state
  }
}

/// Amounts of a bridge in micro-units, signed so that they simply add up to `ending`.
public struct BridgeAmounts: Sendable, Hashable {
  public var starting: Int64 = 0
  public var restatement: Int64 = 0
  public var transferIn: Int64 = 0
  public var transferOut: Int64 = 0
  public var new: Int64 = 0
  public var reactivation: Int64 = 0
  public var expansion: Int64 = 0
  public var contraction: Int64 = 0
  public var churn: Int64 = 0
  public var fx: Int64 = 0
  public var ending: Int64 = 0
  public init() {}
}

public struct BridgeCounts: Sendable, Hashable {
  public var starting: Int64 = 0
  public var transferIn: Int64 = 0
  public var transferOut: Int64 = 0
  public var new: Int64 = 0
  public var reactivated: Int64 = 0
  public var churned: Int64 = 0
  public var ending: Int64 = 0
  public init() {}
}

public enum Movement: String, Sendable, CaseIterable, Hashable {
  case new, reactivation, expansion, contraction, churn, fx
}

/// One customer's movement in one month, in the reporting currency as reported: a row of `customer_movement`.
///
/// Under the event bridge a customer can have several in one month, also of one kind.
public struct CustomerMovement: Sendable, Hashable {
  public var month: Month
  public var movement: Movement
  public var customer: Int64
  /// Its place among the customer's movements of the month, from 1 on, in the order in which they happened.
  public var sequence: Int
  /// Micro-units; contraction and churn negative.
  public var amount: Int64
  public var before: Int64
  public var after: Int64
  public init(
    month: Month, customer: Int64, sequence: Int = 1, movement: Movement, amount: Int64, before: Int64,
    after: Int64
  ) {
    self.month = month
    self.customer = customer
    self.sequence = sequence
    self.movement = movement
    self.amount = amount
    self.before = before
    self.after = after
  }
}

/// A customer's MRR at the ends of the months `first...last`, in micro-units of `currency`.
public struct CustomerMRR: Sendable, Hashable {
  public var customer: Int64
  public var first: Month
  public var last: Month
  public var mrr: Int64
  public init(customer: Int64, first: Month, last: Month, mrr: Int64) {
    self.customer = customer
    self.first = first
    self.last = last
    self.mrr = mrr
  }
}

/// One cohort at one age: a row of `cohort_period`. Ages a cohort is too young for have no row.
public struct CohortCell: Sendable, Hashable {
  /// Month or quarter.
  public var period: Period
  public var age: Int
  public var segment: SegmentKey
  public var customers: Int64
  public var net: Int64
  public var gross: Int64
  public var customersAtStart: Int64
  public var mrrAtStart: Int64
  public init(
    period: Period, age: Int, segment: SegmentKey, customers: Int64, net: Int64, gross: Int64,
    customersAtStart: Int64,
    mrrAtStart: Int64
  ) {
    self.period = period
    self.age = age
    self.segment = segment
    self.customers = customers
    self.net = net
    self.gross = gross
    self.customersAtStart = customersAtStart
    self.mrrAtStart = mrrAtStart
  }

  /// The month at whose end the cohort had this age.
  public var reached: Month { period.last + age * (period.grain == .month ? 1 : 3) }
}

/// A customer's segment in one customer dimension from one month's end on, until the next row.
public struct SegmentMembership: Sendable, Hashable {
  public var customer: Int64
  public var segment: SegmentKey
  public var first: Month
  public var last: Month
  public init(customer: Int64, segment: SegmentKey, first: Month, last: Month) {
    self.customer = customer
    self.segment = segment
    self.first = first
    self.last = last
  }
}

/// A rate the roll-up applied, for one month and pair, and the day it is of.
public struct RateUsed: Sendable, Hashable {
  public var month: Month
  public var from: Currency
  public var to: Currency
  public var rate: ExactRate
  public var day: Day?
  public init(month: Month, from: Currency, to: Currency, rate: ExactRate, day: Day?) {
    self.month = month
    self.from = from
    self.to = to
    self.rate = rate
    self.day = day
  }
}

/// A charge as the roll-up counted it: one row of the view `charge`.
public struct ChargeInterval: Sendable, Hashable {
  /// Row of the warehouse's table of the entity.
  public var row: Int64
  public var customer: Int64
  public var plan: Int64?
  /// What the row is: a recurring charge, an invoice line or a contract.
  public var entity: EntityKind
  public var grade: Book.Grade
  public var product: String?
  /// Micro-units a month in its own currency.
  public var mrr: Int64
  public var currency: Currency
  public var start: Day
  /// nil: still running.
  public var end: Day?
  public init(
    entity: EntityKind = .recurringCharge, row: Int64, customer: Int64, plan: Int64?, product: String?,
    currency: Currency, start: Day, end: Day?,
    mrr: Int64,
    grade: Book.Grade
  ) {
    self.entity = entity
    self.row = row
    self.customer = customer
    self.plan = plan
    self.product = product
    self.currency = currency
    self.start = start
    self.end = end
    self.mrr = mrr
    self.grade = grade
  }
}

/// Everything one roll-up publishes.
public struct RollupResult: Sendable {
  public var figures: [Figure] = []
  public var bridge: [BridgeRow] = []
  public var movements: [CustomerMovement] = []
  public var customerMRR: [CustomerMRR] = []
  public var cohorts: [CohortCell] = []
  public var memberships: [SegmentMembership] = []
  public var ratesUsed: [RateUsed] = []
  public var charges: [ChargeInterval] = []
  public var budgets: [BudgetLine] = []
  public var adjustments: [AdjustmentLine] = []
  public var forecasts: [ForecastLine] = []
  public var churnParts: [ChurnPart] = []
  public var findings: [Finding] = []
  /// The sums behind the figures, for the next roll-up to carry on from; empty when there are no figures.
  public var sums: [UInt8] = []
  /// The rows of single customers that the rows above take the place of; nil when those above are of all customers.
  public var replaced: CustomerRows?
  /// What the months that are closed add to the rows above; nil before the first close.
  public var closed: ClosedPart?
  public init() {}

  /// Which figures were first defined after their month was closed, and what has changed since.
  public struct ClosedPart: Sendable {
    public var through: Month
    public var addedFigures: [Figure] = []
    public var restatements: [FigureRestatement] = []
    public init(through: Month) { self.through = through }
  }

  /// The rows above that are of one customer each.
  public var customerRows: CustomerRows {
    CustomerRows(
      movements: movements, customerMRR: customerMRR, memberships: memberships, charges: charges,
      churnParts: churnParts)
  }

  /// The published rows that are of one customer each.
  public struct CustomerRows: Sendable {
    public var movements: [CustomerMovement]
    public var customerMRR: [CustomerMRR]
    public var memberships: [SegmentMembership]
    public var charges: [ChargeInterval]
    public var churnParts: [ChurnPart]
    public init(
      movements: [CustomerMovement], customerMRR: [CustomerMRR], memberships: [SegmentMembership],
      charges: [ChargeInterval], churnParts: [ChurnPart]
    ) {
      self.churnParts = churnParts
      self.movements = movements
      self.customerMRR = customerMRR
      self.memberships = memberships
      self.charges = charges
    }
  }
}
