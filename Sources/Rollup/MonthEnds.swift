import Model

/// The month ends whose states a metric is made of: its grade is the worst of them.
enum MonthEnds: Sendable, Hashable {
  /// From the period's opening to its close.
  case throughout
  /// The period's opening, the end of the month before it.
  case opening
  /// The close of the period's last month.
  case close
  /// The ends of the period's months.
  case within
  /// The two ends of a window of so many months.
  case window(Int)
  /// Every one from so many months before the period's last month to its close.
  case back(Int)
  /// Every one from so many months before the period's last month's opening to so many after its close.
  case around(Int)
  /// Throughout, or with the policy's 30 days the two ends around them.
  case churnWindow
  /// Those of the churn that the policy's lifetime value is computed with.
  case lifetimeChurn
  /// Those, and throughout.
  case lifetime
  /// Nothing of it rests on charges.
  case none

  /// As numbers of months, 0 being the first published one; those outside the published ones hold nothing.
  func numbers(of period: Period, in calendar: ReportingCalendar, _ policy: Policy) -> [Int] {
    let first = period.first - calendar.first
    let last = period.last - calendar.first
    let all: [Int]
    switch self {
    case .throughout: all = Array((first - 1)...last)
    case .opening: all = [first - 1]
    case .close: all = [last]
    case .within: all = Array(first...last)
    case .window(let length): all = [last - length, last]
    case .back(let length): all = Array((last - length)...last)
    case .around(let reach): all = Array((last - 1 - reach)...(last + reach))
    case .churnWindow: all = Array((policy.churnWindow == .month ? first - 1 : last - 1)...last)
    case .lifetimeChurn: all = Array((last - (policy.ltvChurn == .month ? 1 : 6))...last)
    case .lifetime: all = Array(min(first - 1, last - (policy.ltvChurn == .month ? 1 : 6))...last)
    case .none: all = []
    }
    return all.filter { $0 >= 0 && $0 < calendar.count }
  }
}
