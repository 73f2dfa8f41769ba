import Model

/// When a subscription's cancellation was asked for and when it takes effect, as one of its states tells, or the next one.
struct Cancellation: Equatable {
  var requested: LocalTime?
  var effective: LocalTime?

  /// The next snapshot may tell what happened before it.
  init(
    _ states: [Book.SubscriptionState], _ position: Int, _ zone: ReportingZone,
    time: (Moment) -> LocalTime
  ) {
    let state = states[position]
    requested = state.cancelRequested.map(time)
    effective = (state.ended ?? state.cancelEffective).map(time)
    guard position + 1 < states.count else { return }
    let next = states[position + 1]
    guard let told = next.cancelRequested.map(time), let seen = next.from.map(zone.day(of:)),
      told.day < seen, requested.map({ told.day < $0.day }) ?? true
    else { return }
    requested = told
    effective = (next.ended ?? next.cancelEffective).map(time) ?? effective
  }
}
