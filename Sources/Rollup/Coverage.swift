import Model

/// Fills gaps in a customer's coverage that are no longer than the policy's grace.
///
/// Once the renewal is known, the charges of the last day before the gap are taken to have run on to its end, at their old
/// amount.
func fillingGaps(_ charges: [CountedCharge], upTo graceDays: Int) -> [CountedCharge] {
  guard graceDays > 0 else { return charges }
  var result = charges
  let paying = charges.indices.filter { charges[$0].amount.numerator > 0 }.sorted {
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
