/// A complete, frozen, named and versioned answer to every question about what counts as recurring revenue.
///
/// Begin with ``preset(named:)``; change single answers with ``applying(overrides:)``.
public struct Policy: Sendable, Hashable {
  /// The preset it begins with, `standard@1`.
  public let name: String
  /// The keys whose answers differ from the preset's, in the order of ``PolicyKey``.
  public internal(set) var overrides: [PolicyKey]
  /// The preset's answers that its vendor does not publish, so that they are our assumption.
  public let assumed: Set<PolicyKey>

  public var basis: Basis
  public var statuses: Set<Status>
  public var unpaid: Unpaid
  /// Days, of use where ``unpaid`` is `after_days`.
  public var unpaidDays: Int
  public var trials: Trials
  public var discountForever: Discount
  public var discountRepeating: Discount
  public var discountOnce: Discount
  public var fullyDiscounted: FullyDiscounted
  public var metered: Metered
  /// Weeks of one month.
  public var weekFactor: ExactRate
  /// Days of one month.
  public var dayFactor: ExactRate
  public var churnAt: ChurnAt
  public var paused: Paused
  public var refunds: Refunds
  public var bridge: Bridge
  /// Minutes, of use in the event bridge.
  public var groupingMinutes: Int
  public var sameMonth: SameMonth
  /// Days.
  public var graceDays: Int
  /// Days; nil: a returning customer is never new again.
  public var reactivationWindow: Int?
  public var customerIs: CustomerIs
  public var rateDate: RateDate
  public var churnWindow: ChurnWindow
  public var churnBase: ChurnBase
  public var ltvChurn: LTVChurn
  public var ltvMargin: LTVMargin
  public var netChurnOffset: NetChurnOffset
  public var quickRatioReactivation: QuickRatioReactivation
  public var headlineNDR: HeadlineNDR
  /// Months.
  public var cmrrHorizon: Int

  /// The same answers under another name, as a preset of its own.
  func named(_ name: String, assumed: Set<PolicyKey>) -> Policy {
    Policy(
      name: name, overrides: [], assumed: assumed, basis: basis, statuses: statuses, unpaid: unpaid,
      unpaidDays: unpaidDays, trials: trials, discountForever: discountForever,
      discountRepeating: discountRepeating, discountOnce: discountOnce, fullyDiscounted: fullyDiscounted,
      metered: metered, weekFactor: weekFactor, dayFactor: dayFactor, churnAt: churnAt, paused: paused,
      refunds: refunds, bridge: bridge, groupingMinutes: groupingMinutes, sameMonth: sameMonth,
      graceDays: graceDays, reactivationWindow: reactivationWindow, customerIs: customerIs,
      rateDate: rateDate, churnWindow: churnWindow, churnBase: churnBase, ltvChurn: ltvChurn,
      ltvMargin: ltvMargin, netChurnOffset: netChurnOffset,
      quickRatioReactivation: quickRatioReactivation, headlineNDR: headlineNDR, cmrrHorizon: cmrrHorizon)
  }

  /// `trials: include_priced`, in the order of ``PolicyKey``.
  public var overriddenLines: [String] { overrides.map { "\($0.rawValue): \(text(of: $0))" } }
}

/// One answer to one question of a policy. Raw values are those of `Config/policy.yml`.
public protocol PolicyChoice: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// What the answer means, as reports print it.
  var sentence: String { get }
}
