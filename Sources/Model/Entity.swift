/// The normalized entities an export's rows become. Raw values are the names in configuration and warehouse.
public enum EntityKind: String, Sendable, CaseIterable, Hashable {
  case customer, plan, subscription
  case recurringCharge = "recurring_charge"
  case invoice
  case invoiceLine = "invoice_line"
  case payment, refund
  case creditNote = "credit_note"
  case contract, opportunity, expense
  case fxRate = "fx_rate"
  case usageEvent = "usage_event"
  case cashBalance = "cash_balance"
  case adjustment, budget

  /// The columns of one row, in the order of ``EntityBatch/cells``; column 0 is always the natural id `id`.
  public var columns: [EntityColumn] { EntityColumn.columns(of: self) }

  public func index(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}

/// One column of an entity.
public struct EntityColumn: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case text
    /// A whole number.
    case integer
    /// ``Moment/packed``.
    case moment
    /// Micro-units of the row's currency.
    case money
    /// A decimal in millionths: a quantity, or a percentage (25 % is 25_000_000).
    case millionths
    /// 0 or 1.
    case flag
    /// One of a closed set, stored by its position in it.
    case choice([String])
  }

  public var name: String
  public var kind: Kind
  public var required: Bool
  /// One sentence for the configuration reference.
  public var meaning: String

  init(_ name: String, _ kind: Kind, required: Bool = false, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.required = required
    self.meaning = meaning
  }

  /// A missing value in ``EntityBatch/cells``.
  public static let null = Int64.min

  public static let intervalUnits = ["day", "week", "month", "year"]
  public static let subscriptionStatuses = [
    "active", "past_due", "unpaid", "trialing", "paused", "canceled", "incomplete", "incomplete_expired",
    "in_force",
  ]
  public static let chargeKinds = ["recurring", "one_time", "metered", "tax", "fee"]
  public static let invoiceStatuses = ["draft", "open", "paid", "uncollectible", "void"]
  public static let discountDurations = ["forever", "repeating", "once"]
  public static let opportunityStatuses = ["open", "won", "lost"]
  public static let expenseCategories = ["sales", "marketing", "cogs", "r_and_d", "g_and_a", "capex"]
  public static let usageTypes = ["licensed", "metered"]

  static func columns(of kind: EntityKind) -> [EntityColumn] {
    let id = EntityColumn("id", .text, required: true, "The row's natural id in its system.")
    switch kind {
    case .customer:
      return [
        id, .init("name", .text, "The name reports show."),
        .init("country", .text, "Country, as the segments show it."),
        .init("employees", .integer, "Number of employees."),
        .init("created", .moment, "When the account was created."),
        .init("parent", .text, "Natural id of the parent account in the same system."),
        .init("link_system", .text, "Another system that knows this customer."),
        .init("link_id", .text, "This customer's natural id in that system."),
        .init("attributes", .text, "Free attributes, one JSON object of texts with sorted keys."),
      ] + coveringDiscount
    case .plan:
      return [
        id, .init("name", .text, "The name reports show."),
        .init("product", .text, "The product it belongs to."),
        .init("amount", .money, "Price of one unit for one interval."),
        .init("currency", .text, "ISO 4217 code."),
        .init("interval_unit", .choice(intervalUnits), "Unit of the billing interval."),
        .init("interval_count", .integer, "Units in one billing interval."),
        .init("usage_type", .choice(usageTypes), "Licensed seats or metered usage."),
      ]
    case .subscription:
      return [
        id, .init("customer", .text, required: true, "Natural id of the customer."),
        .init("status", .choice(subscriptionStatuses), "State of the subscription."),
        .init("started", .moment, "When it started."),
        .init("trial_end", .moment, "When its trial ends (exclusive)."),
        .init("cancel_requested", .moment, "When the cancellation was asked for."),
        .init("cancel_effective", .moment, "When the cancellation takes effect (exclusive)."),
        .init("cancel_reason", .text, "Why."), .init("ended", .moment, "When it ended (exclusive)."),
        .init("pause_start", .moment, "When its pause starts."),
        .init("pause_end", .moment, "When its pause ends (exclusive)."),
      ] + coveringDiscount
    case .recurringCharge:
      return [
        id, .init("subscription", .text, "Natural id of the subscription."),
        .init("customer", .text, "Natural id of the customer; else the subscription's."),
        .init("plan", .text, "Natural id of the plan."), .init("product", .text, "Product; else the plan's."),
        .init("start", .moment, "First moment in force; else the subscription's."),
        .init("end", .moment, "First moment no longer in force; open when missing."),
        .init("amount", .money, "Price of one unit for one interval; else the plan's."),
        .init("quantity", .millionths, "Units; 1 when missing."),
        .init("discount_amount", .money, "Taken off amount x quantity, per interval."),
        .init("discount_percent", .millionths, "Percentage taken off amount x quantity."),
        .init(
          "discount_duration", .choice(discountDurations),
          "How long the discount holds; forever when missing."),
        .init("discount_end", .moment, "When a repeating discount stops (exclusive)."),
        .init("interval_unit", .choice(intervalUnits), "Unit of the billing interval; else the plan's."),
        .init("interval_count", .integer, "Units in one billing interval; 1 when missing."),
        .init("currency", .text, "ISO 4217 code; else the plan's."),
        .init("kind", .choice(chargeKinds), "Only recurring charges, and metered ones by policy, are MRR."),
        .init("trial", .flag, "1 when the whole row is a trial."),
        .init(
          "status", .choice(subscriptionStatuses), "State of this row, where it has no subscription to ask."),
      ]
    case .invoice: return [id] + invoice
    case .payment: return [id] + payment
    case .refund: return [id] + refund
    case .creditNote: return [id] + creditNote
    case .contract: return [id] + contract
    case .usageEvent: return [id] + usageEvent
    case .cashBalance: return [id] + cashBalance
    case .adjustment: return [id] + adjustment
    case .budget: return [id] + budget
    case .invoiceLine:
      return [
        id, .init("invoice", .text, "Number or id of the invoice the line stands on."),
        .init("customer", .text, "Natural id of the customer."),
        .init("subscription", .text, "Natural id of the subscription billed."),
        .init("plan", .text, "Natural id of the plan."), .init("description", .text, "What the line says."),
        .init("amount", .money, required: true, "Billed amount, without tax; credits are negative."),
        .init("quantity", .millionths, "Units billed."),
        .init("discount", .money, "Discount taken off, where the amount has it still in."),
        .init("tax", .money, "Tax on top of the amount."),
        .init("currency", .text, required: true, "ISO 4217 code."),
        .init("period_start", .moment, "First moment of the service the line is for."),
        .init("period_end", .moment, "First moment after the service the line is for (exclusive)."),
        .init("proration", .flag, "1 when the line bills or credits a part of a period."),
        .init("kind", .choice(chargeKinds), "What is billed; only recurring and metered lines recur."),
        .init("status", .choice(invoiceStatuses), "State of the invoice."),
        .init("issued", .moment, "When the invoice was issued."),
        .init("contract", .text, "Natural id of the contract billed."),
      ]
    case .opportunity:
      return [
        id, .init("customer", .text, "Natural id of the account."), .init("name", .text, "The deal's name."),
        .init("stage", .text, "Stage as the CRM names it."),
        .init("status", .choice(opportunityStatuses), required: true, "Open, won or lost."),
        .init("type", .text, "New business, expansion, renewal."),
        .init("amount", .money, "The deal's amount."), .init("currency", .text, "ISO 4217 code."),
        .init("created", .moment, "When it was created."),
        .init("closed", .moment, "When it was closed, or is to be."),
        .init("owner", .text, "Who sells it."),
      ]
    case .expense:
      return [
        id, .init("day", .moment, required: true, "A day of the month the expense belongs to."),
        .init("category", .choice(expenseCategories), required: true, "What it was spent on."),
        .init("amount", .money, required: true, "The amount, positive."),
        .init("currency", .text, required: true, "ISO 4217 code."),
      ]
    case .fxRate:
      return [
        id, .init("day", .moment, required: true, "The day the rate is of."),
        .init("from", .text, required: true, "Currency of one unit."),
        .init("to", .text, required: true, "Currency the rate is in."),
        .init("rate", .text, required: true, "Exact decimal: 1 `from` = rate `to`."),
      ]
    }
  }
}
