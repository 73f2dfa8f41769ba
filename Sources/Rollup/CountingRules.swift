import Model

/// Applies the policy's questions on status, trials, pauses, cancellations and discounts: which stretches of a charge
/// count, and at what amount. In whole days, unless the policy's bridge sees instants.
struct CountingRules {
  let book: Book
  let settings: RollupSettings
  let counted: [Bool]
  let unpaid: Int
  let trialing: Int
  let paused: Int
  let canceled: Int
  private let recurring: UInt8
  /// What one interval's amount is multiplied by to be a month's, by unit.
  private let factors: [ExactRate]
  private let seesInstants: Bool
  private(set) var findings: [Finding] = []
  private(set) var faults = CountingFaults()
  private var covering: CoveringDiscounts
  /// Rows of charges with an end of a discount that holds forever.
  private var endless: Set<Int64> = []

  init(_ book: Book, _ settings: RollupSettings) {
    self.book = book
    self.settings = settings
    let names = EntityColumn.subscriptionStatuses
    let inMRR = Set(settings.policy.statuses.map(\.rawValue))
    counted = names.map { inMRR.contains($0) }
    unpaid = names.firstIndex(of: "unpaid") ?? -1
    trialing = names.firstIndex(of: "trialing") ?? -1
    paused = names.firstIndex(of: "paused") ?? -1
    canceled = names.firstIndex(of: "canceled") ?? -1
    recurring = UInt8(EntityColumn.chargeKinds.firstIndex(of: "recurring") ?? 0)
    let policy = settings.policy
    factors = EntityColumn.intervalUnits.map { unit in
      switch unit {
      case "year": ExactRate(1, 12)
      case "week": policy.weekFactor
      case "day": policy.dayFactor
      default: .one
      }
    }
    seesInstants = settings.policy.bridge == .event
    covering = CoveringDiscounts(book, settings)
  }

  @inline(__always) private func time(_ moment: Moment) -> LocalTime {
    seesInstants ? LocalTime(moment, settings.zone) : onDay(moment)
  }

  /// What a snapshot shows holds from its day on: it tells no instant.
  @inline(__always) private func onDay(_ moment: Moment) -> LocalTime {
    LocalTime(day: settings.zone.day(of: moment))
  }

  /// All stretches of all charges that count, in the order of the book's charges.
  mutating func countedCharges() -> [CountedCharge] {
    var result: [CountedCharge] = []
    result.reserveCapacity(book.charges.count)
    for charge in book.charges { append(charge, to: &result) }
    result += covering.discounted(terms)
    findings += covering.findings
    faults.excessDiscounts += covering.excess
    faults.discounts = covering.faults
    faults.discounts.endless += Int64(endless.count)
    return result
  }

  private var terms: BillingTerms {
    let (zone, seesInstants) = (settings.zone, seesInstants)
    return BillingTerms(
      factors: factors,
      time: { seesInstants ? LocalTime($0, zone) : LocalTime(day: zone.day(of: $0)) })
  }

  private mutating func append(_ charge: Book.Charge, to result: inout [CountedCharge]) {
    guard charge.kind == recurring else { return }
    let whole = TimeRange(
      start: time(charge.start), end: charge.end.map { charge.endIsStated ? time($0) : onDay($0) })
    if let start = whole.start, let end = whole.end, start >= end { return }
    if isPlain(charge) {
      guard rowCounts(charge), let start = whole.start, whole.lasts,
        let amount = amount(of: charge, discounted: false, share: nil)
      else { return }
      result.append(
        CountedCharge(
          amount: amount, row: charge.row, quantity: charge.quantity, start: start, end: whole.end,
          serviceStart: settings.zone.day(of: charge.start),
          provenFrom: charge.provenFrom.map { settings.zone.day(of: $0) },
          customer: charge.customer, plan: charge.plan, product: charge.product, currency: charge.currency,
          subscription: charge.subscription))
      return
    }
    let isCovered = covering.cover(charge)
    for range in countedRanges(of: charge, within: whole) {
      for piece in priced(charge, over: range) {
        guard let start = piece.range.start, piece.range.lasts else { continue }
        let counted = CountedCharge(
          amount: piece.amount, row: charge.row, quantity: charge.quantity, start: start,
          end: piece.range.end, serviceStart: settings.zone.day(of: charge.start),
          provenFrom: charge.provenFrom.map { settings.zone.day(of: $0) },
          cancelRequested: range.cancelRequested?.day,
          cancelEffective: range.cancelEffective?.day, customer: charge.customer, plan: charge.plan,
          product: charge.product, currency: charge.currency, subscription: charge.subscription)
        if isCovered { covering.add(counted, of: charge) } else { result.append(counted) }
      }
    }
  }

  /// Without a discount, and without a subscription that says more than the row: most rows of a periods export.
  private func isPlain(_ charge: Book.Charge) -> Bool {
    charge.discountAmount <= 0 && charge.discountPercent <= 0 && charge.account < 0
      && (charge.subscription < 0 || book.subscriptions[Int(charge.subscription)].states.isEmpty)
  }

  /// Whether a row with no subscription to ask counts.
  private func rowCounts(_ charge: Book.Charge) -> Bool {
    if charge.trial, settings.policy.trials == .exclude { return false }
    return charge.status == 255 || rowStatusCounts(Int(charge.status), hasEnd: charge.endIsStated)
  }

  // MARK: When

  private struct CountedRange {
    var range: TimeRange
    var cancelRequested: LocalTime?
    var cancelEffective: LocalTime?
  }

  private func countedRanges(of charge: Book.Charge, within whole: TimeRange) -> [CountedRange] {
    if charge.trial, settings.policy.trials == .exclude { return [] }
    let states = charge.subscription >= 0 ? book.subscriptions[Int(charge.subscription)].states : []
    guard !states.isEmpty else { return rowCounts(charge) ? [CountedRange(range: whole)] : [] }
    var result: [CountedRange] = []
    for (position, state) in states.enumerated() {
      // Before the first known state nothing contradicts it; the charge's own grade says what is assumed.
      let from = position == 0 ? nil : state.from.map(onDay)
      let stretch = TimeRange(
        start: from, end: endOfStretch(state, next: states.dropFirst(position + 1).first))
      guard let within = whole.intersection(stretch) else { continue }
      result += counted(states, position, within: within, endIsStated: charge.endIsStated)
    }
    return result
  }

  /// The next snapshot may tell that the subscription ended between the two, or was asked to where that is what counts.
  private func endOfStretch(_ state: Book.SubscriptionState, next: Book.SubscriptionState?) -> LocalTime? {
    let seen = state.to.map(onDay)
    guard let seen, let next else { return seen }
    let requested = settings.policy.churnAt == .cancelRequested ? next.cancelRequested : nil
    let told = [next.ended ?? next.cancelEffective, requested].compactMap { $0.map(time) }
    return told.reduce(seen) { min($0, $1) }
  }

  /// A period row's status is that of today: what has been canceled counted until its own end.
  private func rowStatusCounts(_ status: Int, hasEnd: Bool) -> Bool {
    if counted[status] { return true }
    if status == canceled { return hasEnd }
    if status == trialing { return settings.policy.trials == .includePriced }
    if status == unpaid { return settings.policy.unpaid == .keep }
    if status == paused { return settings.policy.paused == .keep }
    return false
  }

  private func counted(
    _ states: [Book.SubscriptionState], _ position: Int, within range: TimeRange, endIsStated: Bool
  ) -> [CountedRange] {
    let state = states[position]
    let policy = settings.policy
    var bounds = range
    let ended = (state.ended ?? state.cancelEffective).map(time)
    let notice = Cancellation(states, position, settings.zone, time: time)
    let (requested, effective) = (notice.requested, notice.effective)
    var limits = [ended].compactMap { $0 }
    if policy.churnAt == .cancelRequested, let requested { limits.append(requested) }
    if let status = state.status.map(Int.init), !counted[status] {
      switch status {
      case canceled:
        // What is canceled today counted until its own end, that of the subscription or of the charge.
        if ended == nil, !endIsStated { return [] }
      case trialing where policy.trials == .includePriced: break
      case trialing where state.trialEnd != nil: break
      case unpaid where policy.unpaid == .keep: break
      case unpaid where policy.unpaid == .afterDays:
        guard let since = unpaidSince(states, position) else { return [] }
        limits.append(LocalTime(day: since + policy.unpaidDays))
      case paused where policy.paused == .keep: break
      case paused where state.pauseStart != nil: break
      case paused where state.pauseEnd != nil:
        guard let within = bounds.intersection(TimeRange(start: state.pauseEnd.map(time), end: nil))
        else {
          return []
        }
        bounds = within
      default: return []
      }
    }
    for limit in limits {
      guard let within = bounds.intersection(TimeRange(start: nil, end: limit)) else { return [] }
      bounds = within
    }
    if policy.trials == .exclude, let trialEnd = state.trialEnd.map(time) {
      guard let within = bounds.intersection(TimeRange(start: trialEnd, end: nil)) else { return [] }
      bounds = within
    }
    var ranges = [bounds]
    if policy.paused == .zero, let pauseStart = state.pauseStart.map(time) {
      ranges = bounds.subtracting(TimeRange(start: pauseStart, end: state.pauseEnd.map(time)))
    }
    return ranges.map { CountedRange(range: $0, cancelRequested: requested, cancelEffective: effective) }
  }

  /// The day the run of unpaid states around `position` was first seen; nil when it was so from the beginning.
  private func unpaidSince(_ states: [Book.SubscriptionState], _ position: Int) -> Day? {
    var first = position
    while first > 0, states[first - 1].status.map(Int.init) == unpaid { first -= 1 }
    return states[first].from.map(settings.zone.day(of:))
  }

  // MARK: At what amount

  private struct PricedRange {
    var range: TimeRange
    var amount: ExactMonthly
  }

  private mutating func priced(_ charge: Book.Charge, over counted: CountedRange) -> [PricedRange] {
    let range = counted.range
    guard charge.discountAmount > 0 || charge.discountPercent > 0 else {
      return amount(of: charge, discounted: false, share: nil).map { [PricedRange(range: range, amount: $0)] }
        ?? []
    }
    let policy = settings.policy
    if charge.discountEnd != nil, policy.discountForever != .ignore,
      Book.Discount.isForever(charge.discountDuration)
    {
      endless.insert(charge.row)
    }
    let duration = EntityColumn.discountDurations[Int(charge.discountDuration)]
    let treatment =
      switch duration {
      case "repeating": policy.discountRepeating
      case "once": policy.discountOnce
      default: policy.discountForever
      }
    let start = settings.zone.day(of: charge.start)
    let discountEnd: LocalTime? =
      switch duration {
      case "repeating": charge.discountEnd.map(time)
      case "once":
        terms.end(of: charge.intervalUnit, charge.intervalCount, from: start).map { LocalTime(day: $0) }
      default: nil
      }
    switch treatment {
    case .ignore:
      return amount(of: charge, discounted: false, share: nil).map { [PricedRange(range: range, amount: $0)] }
        ?? []
    case .spread:
      // The whole discount over the whole term, in proportion of days; an open term has nothing to spread over.
      guard let discountEnd, let end = charge.end.map(settings.zone.day(of:)) else {
        if duration == "once" {
          return amount(of: charge, discounted: false, share: nil).map {
            [PricedRange(range: range, amount: $0)]
          } ?? []
        }
        fallthrough
      }
      let discountedDays = Int64(max(0, min(discountEnd.day, end).number - start.number))
      // A term inside one day has no days to count: the discount holds for all of it, or for nothing.
      let share =
        end == start
        ? ExactRate(discountEnd.day >= end ? 1 : 0, 1)
        : ExactRate(discountedDays, Int64(end.number - start.number))
      return amount(of: charge, discounted: true, share: share).map {
        [PricedRange(range: range, amount: $0)]
      } ?? []
    case .subtract:
      var result: [PricedRange] = []
      if let part = range.intersection(TimeRange(start: nil, end: discountEnd)),
        let amount = amount(of: charge, discounted: true, share: nil)
      {
        result.append(PricedRange(range: part, amount: amount))
      }
      if let discountEnd, let part = range.intersection(TimeRange(start: discountEnd, end: nil)),
        let amount = amount(of: charge, discounted: false, share: nil)
      {
        result.append(PricedRange(range: part, amount: amount))
      }
      return result
    }
  }

  /// `amount x quantity x (1 - percent) - discount`, at least 0, scaled to a month.
  private mutating func amount(of charge: Book.Charge, discounted: Bool, share: ExactRate?) -> ExactMonthly? {
    let factor = factors[Int(charge.intervalUnit)]
    if !discounted, let factor = self.factor(factor, over: charge.intervalCount),
      let amount = ExactMonthly(charge.amount, times: charge.quantity, factor)
    {
      return amount
    }
    var net = Int128(charge.amount) * Int128(charge.quantity)
    var scale: Int128 = 1_000_000
    if scale != 1, net % scale == 0 {
      net /= scale
      scale = 1
    }
    var fits = true
    if discounted {
      // The discount itself: percent of the gross, then the fixed amount, then the share of the term it holds for.
      let percent = net.multipliedReportingOverflow(by: Int128(charge.discountPercent))
      let fixed = Int128(charge.discountAmount) * scale * 100_000_000
      let gross = net.multipliedReportingOverflow(by: 100_000_000)
      let both = percent.partialValue.addingReportingOverflow(fixed)
      var discount = both.partialValue
      var total = gross.partialValue
      fits = !percent.overflow && !gross.overflow && !both.overflow
      scale *= 100_000_000
      if let share, fits {
        let shared = discount.multipliedReportingOverflow(by: Int128(share.numerator))
        let widened = total.multipliedReportingOverflow(by: Int128(share.denominator))
        fits = !shared.overflow && !widened.overflow
        discount = shared.partialValue
        total = widened.partialValue
        scale *= Int128(share.denominator)
      }
      let rest = total.subtractingReportingOverflow(discount)
      net = rest.partialValue
      fits = fits && !rest.overflow
    }
    if fits, net < 0 {
      if charge.amount < 0 { faults.negativeCharges += 1 } else { faults.excessDiscounts += 1 }
      net = 0
    }
    let top = net.multipliedReportingOverflow(by: Int128(factor.numerator))
    let bottom = scale.multipliedReportingOverflow(
      by: Int128(factor.denominator) * Int128(max(1, charge.intervalCount)))
    guard fits, !top.overflow, !bottom.overflow,
      let amount = ExactMonthly(top.partialValue, over: bottom.partialValue), amount.value(at: .one) != nil
    else {
      findings.append(.tooLargeCharge(charge.row))
      return nil
    }
    return amount
  }

  /// nil where it does not fit.
  private func factor(_ factor: ExactRate, over count: Int32) -> ExactRate? {
    guard count > 1 else { return factor }
    let bottom = factor.denominator.multipliedReportingOverflow(by: Int64(count))
    return bottom.overflow ? nil : ExactRate(factor.numerator, bottom.partialValue)
  }
}
