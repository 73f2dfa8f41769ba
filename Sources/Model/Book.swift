/// What the roll-up reads: the facts of the warehouse as known now, in flat arrays with dense indices.
public struct Book: Sendable {
  /// State of a customer's attributes from `from` on (nil: from the beginning).
  public struct CustomerState: Sendable, Hashable {
    public var from: Moment?
    public var country: String?
    public var employees: Int64?
    public var attributes: [String: String]
    public init(from: Moment?, country: String?, employees: Int64?, attributes: [String: String]) {
      self.from = from
      self.country = country
      self.employees = employees
      self.attributes = attributes
    }
  }

  public struct Customer: Sendable {
    /// Stable id in the warehouse: the identity all linked accounts share.
    public var id: Int64
    public var name: String
    /// Index of the parent in ``Book/customers``.
    public var parent: Int32?
    /// Ascending by `from`; empty for a placeholder.
    public var states: [CustomerState]
    public init(id: Int64, name: String, parent: Int32? = nil, states: [CustomerState] = []) {
      self.id = id
      self.name = name
      self.parent = parent
      self.states = states
    }
  }

  public struct Plan: Sendable {
    public var id: Int64
    public var name: String
    public var product: String?
    /// Position in ``EntityColumn/intervalUnits``, of the billing interval as known now; nil where nothing says it.
    public var intervalUnit: UInt8?
    public var intervalCount: Int32 = 1
    public var isMetered = false
    public init(id: Int64, name: String, product: String? = nil) {
      self.id = id
      self.name = name
      self.product = product
    }
  }

  /// One state of a subscription, in force within `[from, to)` of valid time (nil: unbounded).
  public struct SubscriptionState: Sendable {
    public var from: Moment?
    public var to: Moment?
    /// Position in ``EntityColumn/subscriptionStatuses``.
    public var status: UInt8?
    public var started: Moment?
    public var trialEnd: Moment?
    public var cancelRequested: Moment?
    public var cancelEffective: Moment?
    public var cancelReason: String?
    public var ended: Moment?
    public var pauseStart: Moment?
    public var pauseEnd: Moment?
    public init() {}
  }

  /// What a customer or a subscription is given off all its charges.
  public struct Discount: Sendable, Hashable {
    /// Micro-units off what is billed together in one interval.
    public var amount: Int64 = 0
    /// Percentage in millionths: 25 % is 25_000_000.
    public var percent: Int64 = 0
    /// Of ``amount``; nil: that of the charges.
    public var currency: Currency?
    /// Position in ``EntityColumn/discountDurations``.
    public var duration: UInt8 = 0
    /// nil: always.
    public var start: Moment?
    public var end: Moment?
    public init() {}
  }

  /// Which discount a customer or a subscription was seen with in `[from, to)`.
  public struct DiscountState: Sendable, Hashable {
    public var from: Moment?
    public var to: Moment?
    /// The last snapshot before `from`, which still showed something else; nil: there was none.
    public var before: Moment?
    public var discount: Discount?
    public init(from: Moment?, to: Moment?, before: Moment? = nil, discount: Discount?) {
      self.from = from
      self.to = to
      self.before = before
      self.discount = discount
    }
  }

  public struct Subscription: Sendable {
    public var id: Int64
    public var customer: Int32
    /// Ascending by `from`.
    public var states: [SubscriptionState]
    /// Ascending by `from`; empty where there never was any discount.
    public var discounts: [DiscountState] = []
    public init(id: Int64, customer: Int32, states: [SubscriptionState]) {
      self.id = id
      self.customer = customer
      self.states = states
    }
  }

  public enum Grade: UInt8, Sendable, Comparable, CaseIterable {
    case exact, reconstructed, assumed
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// One price x quantity x discount over one stretch of valid time. Plan prices are already filled in.
  ///
  /// Charges are millions: a date that is missing takes no room beside those that are there, and what is small stands together.
  @frozen public struct Charge: Sendable {
    /// Row of the warehouse's charge table, for explanations.
    public var row: Int64 = 0
    public var start = Moment(packed: 0)
    @usableFromInline var endOrNone = Int64.min
    @usableFromInline var provenOrNone = Int64.min
    @usableFromInline var discountEndOrNone = Int64.min
    /// Micro-units for one unit and one interval.
    public var amount: Int64 = 0
    /// Millionths.
    public var quantity: Int64 = 1_000_000
    /// Micro-units per interval.
    public var discountAmount: Int64 = 0
    /// Percentage in millionths: 25 % is 25_000_000.
    public var discountPercent: Int64 = 0
    public var customer: Int32 = 0
    /// Index into ``Book/subscriptions``, -1 without one.
    public var subscription: Int32 = -1
    /// Index into ``Book/accountDiscounts``, -1 where its account never had one.
    public var account: Int32 = -1
    /// Index into ``Book/plans``, -1 without one.
    public var plan: Int32 = -1
    /// Index into ``Book/products``, -1 without one.
    public var product: Int32 = -1
    /// Index into ``Book/currencies``.
    public var currency: Int32 = 0
    public var intervalCount: Int32 = 1
    /// Position in ``EntityColumn/intervalUnits``.
    public var intervalUnit: UInt8 = 2
    /// Position in ``EntityColumn/discountDurations``.
    public var discountDuration: UInt8 = 0
    /// Position in ``EntityColumn/chargeKinds``.
    public var kind: UInt8 = 0
    /// Position in ``EntityColumn/subscriptionStatuses``, of the row itself; 255 without one.
    public var status: UInt8 = 255
    public var trial = false
    /// Whether the source itself says when it ends; false where it only vanished or was replaced.
    public var endIsStated = false
    public init() {}

    /// nil: still running.
    @inlinable public var end: Moment? {
      get { endOrNone == .min ? nil : Moment(packed: endOrNone) }
      set { endOrNone = newValue?.packed ?? .min }
    }

    /// The stretch before this moment rests on an assumption (nil: all of it is proven).
    @inlinable public var provenFrom: Moment? {
      get { provenOrNone == .min ? nil : Moment(packed: provenOrNone) }
      set { provenOrNone = newValue?.packed ?? .min }
    }

    @inlinable public var discountEnd: Moment? {
      get { discountEndOrNone == .min ? nil : Moment(packed: discountEndOrNone) }
      set { discountEndOrNone = newValue?.packed ?? .min }
    }
  }

  public struct Opportunity: Sendable {
    public var id: Int64
    public var customer: Int32?
    /// Position in ``EntityColumn/opportunityStatuses``; one state per stretch `[from, to)`.
    public var status: UInt8
    public var from: Moment?
    public var to: Moment?
    public var amount: Int64?
    public var currency: Currency?
    public var created: Moment?
    public var closed: Moment?
    public init(id: Int64, customer: Int32?, status: UInt8) {
      self.id = id
      self.customer = customer
      self.status = status
    }
  }

  public struct Expense: Sendable {
    public var day: Moment
    /// Position in ``EntityColumn/expenseCategories``.
    public var category: UInt8
    public var amount: Int64
    public var currency: Currency
    public init(day: Moment, category: UInt8, amount: Int64, currency: Currency) {
      self.day = day
      self.category = category
      self.amount = amount
      self.currency = currency
    }
  }

  public struct Rate: Sendable, Hashable {
    public var day: Day
    public var from: Currency
    public var to: Currency
    public var rate: ExactRate
    public init(day: Day, from: Currency, to: Currency, rate: ExactRate) {
      self.day = day
      self.from = from
      self.to = to
      self.rate = rate
    }
  }

  public var customers: [Customer] = []
  public var plans: [Plan] = []
  public var products: [String] = []
  public var subscriptions: [Subscription] = []
  public var charges: [Charge] = []
  /// By account that ever had a discount: its states, ascending by `from`.
  public var accountDiscounts: [[DiscountState]] = []
  public var billing = Billing()
  public var currencies: [Currency] = []
  public var opportunities: [Opportunity] = []
  public var expenses: [Expense] = []
  public var usage: [Usage] = []
  public var cash: [CashBalance] = []
  public var adjustments: [Adjustment] = []
  public var budgets: [Budget] = []
  public var rates: [Rate] = []
  /// Which entities any source feeds: an entity that none feeds leaves its metrics null.
  public var fed: Set<EntityKind> = []
  /// CRM accounts without a billing customer, billing customers without a CRM account.
  public var unlinkedAccounts = 0
  public var unlinkedCustomers = 0

  public init() {}
}
