import Model

/// Charges that are billed together, and the discounts that hold for all of them, gone through from change to change.
struct SharedUnit {
  private let members: [CountedCharge]
  /// The terms of the charges themselves, whatever part of them counts.
  private let terms: [(start: Day, end: Day?)]
  private let stretches: [DiscountStretch]
  private let factor: ExactRate
  private let count: Int32
  private let policy: Policy
  private var exceeded: Set<Int> = []
  /// Row of a charge whose amount cannot be counted exactly any more.
  private(set) var unfit: Int64?

  /// How many charges have more off than they are worth.
  var excess: Int64 { Int64(exceeded.count) }

  init(
    _ members: [CountedCharge], _ stretches: [DiscountStretch], factor: ExactRate, count: Int32,
    terms: [(start: Day, end: Day?)], _ policy: Policy
  ) {
    self.members = members
    self.stretches = stretches
    self.factor = factor
    self.count = count
    self.terms = terms
    self.policy = policy
  }

  /// The members at their discounted amounts, cut where these change.
  mutating func pieces() -> [CountedCharge] {
    guard !stretches.isEmpty else { return members }
    var times = Set(members.map(\.start) + members.compactMap(\.end))
    for stretch in stretches { times.formUnion([stretch.range.start, stretch.range.end].compactMap { $0 }) }
    let changes = times.sorted()
    var open: [CountedCharge?] = members.map { _ in nil }
    var result: [CountedCharge] = []
    for (position, time) in changes.enumerated() {
      let next = position + 1 < changes.count ? changes[position + 1] : nil
      let active = members.indices.filter { index in
        members[index].start <= time && members[index].end.map { time < $0 } ?? true
      }
      for (index, amount) in zip(active, amounts(of: active, at: time)) {
        if open[index]?.amount == amount {
          open[index]?.end = next
          continue
        }
        if let piece = open[index] { result.append(piece) }
        var piece = members[index]
        (piece.start, piece.end, piece.amount) = (time, next, amount)
        open[index] = piece
      }
    }
    result += open.compactMap { $0 }
    return result.filter { TimeRange(start: $0.start, end: $0.end).lasts }
  }

  private mutating func amounts(of active: [Int], at time: LocalTime) -> [ExactMonthly] {
    var amounts = active.map { members[$0].amount }
    for stretch in stretches {
      let shares = active.map { share(of: stretch, $0, at: time) }
      guard shares.contains(where: { $0 != nil }) else { continue }
      if stretch.discount.percent > 0 {
        for place in active.indices {
          guard let share = shares[place] else { continue }
          amounts[place] = less(amounts[place], stretch.discount.percent, share, active[place])
        }
      }
      if stretch.discount.amount > 0 { take(stretch.discount.amount, shares, active, &amounts) }
    }
    return amounts
  }

  /// The part of a discount that lowers a charge at a moment; nil for nothing.
  private func share(of stretch: DiscountStretch, _ member: Int, at time: LocalTime) -> ExactRate? {
    let duration = EntityColumn.discountDurations[Int(stretch.discount.duration)]
    let treatment =
      switch duration {
      case "repeating": policy.discountRepeating
      case "once": policy.discountOnce
      default: policy.discountForever
      }
    let range = stretch.range
    let holds = (range.start.map { $0 <= time } ?? true) && (range.end.map { time < $0 } ?? true)
    switch treatment {
    case .ignore: return nil
    case .subtract: return holds ? .one : nil
    case .spread:
      // An open term has nothing to spread over.
      guard let end = terms[member].end, let over = range.end?.day else {
        return duration != "once" && holds ? .one : nil
      }
      let start = terms[member].start
      let from = max(start, range.start?.day ?? start)
      // A term inside one day has no days to count: the discount holds for all of it, or for nothing.
      if start == end { return from == start && over >= end ? .one : nil }
      let days = min(over, end).number - from.number
      return days > 0 ? ExactRate(Int64(days), Int64(end.number - start.number)) : nil
    }
  }

  private mutating func less(
    _ amount: ExactMonthly, _ percent: Int64, _ share: ExactRate, _ member: Int
  ) -> ExactMonthly {
    // Both below 2^127: a percentage is below 2^63, a share is made of numbers of days.
    let whole = Int128(100_000_000) * Int128(share.denominator)
    let left = whole - Int128(percent) * Int128(share.numerator)
    guard left > 0 else {
      if left < 0 { exceeded.insert(member) }
      return .zero
    }
    let top = amount.numerator.multipliedReportingOverflow(by: left)
    let bottom = Int128(amount.denominator).multipliedReportingOverflow(by: whole)
    guard !top.overflow, !bottom.overflow,
      let result = ExactMonthly(top.partialValue, over: bottom.partialValue)
    else {
      unfit = members[member].row
      return .zero
    }
    return result
  }

  /// Shares a fixed amount out over what the charges are worth by now.
  private mutating func take(
    _ amount: Int64, _ shares: [ExactRate?], _ active: [Int], _ amounts: inout [ExactMonthly]
  ) {
    let taking = active.indices.filter { shares[$0] != nil && amounts[$0].numerator > 0 }
    let worth = taking.map { amounts[$0].value(at: .one) ?? .max }
    let parts = sharesByLargestRemainder(of: amount, weights: worth)
    // Parts are whole micro-units of an interval, so that one may be a hair more than its charge.
    let room = worth.reduce(Int128(worth.count)) { $0 + Int128($1) }
    if let whole = monthly(amount)?.value(at: .one), Int128(whole) > room {
      exceeded.formUnion(taking.map { active[$0] })
    }
    for (place, part) in zip(taking, parts) {
      let (member, now) = (active[place], amounts[place])
      guard let share = shares[place] else { continue }
      guard let off = monthly(part)?.times(share), let rest = now.less(off) else {
        unfit = members[member].row
        continue
      }
      amounts[place] = rest.numerator < 0 ? .zero : rest
    }
  }

  /// What is taken off in one interval, as an amount a month.
  private func monthly(_ amount: Int64) -> ExactMonthly? {
    ExactMonthly(
      Int128(amount) * Int128(factor.numerator), over: Int128(factor.denominator) * Int128(max(1, count)))
  }
}

extension ExactMonthly {
  /// nil where it does not fit.
  func times(_ share: ExactRate) -> ExactMonthly? {
    let top = numerator.multipliedReportingOverflow(by: Int128(share.numerator))
    let bottom = Int128(denominator).multipliedReportingOverflow(by: Int128(share.denominator))
    return top.overflow || bottom.overflow ? nil : ExactMonthly(top.partialValue, over: bottom.partialValue)
  }

  /// nil where it does not fit.
  func less(_ other: ExactMonthly) -> ExactMonthly? {
    let left = numerator.multipliedReportingOverflow(by: Int128(other.denominator))
    let right = other.numerator.multipliedReportingOverflow(by: Int128(denominator))
    let rest = left.partialValue.subtractingReportingOverflow(right.partialValue)
    guard !left.overflow, !right.overflow, !rest.overflow else { return nil }
    return ExactMonthly(rest.partialValue, over: Int128(denominator) * Int128(other.denominator))
  }
}
