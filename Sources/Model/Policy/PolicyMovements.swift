// When a change of MRR happens, and what it is called.

extension Policy {
  public enum ChurnAt: String, PolicyChoice {
    case cancelRequested = "cancel_requested"
    case ended
    public var sentence: String {
      switch self {
      case .cancelRequested: "A subscription churns when its cancellation is asked for."
      case .ended: "A subscription churns when it ends."
      }
    }
  }

  public enum Bridge: String, PolicyChoice {
    case endPoint = "end_point"
    case event
    public var sentence: String {
      switch self {
      case .endPoint: "Movements compare the opening and the close of a month."
      case .event: "Every change inside a month is a movement of its own."
      }
    }
  }

  public enum SameMonth: String, PolicyChoice {
    case both, ignore
    public var sentence: String {
      switch self {
      case .both: "A customer who joins and leaves in one month is both new and churned (event bridge)."
      case .ignore: "A customer who joins and leaves in one month does not show (event bridge)."
      }
    }
  }

  public enum CustomerIs: String, PolicyChoice {
    case account, parent
    public var sentence: String {
      switch self {
      case .account: "Every account is a customer."
      case .parent: "All accounts below one parent are one customer."
      }
    }
  }

  public enum RateDate: String, PolicyChoice {
    case monthEnd = "month_end"
    case monthAverage = "month_average"
    case serviceStart = "service_start"
    case fixed
    public var sentence: String {
      switch self {
      case .monthEnd: "A month is valued at the exchange rate of its last day."
      case .monthAverage: "A month is valued at the mean of its exchange rates."
      case .serviceStart: "A charge is valued at the exchange rate of the day it starts."
      case .fixed: "All months are valued at the fixed rates of the configuration."
      }
    }
  }
}
