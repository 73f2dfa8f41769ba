import Model

/// An invoice line that can count, in its place among the lines of one subscription.
struct BilledLine {
  /// Position in ``Book/Billing/lines``.
  var line: Int32
  var invoice: Int32
  /// When its invoice was issued, as the line knows it; the group's invoices are in order of the earliest of these.
  var issued: LocalTime
  /// Place of its invoice among those of the group.
  var rank: Int32 = 0
  var plan: Int32
  var currency: Int32
  /// Micro-units, below 0 for a credit; 0 also for what counts nowhere.
  var net: Int64
  /// False where it can only tell how long a period is: a credit note took all of it, or it is nothing.
  var counts: Bool
  var isProration: Bool
  /// Its period as it is written.
  var start: LocalTime
  var end: LocalTime
  var periodStart: Moment
  var periodEnd: Moment
  /// When it can count: its period without what its subscription and its payment take away.
  var covered: [TimeRange] = []
  var amount = ExactMonthly.zero
  /// ``amount`` half-even to a micro-unit.
  var worth: Int64 = 0
  var isAssumed = false
}
