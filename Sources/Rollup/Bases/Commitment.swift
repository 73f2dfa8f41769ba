import Model

/// What a signed contract will count for within the policy's horizon and does not yet, or will not any more, at one month's close.
struct Commitment {
  var customer: Int32
  /// Index into ``Book/currencies``.
  var currency: Int32
  var month: Month
  var serviceStart: Day
  var amount: ExactMonthly
  /// 1 for what comes, -1 for what goes.
  var sign: Int64

  /// Of one contract, or of all steps of a ramp together: its value at the horizon less that at the month's close, for every
  /// month after it was signed.
  ///
  /// What is over by then is taken to be renewed as it last was: an end without a successor is no scheduled churn.
  static func all(of steps: [ContractStep], signed: Day?, _ settings: RollupSettings) -> [Commitment] {
    let lasting = steps.filter { $0.start < $0.stop }
    guard let first = lasting.map(\.start).min(), let last = lasting.map(\.stop).max() else { return [] }
    let told = steps.compactMap { step in step.contract.signed.map { settings.zone.day(of: $0) } }.min()
    guard let day = signed ?? told ?? steps.map(\.start).min() else { return [] }
    var result: [Commitment] = []
    var month = max(day.month, first.month - settings.policy.cmrrHorizon)
    while month <= settings.lastMonth, month <= last.month {
      let (close, horizon) = (month.lastDay, (month + settings.policy.cmrrHorizon).lastDay)
      if first <= horizon, first > close || lasting.contains(where: { $0.isInForce(on: close) }) {
        let then = last > horizon ? horizon : last - 1
        for step in lasting where step.isInForce(on: then) != step.isInForce(on: close) {
          result.append(
            Commitment(
              customer: step.contract.customer, currency: step.contract.currency, month: month,
              serviceStart: step.start, amount: step.amount, sign: step.isInForce(on: then) ? 1 : -1))
        }
      }
      month = month + 1
    }
    return result
  }
}

/// A commitment in the reporting currency, at the rate of its month.
struct CommittedAmount {
  var customer: Int32
  /// Shifted by one, as in ``MonthlyCharge``.
  var currency: Int32
  /// Number of the month, 0 being the first published one.
  var month: Int
  /// Micro-units; below 0 for what goes.
  var value: Int64
}

extension Sweep {
  /// Adds what a customer has signed; `hasLife` tells whether it is the customer under way.
  mutating func add(_ commitments: ArraySlice<CommittedAmount>, of customer: Int, hasLife: Bool) {
    for commitment in commitments {
      var touched = [0]
      for dimension in segments.customerDimensions.indices {
        touched.append(
          hasLife
            ? segment(dimension, atEndOf: commitment.month, customer)
            : segment(dimension, atEndOf: commitment.month, customer, arr: 0))
      }
      for (dimension, entry) in segments.chargeDimensions.enumerated() {
        let isCurrency = entry.dimension.rule == .currency
        touched.append(
          Int(segments.chargeSegments[dimension][isCurrency ? Int(commitment.currency) : 0]))
      }
      for segment in touched {
        scheduledChurn[segment * calendar.count + commitment.month] -= commitment.value
      }
    }
  }
}
