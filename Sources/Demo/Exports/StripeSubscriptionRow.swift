import Model

/// What Stripe says of one subscription at the end of one day.
struct StripeSubscriptionRow {
  static let header = [
    "id", "customer_id", "status", "price_id", "quantity", "currency", "created", "start_date", "trial_start",
    "trial_end", "current_period_start", "current_period_end", "cancel_at", "cancel_at_period_end",
    "canceled_at",
    "ended_at", "cancellation_details_reason", "discount_coupon_id", "coupon_percent_off",
    "coupon_amount_off",
    "coupon_duration", "discount_start", "discount_end",
  ]

  private let customer: Customer
  private let subscription: Life.Subscription
  private let day: Day
  private let term: Life.Term
  private let started: Day
  private let trialEnd: Day?
  /// The day it ended, if it has; the day it is going to end, if that is known already.
  private let ended: Day?
  private let ending: Day?
  private let isUnreadable: Bool

  /// nil when the snapshot does not show the subscription: it has not started, or vanished.
  init?(
    customer: Customer, subscription: Life.Subscription, terms: ArraySlice<Life.Term>, on day: Day,
    isLastSnapshot: Bool
  ) {
    guard let first = terms.first, let last = terms.last,
      let term = terms.last(where: { $0.start <= day })
    else { return nil }
    let hasEnded = last.end.map { $0 <= day } ?? false
    if hasEnded, subscription.vanishes { return nil }
    self.customer = customer
    self.subscription = subscription
    self.day = day
    self.term = term
    started = first.start
    trialEnd = first.state == .trialing ? first.end : nil
    ended = hasEnded ? last.end : nil
    let isAsked = subscription.cancelRequested.map { $0 <= day } ?? false
    ending = !hasEnded && isAsked ? last.end : nil
    isUnreadable = isLastSnapshot && subscription.isUnreadableInLastSnapshot
  }

  var isDelinquent: Bool { ended == nil && (term.state == .pastDue || term.state == .unpaid) }

  private var status: String {
    if ended != nil { return "canceled" }
    return switch term.state {
    case .active: "active"
    case .pastDue: "past_due"
    case .unpaid: "unpaid"
    case .trialing: "trialing"
    case .paused: "paused"
    }
  }

  func write(to writer: ExportWriter) {
    let price = PriceList.prices[term.price]
    writer.field {
      writer.append("sub_1N")
      writer.append(OpaqueID.letters(kind: 2, customer.index, term.subscription, length: 22))
    }
    writer.text(customer.id)
    writer.text(status)
    writer.text(StripeID.price(term.price))
    if isUnreadable { writer.text("#REF!") } else { writer.number(term.quantity) }
    writer.text(price.currency.code.lowercased())
    instant(started, writer)
    instant(started, writer)
    instant(trialEnd.map { _ in started }, writer)
    instant(trialEnd, writer)
    let period = currentPeriod(of: price.interval)
    instant(period.start, writer)
    instant(period.end, writer)
    instant(ending, writer)
    writer.text(ending == nil ? "false" : "true")
    let asked = ended == nil && ending == nil ? nil : subscription.cancelRequested ?? ended
    instant(asked, writer)
    instant(ended, writer)
    writer.text(asked == nil ? "" : reason)
    writeCoupon(of: price, to: writer)
    writer.endRow()
  }

  private var reason: String {
    subscription.cancelReason == Life.Subscription.paymentFailed ? "payment_failed" : "cancellation_requested"
  }

  private func instant(_ day: Day?, _ writer: ExportWriter) {
    if let day { writer.number(NewYork.instant(day, subscription.startSecond)) } else { writer.empty() }
  }

  /// The billing period the day lies in, or the last one of an ended subscription; a trial is one period.
  private func currentPeriod(of interval: BillingInterval) -> (start: Day, end: Day) {
    let latest = ended.map { $0 - 1 } ?? day
    if let trialEnd, latest < trialEnd { return (started, trialEnd) }
    let anchor = trialEnd ?? started
    if interval == .week {
      let start = anchor + Int(max(0, latest.number - anchor.number)) / 7 * 7
      return (start, start + 7)
    }
    var passed = max(0, latest.month - anchor.month) / interval.commitment * interval.commitment
    if Calendar.anniversary(of: anchor, after: passed) > latest {
      passed = max(0, passed - interval.commitment)
    }
    return (
      Calendar.anniversary(of: anchor, after: passed),
      Calendar.anniversary(of: anchor, after: passed + interval.commitment)
    )
  }

  private func writeCoupon(of price: Price, to writer: ExportWriter) {
    guard let discount = term.discount, discount.until.map({ day < $0 }) ?? true,
      discount.duration != .once || day < term.start + 28
    else {
      for _ in 0..<6 { writer.empty() }
      return
    }
    writer.field {
      writer.append(discount.basisPoints > 0 ? "OFF" : "LESS")
      writer.append(discount.basisPoints > 0 ? discount.basisPoints : discount.amount)
      writer.append(byte: 0x2D)
      writer.append(discount.duration.rawValue.uppercased())
    }
    if discount.basisPoints > 0 { writer.amount(discount.basisPoints, exponent: 2) } else { writer.empty() }
    if discount.amount > 0 { writer.number(discount.amount) } else { writer.empty() }
    writer.text(discount.duration.rawValue)
    instant(started, writer)
    instant(discount.until, writer)
  }
}
