import Model

/// What one customer bought, from beginning to end: the truth every export of the demo company is derived from.
struct Life {
  /// One subscription; its terms say what it cost when.
  struct Subscription {
    /// The reason of who left because no try to pay succeeded.
    static let paymentFailed = "payment failed"

    /// When the customer asked to leave.
    var cancelRequested: Day?
    var cancelReason: String?
    /// Seconds after local midnight at which its first term starts.
    var startSecond: Int64 = 36_000
    /// The snapshots just stop showing it, where others show it as canceled.
    var vanishes = false
    /// Its row in the last snapshot cannot be read.
    var isUnreadableInLastSnapshot = false
  }

  /// One stretch of a subscription under unchanged conditions, within `[start, end)` in the company's local days.
  struct Term {
    enum State { case active, pastDue, unpaid, trialing, paused }

    /// Position in ``Life/subscriptions``.
    var subscription: Int
    /// Position in ``PriceList/prices``.
    var price: Int
    var start: Day
    var end: Day?
    /// Minor units for one seat and interval: the list price, or what was negotiated.
    var unitAmount: Int64
    var quantity: Int64
    var discount: Discount?
    var state = State.active

    func isInForce(on day: Day) -> Bool { start <= day && (end.map { day < $0 } ?? true) }
  }

  var subscriptions: [Subscription] = []
  /// In the order they were agreed; those of one subscription follow each other without overlap.
  var terms: [Term] = []

  mutating func removeAll() {
    subscriptions.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
  }

  /// Adds a subscription and returns its position.
  mutating func subscribe(startSecond: Int64 = 36_000) -> Int {
    subscriptions.append(Subscription(startSecond: startSecond))
    return subscriptions.count - 1
  }

  /// Adds a term at the list price.
  mutating func add(
    _ subscription: Int, _ price: Int, seats quantity: Int64, from start: Day, to end: Day? = nil,
    discount: Discount? = nil, state: Term.State = .active
  ) {
    terms.append(
      Term(
        subscription: subscription, price: price, start: start, end: end,
        unitAmount: PriceList.prices[price].amount, quantity: quantity, discount: discount, state: state))
  }
}

extension Life.Term {
  /// Monthly recurring revenue at the month's last moment, micro-units of the price's own currency.
  ///
  /// Under the standard policy: trials, pauses and unpaid stretches are worth nothing, one-time discounts take nothing off.
  /// One half-even rounding of the exact fraction.
  func monthlyValue(atEndOf month: Month) -> Int64 {
    guard start < month.end, end.map({ month.end <= $0 }) ?? true, state == .active || state == .pastDue
    else { return 0 }
    let price = PriceList.prices[price]
    var reduced = Int128(unitAmount * quantity) * Int128(price.currency.microsPerMinor) * 10_000
    if let discount, discount.counts(atEndOf: month) {
      reduced = reduced / 10_000 * Int128(10_000 - discount.basisPoints)
      reduced -= Int128(discount.amount) * Int128(price.currency.microsPerMinor) * 10_000
      reduced = max(0, reduced)
    }
    let factor = price.interval.monthFactor
    let (quotient, rest) = (reduced * factor.numerator).quotientAndRemainder(
      dividingBy: factor.denominator * 10_000)
    let doubled = rest * 2
    let half = factor.denominator * 10_000
    let roundsUp = doubled > half || (doubled == half && quotient % 2 == 1)
    return Int64(quotient + (roundsUp ? 1 : 0))
  }
}
