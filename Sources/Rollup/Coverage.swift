import Model

/// Fills gaps in a customer's coverage that are no longer than the policy's grace.
///
/// Once the renewal is known, the charges of the last day before the gap are taken to have run on to its end, at their old
/// amount. Days decide first, so that every month's close is the same for both bridges: on a filled day nothing happens, and
/// what starts and ends before the renewal is not seen: nil in its place. A gap inside one day is filled after that.
func fillingGaps(_ charges: [CountedCharge], _ policy: Policy) -> [CountedCharge?] {
  var result = charges
  let paying = charges.indices.filter {
    policy.fullyDiscounted == .keepAtZero || charges[$0].amount.numerator > 0
  }.sorted {
    charges[$0].start < charges[$1].start
  }
  let filled = fillDays(&result, paying.filter { !charges[$0].isInsideOneDay }, graceDays: policy.graceDays)
  if policy.bridge == .event { fillWithinDays(&result, paying) }
  return result.map { charge in
    guard let end = charge.end, charge.isInsideOneDay else { return charge }
    return filled.contains { $0.from <= charge.start.day && end <= $0.to } ? nil : charge
  }
}

/// `paying` are the charges that make a customer, by start. Returns the gaps filled, each up to its renewal.
private func fillDays(_ charges: inout [CountedCharge], _ paying: [Int], graceDays: Int)
  -> [(from: Day, to: LocalTime)]
{
  let told = charges
  var filled: [(from: Day, to: LocalTime)] = []
  var coveredTo: Day?
  for index in paying {
    let charge = told[index]
    if let end = coveredTo, charge.start.day > end,
      charge.start.day.number - end.number <= Int32(graceDays)
    {
      for earlier in told.indices where told[earlier].end?.day == end && !told[earlier].isInsideOneDay {
        charges[earlier].end = charge.start
      }
      filled.append((from: end, to: charge.start))
    }
    guard let end = charge.end?.day else { break }
    coveredTo = coveredTo.map { max($0, end) } ?? end
  }
  return filled
}

private func fillWithinDays(_ charges: inout [CountedCharge], _ paying: [Int]) {
  let told = charges
  var coveredTo: LocalTime?
  for index in paying {
    let charge = told[index]
    if let end = coveredTo, charge.start > end, charge.start.day == end.day {
      for earlier in told.indices where told[earlier].end == end { charges[earlier].end = charge.start }
    }
    guard let end = charge.end else { return }
    coveredTo = coveredTo.map { max($0, end) } ?? end
  }
}
