/// Columns of what a company keeps beside its billing: usage, cash, entries made by hand, and plans.
extension EntityColumn {
  static let usageEvent: [EntityColumn] = [
    .init("customer", .text, required: true, "Natural id of the customer."),
    .init("user", .text, "Who of the customer used it; without, the customer counts as one user."),
    .init("at", .moment, required: true, "When, or on which day, it was used."),
    .init("count", .millionths, "How often; once when missing."),
    .init("name", .text, "What was used."),
  ]

  static let cashBalance: [EntityColumn] = [
    .init(
      "day", .moment, required: true, "A day of the month whose close it is; of several the latest counts."),
    .init("account", .text, "The account it stands on."),
    .init("amount", .money, required: true, "The balance; negative when overdrawn."),
    .init("currency", .text, required: true, "ISO 4217 code."),
  ]

  static let adjustment: [EntityColumn] = [
    .init("day", .moment, required: true, "A day of the month it belongs to."),
    .init("customer", .text, "Natural id of the customer it is about."),
    .init("metric", .text, required: true, "Id of the metric it stands beside: `mrr_new`."),
    .init("amount", .money, required: true, "The amount, of either sign."),
    .init("currency", .text, required: true, "ISO 4217 code."),
    .init("author", .text, required: true, "Who made it."),
    .init("reason", .text, required: true, "Why."),
  ]

  static let budget: [EntityColumn] = [
    .init("day", .moment, required: true, "A day of the month it is for."),
    .init("metric", .text, required: true, "Id of the metric: `mrr_new`."),
    .init("dimension", .text, "Dimension of the segment; the whole when missing."),
    .init("segment", .text, "The segment; the whole when missing."),
    .init("amount", .money, "What is planned, of a metric of money."),
    .init("currency", .text, "ISO 4217 code; the reporting currency when missing."),
    .init("value", .millionths, "What is planned, of any other metric: a count, or a ratio (5 % is 0.05)."),
  ]
}

extension EntityKind {
  /// How a row that has no id of its own is known.
  public struct CompositeKey: Sendable, Hashable {
    /// Which columns make the key, in this order.
    public var columns: [String]
    /// Where rows with one key are all meant: the column they are numbered by. Else such rows contradict each other.
    public var numberedBy: String?
  }

  /// nil where every row needs an id.
  public var compositeKey: CompositeKey? {
    switch self {
    case .fxRate: CompositeKey(columns: ["day", "from", "to"])
    case .expense: CompositeKey(columns: ["day", "category", "currency"], numberedBy: "amount")
    case .usageEvent: CompositeKey(columns: ["at", "customer", "user", "name"], numberedBy: "count")
    case .cashBalance: CompositeKey(columns: ["day", "account", "currency"])
    case .adjustment:
      CompositeKey(
        columns: ["day", "metric", "customer", "currency", "author", "reason"], numberedBy: "amount")
    case .budget: CompositeKey(columns: ["day", "metric", "dimension", "segment"])
    case .customer, .plan, .subscription, .recurringCharge, .invoice, .invoiceLine, .payment, .refund,
      .creditNote, .contract, .opportunity:
      nil
    }
  }

  /// The columns an entity was first stored with, the id among them; a row's digest knows later ones only where they have a value, so that rows
  /// without one are what they were.
  public var firstColumnCount: Int {
    switch self {
    case .invoice, .invoiceLine: columns.count - 1
    case .customer, .subscription: columns.count - EntityColumn.coveringDiscount.count
    default: columns.count
    }
  }
}
