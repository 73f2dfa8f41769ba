import Model

/// What the policy's churn rates divide: the movements of their window, and its opening.
struct ChurnBasis {
  var amounts: BridgeAmounts
  /// nil in charge dimensions, where customers do not add up.
  var counts: BridgeCounts?
  /// Those of the churned who were no customers at the opening.
  var joinedAndLeft: Int64

  /// The opening at the rates of the movements.
  var opening: Int64 { amounts.starting + amounts.restatement + amounts.fx }
}

extension MetricContext {
  /// The period itself, or the policy's window of days before its end.
  var churnBasis: Known<ChurnBasis> {
    guard let window = totals.churnWindow else {
      return .value(
        ChurnBasis(
          amounts: bridge, counts: counts, joinedAndLeft: totals.joinedAndLeft(period, segment)))
    }
    guard ChurnWindow.start(of: period.last) >= totals.calendar.first.firstDay else {
      return .unknown("the window reaches before the first month")
    }
    let table = valuation == .constant ? window.constant : window.reported
    let cell = table.cell(segment, month)
    return .value(
      ChurnBasis(
        amounts: table.amounts[cell],
        counts: totals.isOfCharges(segment) ? nil : window.reported.counts[cell],
        joinedAndLeft: window.joinedAndLeft[cell]))
  }

  /// A rate of customers over the window, by what the policy counts as churned.
  func customerRate(_ rate: (_ churned: Int64, _ counts: BridgeCounts) -> MetricValue) -> MetricValue {
    switch churnBasis {
    case .unknown(let reason): return .null(reason)
    case .value(let basis):
      guard let counts = basis.counts else { return .null(Self.noCounts) }
      let leftOut = policy.churnBase == .withoutJoinedAndLeft ? basis.joinedAndLeft : 0
      return rate(counts.churned - leftOut, counts)
    }
  }

  /// Lost MRR over the window, relative to its opening.
  func churnRate(_ lost: (BridgeAmounts) -> Int64) -> MetricValue {
    switch churnBasis {
    case .unknown(let reason): return .null(reason)
    case .value(let basis):
      guard basis.amounts.starting + basis.amounts.restatement > 0 else {
        return .null("no MRR at the opening")
      }
      return ratio(lost(basis.amounts), basis.opening, orElse: "no MRR at the opening")
    }
  }
}
