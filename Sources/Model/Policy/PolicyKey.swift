/// The questions a policy answers, in the order in which reports print them and comparisons change them.
///
/// Raw values are the keys of `Config/policy.yml`.
public enum PolicyKey: String, Sendable, CaseIterable, Hashable {
  case basis, statuses, unpaid
  case unpaidDays = "unpaid_days"
  case trials
  case discountForever = "discount_forever"
  case discountRepeating = "discount_repeating"
  case discountOnce = "discount_once"
  case fullyDiscounted = "fully_discounted"
  case metered
  case weekFactor = "week_factor"
  case dayFactor = "day_factor"
  case churnAt = "churn_at"
  case paused, refunds, bridge
  case groupingMinutes = "grouping_minutes"
  case sameMonth = "same_month"
  case graceDays = "grace_days"
  case reactivationWindow = "reactivation_window"
  case customerIs = "customer_is"
  case rateDate = "rate_date"
  case churnWindow = "churn_window"
  case churnBase = "churn_base"
  case ltvChurn = "ltv_churn"
  case ltvMargin = "ltv_margin"
  case netChurnOffset = "net_churn_offset"
  case quickRatioReactivation = "quick_ratio_reactivation"
  case headlineNDR = "headline_ndr"
  case cmrrHorizon = "cmrr_horizon"

  /// What is asked, in one sentence.
  public var question: String {
    switch self {
    case .basis: "What is MRR computed from?"
    case .statuses: "In which states does a subscription count?"
    case .unpaid: "When does an unpaid subscription stop counting?"
    case .unpaidDays: "After how many unpaid days, where `unpaid` is `after_days`?"
    case .trials: "Do trials with a price count?"
    case .discountForever: "What does a discount without end do?"
    case .discountRepeating: "What does a discount for some months do?"
    case .discountOnce: "What does a discount on one invoice do?"
    case .fullyDiscounted: "Is somebody who pays nothing after discounts a customer?"
    case .metered: "Does metered usage count?"
    case .weekFactor: "How many weeks has a month?"
    case .dayFactor: "How many days has a month?"
    case .churnAt: "When does a cancelled subscription churn?"
    case .paused: "Does a paused subscription count?"
    case .refunds: "Do refunds lower MRR?"
    case .bridge: "Between which points are movements classified?"
    case .groupingMinutes: "Changes within how many minutes are one movement (event bridge)?"
    case .sameMonth: "Does a sign-up that leaves in its own month show (event bridge)?"
    case .graceDays: "How many days may lie between two charges without churn?"
    case .reactivationWindow: "After how many days is a returning customer new again?"
    case .customerIs: "Who is one customer?"
    case .rateDate: "Which exchange rate values a month?"
    case .churnWindow: "Over which window is churn measured?"
    case .churnBase: "What is churn divided by?"
    case .ltvChurn: "Which churn rate does lifetime value use?"
    case .ltvMargin: "Does lifetime value use the gross margin?"
    case .netChurnOffset: "What is set against churn in net churn?"
    case .quickRatioReactivation: "Does reactivation count in the quick ratio?"
    case .headlineNDR: "Which net retention stands in the headline?"
    case .cmrrHorizon: "How many months ahead does committed MRR look?"
    }
  }
}
