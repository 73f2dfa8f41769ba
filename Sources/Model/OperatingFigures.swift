/// An entry made by hand, in the reporting currency: a row of the view `adjustment`.
public struct AdjustmentLine: Sendable, Hashable {
  public var month: Month
  public var metric: String
  public var customer: Int64?
  /// Micro-units of the reporting currency, at the month's rate.
  public var amount: Int64
  public var native: Int64
  public var currency: Currency
  public var author: String
  public var reason: String
  public init(
    month: Month, metric: String, customer: Int64?, amount: Int64, native: Int64, currency: Currency,
    author: String, reason: String
  ) {
    self.month = month
    self.metric = metric
    self.customer = customer
    self.amount = amount
    self.native = native
    self.currency = currency
    self.author = author
    self.reason = reason
  }
}

/// What is planned for a metric in a month: a row of the view `budget`.
public struct BudgetLine: Sendable, Hashable {
  public var month: Month
  public var metric: String
  public var segment: SegmentKey
  /// Micro-units of the reporting currency, a whole count, or a ratio of millionths.
  public var planned: MetricValue
  public init(month: Month, metric: String, segment: SegmentKey, planned: MetricValue) {
    self.month = month
    self.metric = metric
    self.segment = segment
    self.planned = planned
  }
}

/// MRR a month's close lets expect of a later month: a row of the view `forecast`. Micro-units.
public struct ForecastLine: Sendable, Hashable {
  public var made: Month
  public var month: Month
  public var low: Int64
  public var expected: Int64
  public var high: Int64
  public init(made: Month, month: Month, low: Int64, expected: Int64, high: Int64) {
    self.made = made
    self.month = month
    self.low = low
    self.expected = expected
    self.high = high
  }
}

/// What a customer that left in a month left for one reason; customers of whom no reason is known have none.
public struct ChurnPart: Sendable, Hashable {
  public var month: Month
  public var customer: Int64
  public var reason: String
  /// Micro-units, positive; the parts of a month add up to the customer's churned MRR.
  public var mrr: Int64
  public init(month: Month, customer: Int64, reason: String, mrr: Int64) {
    self.month = month
    self.customer = customer
    self.reason = reason
    self.mrr = mrr
  }
}

/// Why customers left in a month: a row of the view `churn_reason`.
public struct ChurnReasonLine: Sendable, Hashable {
  public var month: Month
  /// `(none)` where nothing says why.
  public var reason: String
  public var customers: Int64
  /// Micro-units, positive.
  public var mrr: Int64
  public init(month: Month, reason: String, customers: Int64, mrr: Int64) {
    self.month = month
    self.reason = reason
    self.customers = customers
    self.mrr = mrr
  }
}

/// A closed month's MRR as it was closed and as today's facts have it, in micro-units of the reporting currency.
public struct RestatedMonth: Sendable, Hashable {
  public var month: Month
  public var asClosed: Int64
  public var now: Int64
  /// What changed since the close.
  public var cause: String
  public init(month: Month, asClosed: Int64, now: Int64, cause: String) {
    self.month = month
    self.asClosed = asClosed
    self.now = now
    self.cause = cause
  }
}

/// What stands in a report beside the figures of its month.
public struct ReportNotes: Sendable, Hashable {
  /// Of the whole, for the month.
  public var budgets: [BudgetLine] = []
  /// Of the month.
  public var adjustments: [AdjustmentLine] = []
  /// Names of the customers that adjustments are about.
  public var customerNames: [Int64: String] = [:]
  public var customerKeys: [Int64: CustomerKey] = [:]
  /// Made at the month's close.
  public var forecasts: [ForecastLine] = []
  /// Of the year up to the month, where any reason is known; by month, then by amount.
  public var churnReasons: [ChurnReasonLine] = []
  /// Customers with the most MRR at the month's end, the largest first.
  public var largest: [CustomerLevel] = []
  /// Customers with MRR that something says may go, the largest first; of the last published months alone, since nobody can say what was
  /// known in earlier ones.
  public var atRisk: [CustomerAtRisk] = []
  /// Rows in quarantine when each source was last read, by source and name of the fault.
  public var quarantine: [QuarantineCount] = []
  /// MRR beside invoices; nil where nobody asks, or where there are no invoices.
  public var invoiced: InvoicedMonth?
  /// Of each source and entity, where somebody asks.
  public var heldRows: [HeldRows] = []
  /// What the run found beside rows in quarantine, by name; no count of it depends on when the run was.
  public var findings: [FindingCount] = []
  /// Closed months whose MRR would be another one by today's facts; none in a report of a closed month, which stays as it was.
  public var restatedMonths: [RestatedMonth] = []
  public init() {}
}
