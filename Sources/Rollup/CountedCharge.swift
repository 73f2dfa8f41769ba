import Model

/// One stretch of one charge that counts under the policy, with one exact monthly amount.
///
/// The order of its parts is that in which they take the least room: there are millions.
struct CountedCharge {
  var amount: ExactMonthly
  /// Row of the warehouse's table of ``entity``.
  var row: Int64
  /// Units, in millionths.
  var quantity: Int64 = 1_000_000
  var start: LocalTime
  /// nil: still running.
  var end: LocalTime?
  var entity = EntityKind.recurringCharge
  /// Of the whole stretch, whatever ``provenFrom`` says.
  var grade = Book.Grade.exact
  /// When the charge itself starts, whatever part of it counts: the day some policies take its rate of.
  var serviceStart: Day
  /// The months whose state rests on an assumption are those that end on or before this day.
  var provenFrom: Day?
  /// Day on which the cancellation was asked for, and the day it takes effect.
  var cancelRequested: Day? = nil
  var cancelEffective: Day? = nil
  /// Index into ``Book/customers``, after accounts have been joined to their parents.
  var customer: Int32
  var plan: Int32
  var product: Int32
  var currency: Int32
  /// Index into ``Book/subscriptions``, -1 without one.
  var subscription: Int32 = -1

  /// Tells rows of different tables apart.
  var origin: Int64 {
    switch entity {
    case .invoiceLine: row << 2 | 1
    case .contract: row << 2 | 2
    default: row << 2
    }
  }

  /// Starts and ends inside one day: only a bridge that sees instants sees it.
  var isInsideOneDay: Bool { end.map { $0.day == start.day } ?? false }
}

/// When one charge counts: what a bridge needs that looks inside the months.
struct ChargeTimes {
  /// Of what row it is a stretch, ``CountedCharge/origin``.
  var row: Int64
  var start: LocalTime
  /// nil: still running.
  var end: LocalTime?

  /// Whether it is in force when `day` begins, before anything changes on it.
  func isInForce(openingOf day: Day) -> Bool {
    start.day < day && (end.map { $0.day >= day } ?? true)
  }
}
