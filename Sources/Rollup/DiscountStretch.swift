import Model

/// A stretch of time in which one discount of a customer or a subscription holds.
struct DiscountStretch {
  var range: TimeRange
  var discount: Book.Discount
}

/// Reads from states, of which each was seen from some moment on, when which discount held.
///
/// A discount that says since when it holds holds from then on, unless a snapshot after that still showed something else; a state
/// without one ends what was there before it.
struct DiscountTimes {
  let zone: ReportingZone
  let time: (Moment) -> LocalTime
  /// The first day after one interval that begins on a day; nil beyond any calendar.
  let intervalEnd: (Day) -> Day?
  /// When what the discount is taken off began.
  let firstDay: Day
  let currency: Currency

  func stretches(of states: [Book.DiscountState]) -> [DiscountStretch] {
    let begins = states.indices.map { begin(of: $0, in: states) }
    var result: [DiscountStretch] = []
    for position in states.indices {
      guard let discount = fitting(states[position].discount) else { continue }
      var ends = [states[position].to.map(onDay), end(of: discount)].compactMap { $0 }
      if position + 1 < states.count, let next = begins[position + 1] { ends.append(next) }
      let range = TimeRange(start: begins[position], end: ends.min())
      if let start = range.start, let end = range.end, start >= end { continue }
      // A state that differs in something else tells of the same discount.
      if let last = result.last, last.discount == discount, last.range.end == range.start {
        result[result.count - 1].range.end = range.end
      } else {
        result.append(DiscountStretch(range: range, discount: discount))
      }
    }
    return result
  }

  private func onDay(_ moment: Moment) -> LocalTime { LocalTime(day: zone.day(of: moment)) }

  /// nil: from the beginning.
  private func begin(of position: Int, in states: [Book.DiscountState]) -> LocalTime? {
    let seen = position == 0 ? nil : states[position].from.map(onDay)
    guard let start = states[position].discount?.start.map(time) else { return seen }
    guard let seen, start < seen else { return start }
    guard let before = states[position].before else { return seen }
    return start.day > zone.day(of: before) ? start : seen
  }

  private func end(of discount: Book.Discount) -> LocalTime? {
    switch EntityColumn.discountDurations[Int(discount.duration)] {
    case "repeating": discount.end.map(time)
    case "once":
      intervalEnd(discount.start.map { zone.day(of: $0) } ?? firstDay).map { LocalTime(day: $0) }
    default: nil
    }
  }

  /// A fixed amount in another currency than the charges takes nothing off them.
  private func fitting(_ discount: Book.Discount?) -> Book.Discount? {
    guard var discount else { return nil }
    if let other = discount.currency, other != currency { discount.amount = 0 }
    return discount.amount > 0 || discount.percent > 0 ? discount : nil
  }
}

extension [DiscountStretch] {
  /// These where they hold, and the others where none of these does.
  func before(_ others: [DiscountStretch]) -> [DiscountStretch] {
    var rest = others
    for own in self {
      rest = rest.flatMap { other in
        other.range.subtracting(own.range).filter { range in
          guard let start = range.start, let end = range.end else { return true }
          return start < end
        }.map { DiscountStretch(range: $0, discount: other.discount) }
      }
    }
    return self + rest
  }
}
