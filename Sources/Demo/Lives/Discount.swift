import Model

/// A reduction of a price, as coupons of billing systems state it: a share or an amount per billing interval.
struct Discount: Hashable {
  enum Duration: String { case forever, repeating, once }

  /// Hundredths of a percent: 2500 is 25 %.
  var basisPoints: Int64 = 0
  /// Minor units of the price's currency, per billing interval.
  var amount: Int64 = 0
  var duration: Duration
  /// First day without a repeating discount.
  var until: Day?

  /// Whether month-end MRR is lower for it, as the standard policy says: one-time discounts are not.
  func counts(atEndOf month: Month) -> Bool {
    switch duration {
    case .forever: true
    case .repeating: until.map { month.end <= $0 } ?? true
    case .once: false
    }
  }

  /// Whether an invoice is lower for it: a one-time discount is the first one's.
  func counts(onInvoiceOf day: Day, isFirst: Bool) -> Bool {
    switch duration {
    case .forever: true
    case .repeating: until.map { day < $0 } ?? true
    case .once: isFirst
    }
  }
}
