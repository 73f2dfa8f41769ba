import Model

/// One stretch of one charge that counts under the policy, with one exact monthly amount.
struct CountedCharge {
  var row: Int64
  /// Index into ``Book/customers``, after accounts have been joined to their parents.
  var customer: Int32
  var plan: Int32
  var product: Int32
  var currency: Int32
  var start: Day
  /// nil: still running.
  var end: Day?
  /// When the charge itself starts, whatever part of it counts: the day some policies take its rate of.
  var serviceStart: Day
  /// The months whose state rests on an assumption are those that end on or before this day.
  var provenFrom: Day?
  /// Day on which the cancellation was asked for, and the day it takes effect.
  var cancelRequested: Day?
  var cancelEffective: Day?
  var amount: ExactMonthly
}

/// A half-open run of days; nil is unbounded.
struct DayRange {
  var start: Day?
  var end: Day?

  func intersection(_ other: DayRange) -> DayRange? {
    let start = [self.start, other.start].compactMap { $0 }.max()
    let end = [self.end, other.end].compactMap { $0 }.min()
    if let start, let end, start >= end { return nil }
    return DayRange(start: start, end: end)
  }

  /// What is left of `self` on both sides of `hole`.
  func subtracting(_ hole: DayRange) -> [DayRange] {
    [
      hole.start.flatMap { intersection(DayRange(start: nil, end: $0)) },
      hole.end.flatMap { intersection(DayRange(start: $0, end: nil)) },
    ].compactMap { $0 }
  }
}
