import Model

extension Cancellation {
  /// The parts of a stretch by the notice that a subscription's states tell of; nil where there is none.
  ///
  /// One that was taken back stood until then, and one whose day has come and gone tells of nothing to come.
  static func stretches(
    _ states: [Book.SubscriptionState], within whole: TimeRange, _ zone: ReportingZone,
    time: (Moment) -> LocalTime
  ) -> [(range: TimeRange, notice: Cancellation?)] {
    guard !states.isEmpty else { return [(whole, nil)] }
    var parts: [(range: TimeRange, notice: Cancellation?)] = []
    func append(_ range: TimeRange?, _ notice: Cancellation?) {
      guard let range else { return }
      if let last = parts.indices.last, parts[last].notice == notice {
        parts[last].range.end = range.end
      } else {
        parts.append((range, notice))
      }
    }
    // Before the first state nothing contradicts it.
    func start(of position: Int) -> LocalTime? {
      guard position > 0, position < states.count else { return nil }
      return states[position].from.map { LocalTime(day: zone.day(of: $0)) }
    }
    for position in states.indices {
      let notice = Cancellation(states, position, zone, time: time)
      let within = whole.intersection(TimeRange(start: start(of: position), end: start(of: position + 1)))
      guard notice.requested != nil, let effective = notice.effective else {
        append(within, nil)
        continue
      }
      append(within?.intersection(TimeRange(start: nil, end: effective)), notice)
      append(within?.intersection(TimeRange(start: effective, end: nil)), nil)
    }
    return parts
  }
}
