// What lowers a price.

extension Policy {
  /// The answer for each of the three kinds of discount: without end, for some months, on one invoice.
  public enum Discount: String, PolicyChoice {
    case subtract, ignore, spread
    public var sentence: String {
      switch self {
      case .subtract: "Subtracted from the price while the discount holds."
      case .ignore: "Not subtracted: MRR is at the price without it."
      case .spread: "Spread evenly over the whole term."
      }
    }
  }

  public enum FullyDiscounted: String, PolicyChoice {
    case notCustomer = "not_customer"
    case keepAtZero = "keep_at_zero"
    public var sentence: String {
      switch self {
      case .notCustomer: "Who pays nothing after discounts is not a customer."
      case .keepAtZero: "Who pays nothing after discounts stays a customer, with no MRR."
      }
    }
  }

  public enum Refunds: String, PolicyChoice {
    case ignore, subtract
    public var sentence: String {
      switch self {
      case .ignore: "Refunds do not change MRR."
      case .subtract: "Refunds are subtracted from MRR."
      }
    }
  }
}
