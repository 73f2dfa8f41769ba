extension Book {
  /// One use of the product.
  public struct Usage: Sendable, Hashable {
    /// Index into ``Book/customers``.
    public var customer: Int32
    /// Tells the users of a customer apart; -1 where the customer is its one user.
    public var user: Int32
    public var at: Moment
    /// How often, in millionths; 0 or less is no use.
    public var count: Int64
    public init(customer: Int32, user: Int32, at: Moment, count: Int64 = 1_000_000) {
      self.customer = customer
      self.user = user
      self.at = at
      self.count = count
    }
  }

  public struct CashBalance: Sendable, Hashable {
    public var day: Moment
    public var account: String?
    /// Micro-units; negative when overdrawn.
    public var amount: Int64
    public var currency: Currency
    public init(day: Moment, account: String?, amount: Int64, currency: Currency) {
      self.day = day
      self.account = account
      self.amount = amount
      self.currency = currency
    }
  }

  /// An entry made by hand. It stands beside a metric and is never part of one.
  public struct Adjustment: Sendable, Hashable {
    public var day: Moment
    /// The identity all accounts of the customer share, as ``Customer/id``.
    public var customer: Int64?
    public var metric: String
    /// Micro-units.
    public var amount: Int64
    public var currency: Currency
    public var author: String
    public var reason: String
    public init(
      day: Moment, customer: Int64?, metric: String, amount: Int64, currency: Currency, author: String,
      reason: String
    ) {
      self.day = day
      self.customer = customer
      self.metric = metric
      self.amount = amount
      self.currency = currency
      self.author = author
      self.reason = reason
    }
  }

  /// What is planned for a metric, of the whole or a segment, in one month.
  public struct Budget: Sendable, Hashable {
    public var day: Moment
    public var metric: String
    public var segment: SegmentKey
    /// Micro-units, of a metric of money.
    public var amount: Int64?
    /// nil: the reporting currency.
    public var currency: Currency?
    /// Millionths, of any other metric.
    public var value: Int64?
    public init(
      day: Moment, metric: String, segment: SegmentKey = .all, amount: Int64? = nil,
      currency: Currency? = nil, value: Int64? = nil
    ) {
      self.day = day
      self.metric = metric
      self.segment = segment
      self.amount = amount
      self.currency = currency
      self.value = value
    }
  }
}
