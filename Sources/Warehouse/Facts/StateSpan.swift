import Model

/// One state of a key as snapshots tell it, before its own timestamps refine it.
struct StateSpan {
  /// The snapshot that first showed it.
  var from: Moment
  /// The snapshot that showed something else; nil: still so.
  var to: Moment?
  /// When the row itself says it started and ended.
  var start: Moment?
  var end: Moment?
}

/// The stretch a state holds in, and from when on that is proven (nil: all of it).
struct RefinedSpan: Equatable {
  var from: Moment
  var to: Moment?
  var provenFrom: Moment?
}

/// Puts a row's own start and end in place of the snapshot instants that only bracket them.
///
/// `lastInformative` gives the latest earlier snapshot that proves whether the key was there. The stretch before the first
/// snapshot is assumed, unless such an earlier one shows the key had not been there and the row says it started since.
func refine(
  _ states: [StateSpan], _ order: MomentOrder, lastInformative: (Moment) -> Moment?
) -> [RefinedSpan] {
  let zone = order.zone
  var spans: [RefinedSpan] = []
  for (index, state) in states.enumerated() {
    var span = RefinedSpan(from: state.from, to: order.earlier(state.to, state.end))
    if let start = state.start {
      let before = lastInformative(state.from)
      if zone.day(of: start) >= zone.day(of: state.from) {
        span.from = start
      } else if let before, zone.day(of: start) > zone.day(of: before) {
        span.from = start
      } else if index == 0 {
        span.from = start
        // Absent on the very day it starts: that snapshot was taken earlier in the day.
        if before.map({ zone.day(of: start) < zone.day(of: $0) }) ?? true { span.provenFrom = state.from }
      }
    }
    if index > 0 {
      let last = spans.count - 1
      spans[last].to = order.earlier(spans[last].to, span.from)
      if states[index - 1].to == state.from, let end = state.end,
        zone.day(of: end) <= zone.day(of: state.from)
      {
        spans[last].to = order.earlier(spans[last].to, end)
      }
    }
    spans.append(span)
  }
  return spans
}
