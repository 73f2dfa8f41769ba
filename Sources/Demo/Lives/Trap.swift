import Model

/// What other calculators stumbled over. The demo company has a customer for each, whatever its seed.
public enum Trap: String, Sendable, CaseIterable {
  case returnsAfterLeaving = "returns-after-leaving"
  case leavesForGood = "leaves-for-good"
  case allOpenEnded = "all-open-ended"
  case overlappingSubscriptions = "overlapping-subscriptions"
  case cancelsOneOfTwo = "cancels-one-of-two"
  case renewalTwoDaysLate = "renewal-two-days-late"
  case signUpAndLeaveInOneMonth = "sign-up-and-leave-in-one-month"
  case yearlyInvoice = "yearly-invoice"
  case priceRise = "price-rise"
  case swapOnLastDay = "swap-on-last-day"
  case leapDay = "leap-day"
  case lateEveningStart = "late-evening-start"
  case lateEveningEnd = "late-evening-end"
  case monthEndOnWeekend = "month-end-on-weekend"
  case quarantinedTonight = "quarantined-tonight"
  case endsOnTheFirst = "ends-on-the-first"
  case weeklyPrice = "weekly-price"
  case quarterlyPrice = "quarterly-price"
  case twoYearlyPrice = "two-yearly-price"
  case percentForever = "discount-percent-forever"
  case amountForever = "discount-amount-forever"
  case percentRepeating = "discount-percent-repeating"
  case amountRepeating = "discount-amount-repeating"
  case percentOnce = "discount-percent-once"
  case fullyDiscounted = "fully-discounted"
  case trialConverts = "trial-converts"
  case trialLapses = "trial-lapses"
  case pause = "pause"
  case pauseAsGap = "pause-as-gap"
  case parentWithSubsidiaries = "parent-with-subsidiaries"
  case yearlySeatsThenMonthly = "yearly-seats-then-monthly"
  case unpaid = "unpaid"
  case zeroDecimalCurrency = "zero-decimal-currency"
  case movesCountry = "moves-country"
  case vanishesFromSnapshots = "vanishes-from-snapshots"
  case cancelsAtPeriodEnd = "cancels-at-period-end"
  case signedNotStarted = "signed-not-started"
  case noAccount = "no-crm-account"
  case awkwardName = "awkward-name"

  /// One sentence on what happens, and what must come of it.
  public var meaning: String {
    switch self {
    case .returnsAfterLeaving:
      "Leaves and comes back months later: churn, then reactivation, never new again."
    case .leavesForGood: "Leaves and stays away: churn of all it paid, not contraction."
    case .allOpenEnded: "No period has an end: a customer in every month since it started."
    case .overlappingSubscriptions: "Two subscriptions at once: one customer, the second is expansion."
    case .cancelsOneOfTwo: "One of two subscriptions is cancelled: contraction, not churn."
    case .renewalTwoDaysLate:
      "The renewal was booked two days late, over a month's end: a gap unless the policy grants grace."
    case .signUpAndLeaveInOneMonth: "Starts and ends inside one month: no month end ever sees it."
    case .yearlyInvoice: "Pays once a year: a twelfth counts each month."
    case .priceRise: "Pays more than it used to: past months keep the old price."
    case .swapOnLastDay: "Changes its plan on a month's last day: that month closes on the new plan."
    case .leapDay: "Starts on 29 February: anniversaries fall on the 28th."
    case .lateEveningStart:
      "Starts at 23:30 local time on the 31st, in UTC already the 1st: counts in the old month."
    case .lateEveningEnd:
      "Ends at 23:30 local time on the 31st, in UTC already the 1st: gone in the old month."
    case .monthEndOnWeekend:
      "Starts in a foreign currency on a Sunday that ends a month: Friday's rate holds."
    case .quarantinedTonight:
      "Its row in the last snapshot cannot be read: its last good state stays, it has not churned."
    case .endsOnTheFirst: "Ends on the 1st: still in force in the month before, churn in the new one."
    case .weeklyPrice: "Pays weekly: 52 weeks make twelve months."
    case .quarterlyPrice: "Pays quarterly: a third counts each month."
    case .twoYearlyPrice: "Pays every two years: a twenty-fourth counts each month."
    case .percentForever: "A percentage off for ever: MRR is what remains."
    case .amountForever: "An amount off for ever: MRR is what remains."
    case .percentRepeating: "A percentage off for some months: expansion when it runs out."
    case .amountRepeating: "An amount off for some months: expansion when it runs out."
    case .percentOnce: "A percentage off the first invoice: no change of MRR."
    case .fullyDiscounted: "Everything off for ever: not a customer."
    case .trialConverts: "Tries first, then pays: new in the month of the first paid day."
    case .trialLapses: "Tries and never pays: never a customer."
    case .pause: "Pauses over two month ends: worth nothing meanwhile, then back."
    case .pauseAsGap: "Pauses, which billing shows as a gap between two periods."
    case .parentWithSubsidiaries: "A parent account with two subsidiaries, each with its own subscription."
    case .yearlySeatsThenMonthly:
      "Four yearly seats for 2,000, two monthly for 60 beside, all cancelled, back with three at 50."
    case .unpaid: "Fails to pay: past due counts, unpaid does not, then cancelled."
    case .zeroDecimalCurrency: "Pays in yen, a currency without minor units."
    case .movesCountry: "Moves from the United States to Britain: a transfer between segments."
    case .vanishesFromSnapshots: "The snapshots stop showing it without a word: it ended."
    case .cancelsAtPeriodEnd: "Has asked to leave at the end of its period, which is yet to come."
    case .signedNotStarted: "Has signed, and starts after the last month."
    case .noAccount: "The CRM does not know it: its money counts all the same."
    case .awkwardName:
      "A name with separators, quotes, line breaks, another alphabet, or text that is markup elsewhere."
    }
  }

  /// The first month the demo company must have for this trap to have a place.
  var earliest: Month { self == .leapDay ? Month(year: 2024, month: 2) : Calendar.last - 23 }
}

/// A customer whose life carries a trap, as listed in `traps.csv`.
public struct TrapCustomer: Sendable, Hashable {
  public let trap: Trap
  /// `billing` or `stripe`.
  public let system: String
  /// The customer's id in that system.
  public let customer: String
}
