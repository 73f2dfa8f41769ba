import Model

/// One stretch of one charge that counts under the policy, with one exact monthly amount.
struct CountedCharge {
  var row: Int64
  /// Index into ``Book/customers``, after accounts have been joined to their parents.
  var customer: Int32
  var plan: Int32
  var product: Int32
  var currency: Int32
  var start: LocalTime
  /// nil: still running.
  var end: LocalTime?
  /// When the charge itself starts, whatever part of it counts: the day some policies take its rate of.
  var serviceStart: Day
  /// The months whose state rests on an assumption are those that end on or before this day.
  var provenFrom: Day?
  /// Day on which the cancellation was asked for, and the day it takes effect.
  var cancelRequested: Day? = nil
  var cancelEffective: Day? = nil
  var amount: ExactMonthly

  /// Starts and ends inside one day: only a bridge that sees instants sees it.
  var isInsideOneDay: Bool { end.map { $0.day == start.day } ?? false }
}

/// When one charge counts: what a bridge needs that looks inside the months.
struct ChargeTimes {
  var row: Int64
  var start: LocalTime
  /// nil: still running.
  var end: LocalTime?

  /// Whether it is in force when `day` begins, before anything changes on it.
  func isInForce(openingOf day: Day) -> Bool {
    start.day < day && (end.map { $0.day >= day } ?? true)
  }
}
