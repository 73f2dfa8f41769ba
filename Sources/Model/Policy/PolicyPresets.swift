extension Policy {
  /// The names of all presets, the default first.
  public static let presetNames = presets.map(\.name)

  /// nil when there is no preset of that name and version.
  public static func preset(named name: String) -> Policy? { presets.first { $0.name == name } }

  /// The preset of a project that names none.
  public static let standard = Policy(
    name: "standard@1", overrides: [], assumed: [], basis: .subscriptions, statuses: [.active, .pastDue],
    unpaid: .churnWhenUnpaid, unpaidDays: 30, trials: .exclude, discountForever: .subtract,
    discountRepeating: .subtract, discountOnce: .ignore, fullyDiscounted: .notCustomer, metered: .exclude,
    weekFactor: ExactRate(52, 12), dayFactor: ExactRate(365, 12), churnAt: .ended, paused: .zero,
    refunds: .ignore,
    bridge: .endPoint, groupingMinutes: 0, sameMonth: .both, graceDays: 0, reactivationWindow: nil,
    customerIs: .account, rateDate: .monthEnd, churnWindow: .month, churnBase: .opening, ltvChurn: .month,
    ltvMargin: .use, netChurnOffset: .expansion, quickRatioReactivation: .count, headlineNDR: .twelveMonths,
    cmrrHorizon: 12)

  /// Every preset writes every key out, so that a change of one never changes another.
  private static let presets: [Policy] = [
    standard,
    Policy(
      name: "stripe@1", overrides: [],
      assumed: [
        .weekFactor, .dayFactor, .rateDate, .ltvChurn, .ltvMargin, .netChurnOffset, .quickRatioReactivation,
        .headlineNDR, .cmrrHorizon,
      ],
      basis: .subscriptions, statuses: [.active, .pastDue], unpaid: .churnWhenUnpaid, unpaidDays: 30,
      trials: .exclude, discountForever: .subtract, discountRepeating: .ignore, discountOnce: .ignore,
      fullyDiscounted: .notCustomer, metered: .exclude, weekFactor: ExactRate(52, 12),
      dayFactor: ExactRate(365, 12), churnAt: .ended, paused: .zero, refunds: .ignore, bridge: .event,
      groupingMinutes: 0, sameMonth: .both, graceDays: 0, reactivationWindow: nil, customerIs: .account,
      rateDate: .monthEnd, churnWindow: .thirtyDays, churnBase: .openingPlusNew, ltvChurn: .month,
      ltvMargin: .ignore, netChurnOffset: .expansionReactivation, quickRatioReactivation: .count,
      headlineNDR: .twelveMonths, cmrrHorizon: 12),
    Policy(
      name: "chartmogul@1", overrides: [], assumed: [.weekFactor, .dayFactor, .cmrrHorizon], basis: .invoices,
      statuses: [.active, .pastDue], unpaid: .keep, unpaidDays: 30, trials: .exclude,
      discountForever: .subtract,
      discountRepeating: .subtract, discountOnce: .subtract, fullyDiscounted: .keepAtZero,
      metered: .includeInvoiced, weekFactor: ExactRate(52, 12), dayFactor: ExactRate(365, 12),
      churnAt: .ended,
      paused: .keep, refunds: .ignore, bridge: .event, groupingMinutes: 60, sameMonth: .both, graceDays: 0,
      reactivationWindow: nil, customerIs: .account, rateDate: .serviceStart, churnWindow: .month,
      churnBase: .withoutJoinedAndLeft, ltvChurn: .trailingSix, ltvMargin: .ignore,
      netChurnOffset: .expansionReactivation, quickRatioReactivation: .count, headlineNDR: .signupCohort,
      cmrrHorizon: 12),
    Policy(
      name: "baremetrics@1", overrides: [],
      assumed: [.discountOnce, .metered, .weekFactor, .dayFactor, .paused, .rateDate, .cmrrHorizon],
      basis: .subscriptions, statuses: [.active, .pastDue], unpaid: .afterDays, unpaidDays: 30,
      trials: .includePriced, discountForever: .subtract, discountRepeating: .subtract, discountOnce: .ignore,
      fullyDiscounted: .notCustomer, metered: .exclude, weekFactor: ExactRate(52, 12),
      dayFactor: ExactRate(365, 12), churnAt: .ended, paused: .keep, refunds: .ignore, bridge: .event,
      groupingMinutes: 0, sameMonth: .both, graceDays: 0, reactivationWindow: nil, customerIs: .account,
      rateDate: .monthEnd, churnWindow: .thirtyDays, churnBase: .opening, ltvChurn: .month,
      ltvMargin: .ignore,
      netChurnOffset: .expansion, quickRatioReactivation: .leaveOut, headlineNDR: .oneMonth, cmrrHorizon: 12),
    Policy(
      name: "salesforce@1", overrides: [],
      assumed: [
        .fullyDiscounted, .weekFactor, .dayFactor, .paused, .ltvChurn, .ltvMargin, .quickRatioReactivation,
        .headlineNDR, .cmrrHorizon,
      ],
      basis: .contracts, statuses: [.inForce], unpaid: .keep, unpaidDays: 30, trials: .exclude,
      discountForever: .subtract, discountRepeating: .spread, discountOnce: .spread,
      fullyDiscounted: .keepAtZero,
      metered: .exclude, weekFactor: ExactRate(52, 12), dayFactor: ExactRate(365, 12), churnAt: .ended,
      paused: .keep, refunds: .ignore, bridge: .endPoint, groupingMinutes: 0, sameMonth: .both, graceDays: 0,
      reactivationWindow: nil, customerIs: .account, rateDate: .monthEnd, churnWindow: .month,
      churnBase: .opening,
      ltvChurn: .month, ltvMargin: .use, netChurnOffset: .expansion, quickRatioReactivation: .count,
      headlineNDR: .twelveMonths, cmrrHorizon: 12),
  ]
}
