// How rates and ratios are put together.

extension Policy {
  public enum ChurnWindow: String, PolicyChoice {
    case month
    case thirtyDays = "30_days"
    public var sentence: String {
      switch self {
      case .month: "Churn is measured over the calendar month."
      case .thirtyDays: "Churn is measured over the 30 days before the period's end."
      }
    }
  }

  public enum ChurnBase: String, PolicyChoice {
    case opening
    case openingPlusNew = "opening_plus_new"
    case withoutJoinedAndLeft = "without_joined_and_left"
    public var sentence: String {
      switch self {
      case .opening: "Churn is divided by the customers at the opening."
      case .openingPlusNew: "Churn is divided by the customers at the opening and the new ones together."
      case .withoutJoinedAndLeft:
        "Churn is divided by the customers at the opening, and leaves out who joined and left within the window."
      }
    }
  }

  public enum LTVChurn: String, PolicyChoice {
    case month
    case trailingSix = "trailing_6"
    public var sentence: String {
      switch self {
      case .month: "Lifetime value uses the month's customer churn."
      case .trailingSix: "Lifetime value uses the customer churn of six months."
      }
    }
  }

  public enum LTVMargin: String, PolicyChoice {
    case use, ignore
    public var sentence: String {
      switch self {
      case .use: "Lifetime value is of the gross margin."
      case .ignore: "Lifetime value is of the revenue."
      }
    }
  }

  public enum NetChurnOffset: String, PolicyChoice {
    case expansion
    case expansionReactivation = "expansion_reactivation"
    public var sentence: String {
      switch self {
      case .expansion: "Net churn is churn and contraction less expansion."
      case .expansionReactivation: "Net churn is churn and contraction less expansion and reactivation."
      }
    }
  }

  public enum QuickRatioReactivation: String, PolicyChoice {
    case count
    case leaveOut = "leave_out"
    public var sentence: String {
      switch self {
      case .count: "The quick ratio counts reactivation as growth."
      case .leaveOut: "The quick ratio leaves reactivation out."
      }
    }
  }

  /// Raw values are ids of metrics.
  public enum HeadlineNDR: String, PolicyChoice {
    case oneMonth = "ndr_1m"
    case threeMonths = "ndr_3m"
    case twelveMonths = "ndr_t12m"
    case twelveMonthsCompounded = "ndr_t12m_compounded"
    case signupCohort = "ndr_signup_cohort"
    public var sentence: String {
      switch self {
      case .oneMonth: "The headline net retention is that of one month."
      case .threeMonths: "The headline net retention is that of three months, point to point."
      case .twelveMonths: "The headline net retention is that of twelve months, point to point."
      case .twelveMonthsCompounded: "The headline net retention is the product of twelve monthly ones."
      case .signupCohort: "The headline net retention is that of the customers who joined twelve months ago."
      }
    }
  }
}
