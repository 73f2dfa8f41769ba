import Model

/// Fills gaps in a customer's coverage that are no longer than the policy's grace.
///
/// Once the renewal is known, the charges of the last day before the gap are taken to have run on to its end, at their old
/// amount.
func fillingGaps(_ charges: [CountedCharge], _ policy: Policy) -> [CountedCharge] {
  let graceDays = policy.graceDays
  var result = charges
  let paying = charges.indices.filter {
    policy.fullyDiscounted == .keepAtZero || charges[$0].amount.numerator > 0
  }.sorted {
    charges[$0].start < charges[$1].start
  }
  var coveredTo: Day?
  for index in paying {
    let charge = charges[index]
    if let end = coveredTo, charge.start > end, charge.start.number - end.number <= Int32(graceDays) {
      for earlier in charges.indices where charges[earlier].end == end { result[earlier].end = charge.start }
    }
    guard let end = charge.end else { return result }
    coveredTo = coveredTo.map { max($0, end) } ?? end
  }
  return result
}
