// What counts as recurring revenue at all.

extension Policy {
  public enum Basis: String, PolicyChoice {
    case subscriptions, invoices, contracts
    public var sentence: String {
      switch self {
      case .subscriptions: "MRR is the prices of the subscriptions in force."
      case .invoices: "MRR is the recurring invoice lines, spread over their service periods."
      case .contracts: "MRR is the contracts' net totals divided by their terms in months."
      }
    }
  }

  /// The states of a subscription, in the order of ``EntityColumn/subscriptionStatuses``.
  public enum Status: String, PolicyChoice {
    case active
    case pastDue = "past_due"
    case unpaid, trialing, paused, canceled, incomplete
    case incompleteExpired = "incomplete_expired"
    case inForce = "in_force"

    public var sentence: String {
      switch self {
      case .active: "Active subscriptions count."
      case .pastDue: "Subscriptions whose payment is overdue and still retried count."
      case .unpaid: "Subscriptions whose payment was given up count."
      case .trialing: "Subscriptions in trial count."
      case .paused: "Paused subscriptions count."
      case .canceled: "Cancelled subscriptions count."
      case .incomplete: "Subscriptions whose first payment is open count."
      case .incompleteExpired: "Subscriptions whose first payment never came count."
      case .inForce: "Contracts in force count."
      }
    }

    /// Position in ``EntityColumn/subscriptionStatuses``: the code of warehouse and book.
    public var code: UInt8 { UInt8(Self.allCases.firstIndex(of: self) ?? 0) }
  }

  public enum Unpaid: String, PolicyChoice {
    case churnWhenUnpaid = "churn_when_unpaid"
    case afterDays = "after_days"
    case keep
    public var sentence: String {
      switch self {
      case .churnWhenUnpaid: "An unpaid subscription churns when it becomes unpaid."
      case .afterDays: "An unpaid subscription churns after a number of days."
      case .keep: "An unpaid subscription counts until it ends."
      }
    }
  }

  public enum Trials: String, PolicyChoice {
    case exclude
    case includePriced = "include_priced"
    public var sentence: String {
      switch self {
      case .exclude: "Trials do not count, even with a price."
      case .includePriced: "Trials count when they have a price."
      }
    }
  }

  public enum Metered: String, PolicyChoice {
    case exclude
    case includeInvoiced = "include_invoiced"
    public var sentence: String {
      switch self {
      case .exclude: "Metered usage is not MRR."
      case .includeInvoiced: "Metered usage is MRR once it is invoiced."
      }
    }
  }

  public enum Paused: String, PolicyChoice {
    case zero, keep
    public var sentence: String {
      switch self {
      case .zero: "A paused subscription has no MRR while it is paused."
      case .keep: "A paused subscription keeps its MRR."
      }
    }
  }
}
