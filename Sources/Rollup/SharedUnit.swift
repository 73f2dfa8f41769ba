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

  /// A stretch of time in which nothing changes, and who is in force in it at which amount.
  private struct Span {
    var start: LocalTime
    var end: LocalTime?
    var active: [Int]
    var amounts: [ExactMonthly]

    /// Whole days: that of the end is the next one's.
    var days: Int { end.map { $0.day.number - start.day.number }.map(Int.init) ?? 0 }
  }

  /// The members at their discounted amounts, cut where these change.
  mutating func pieces() -> [CountedCharge] {
    guard !stretches.isEmpty else { return members }
    var spans = self.spans()
    for stretch in stretches {
      if stretch.discount.percent > 0 { takePercent(stretch, &spans) }
      if stretch.discount.amount > 0 { takeAmount(stretch, &spans) }
    }
    var open: [CountedCharge?] = members.map { _ in nil }
    var result: [CountedCharge] = []
    for span in spans {
      for (index, amount) in zip(span.active, span.amounts) {
        if open[index]?.amount == amount {
          open[index]?.end = span.end
          continue
        }
        if let piece = open[index] { result.append(piece) }
        var piece = members[index]
        (piece.start, piece.end, piece.amount) = (span.start, span.end, amount)
        open[index] = piece
      }
    }
    result += open.compactMap { $0 }
    return result.filter { TimeRange(start: $0.start, end: $0.end).lasts }
  }

  private func spans() -> [Span] {
    var times = Set(members.map(\.start) + members.compactMap(\.end))
    for stretch in stretches { times.formUnion([stretch.range.start, stretch.range.end].compactMap { $0 }) }
    let changes = times.sorted()
    return changes.indices.map { position in
      let time = changes[position]
      let active = members.indices.filter { index in
        members[index].start <= time && members[index].end.map { time < $0 } ?? true
      }
      return Span(
        start: time, end: position + 1 < changes.count ? changes[position + 1] : nil, active: active,
        amounts: active.map { members[$0].amount })
    }
  }

  /// How a discount lowers a charge.
  private enum Effect {
    case nothing
    /// While it holds.
    case whole
    /// At all times of the charge's term, for the part of its days on which the discount holds.
    case spread(days: Int, of: Int)
    /// For all of a term inside one day, which has no days to count.
    case wholeTerm
  }

  private func effect(of stretch: DiscountStretch, _ member: Int) -> Effect {
    let duration = EntityColumn.discountDurations[Int(stretch.discount.duration)]
    let treatment =
      switch duration {
      case "repeating": policy.discountRepeating
      case "once": policy.discountOnce
      default: policy.discountForever
      }
    switch treatment {
    case .ignore: return .nothing
    case .subtract: return .whole
    case .spread:
      // An open term has nothing to spread over.
      guard let end = terms[member].end, let over = stretch.range.end?.day else {
        return duration == "once" ? .nothing : .whole
      }
      let start = terms[member].start
      let from = max(start, stretch.range.start?.day ?? start)
      if start == end { return from == start && over >= end ? .wholeTerm : .nothing }
      let days = min(over, end).number - from.number
      return days > 0 ? .spread(days: Int(days), of: Int(end.number - start.number)) : .nothing
    }
  }

  private func holds(_ stretch: DiscountStretch, in span: Span) -> Bool {
    (stretch.range.start.map { $0 <= span.start } ?? true)
      && (stretch.range.end.map { span.start < $0 } ?? true)
  }

  private mutating func takePercent(_ stretch: DiscountStretch, _ spans: inout [Span]) {
    let effects = members.indices.map { effect(of: stretch, $0) }
    for number in spans.indices {
      let holds = holds(stretch, in: spans[number])
      for (place, member) in spans[number].active.enumerated() {
        let share: ExactRate
        switch effects[member] {
        case .wholeTerm: share = .one
        case .whole where holds: share = .one
        case .spread(let days, let term): share = ExactRate(Int64(days), Int64(term))
        case .nothing, .whole: continue
        }
        spans[number].amounts[place] = less(
          spans[number].amounts[place], stretch.discount.percent, share, member)
      }
    }
  }

  /// Shares a fixed amount out, whenever it holds, over what the charges are worth then; what falls to a charge that it is spread over is
  /// added up over its days first.
  private mutating func takeAmount(_ stretch: DiscountStretch, _ spans: inout [Span]) {
    let effects = members.indices.map { effect(of: stretch, $0) }
    // By row: a charge that does not count for a while is more than one member. Micro-units times days.
    var spread: [Int64: Int128] = [:]
    for number in spans.indices {
      let span = spans[number]
      let holds = holds(stretch, in: span)
      let taking = span.active.indices.filter { place in
        guard span.amounts[place].numerator > 0 else { return false }
        switch effects[span.active[place]] {
        case .nothing: return false
        case .wholeTerm: return true
        case .whole, .spread: return holds
        }
      }
      for (place, part) in zip(taking, parts(of: stretch.discount.amount, span, taking)) {
        if case .spread = effects[span.active[place]] {
          spread[members[span.active[place]].row, default: 0] += Int128(part) * Int128(span.days)
        } else {
          take(Int128(part), over: 1, place, &spans[number])
        }
      }
    }
    guard !spread.isEmpty else { return }
    for number in spans.indices {
      for (place, member) in spans[number].active.enumerated() {
        guard case .spread(_, let term) = effects[member], let part = spread[members[member].row] else {
          continue
        }
        take(part, over: term, place, &spans[number])
      }
    }
  }

  /// Micro-units of one interval that fall to each of the places.
  private mutating func parts(of amount: Int64, _ span: Span, _ taking: [Int]) -> [Int64] {
    guard !taking.isEmpty else { return [] }
    let worth = taking.map { span.amounts[$0].value(at: .one) ?? .max }
    // Parts are whole micro-units of an interval, so that one may be a hair more than its charge.
    let room = worth.reduce(Int128(worth.count)) { $0 + Int128($1) }
    if let whole = monthly(Int128(amount), over: 1)?.value(at: .one), Int128(whole) > room {
      exceeded.formUnion(taking.map { span.active[$0] })
    }
    return sharesByLargestRemainder(of: amount, weights: worth)
  }

  private mutating func take(_ part: Int128, over days: Int, _ place: Int, _ span: inout Span) {
    guard let off = monthly(part, over: days), let rest = span.amounts[place].less(off) else {
      unfit = members[span.active[place]].row
      return
    }
    span.amounts[place] = rest.numerator < 0 ? .zero : rest
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

  /// What is taken off in one interval, as an amount a month; nil where it does not fit.
  private func monthly(_ amount: Int128, over days: Int) -> ExactMonthly? {
    let top = amount.multipliedReportingOverflow(by: Int128(factor.numerator))
    let bottom = Int128(factor.denominator).multipliedReportingOverflow(
      by: Int128(max(1, count)) * Int128(days))
    return top.overflow || bottom.overflow ? nil : ExactMonthly(top.partialValue, over: bottom.partialValue)
  }
}

extension ExactMonthly {
  /// nil where it does not fit.
  func less(_ other: ExactMonthly) -> ExactMonthly? {
    let left = numerator.multipliedReportingOverflow(by: Int128(other.denominator))
    let right = other.numerator.multipliedReportingOverflow(by: Int128(denominator))
    let rest = left.partialValue.subtractingReportingOverflow(right.partialValue)
    guard !left.overflow, !right.overflow, !rest.overflow else { return nil }
    return ExactMonthly(rest.partialValue, over: Int128(denominator) * Int128(other.denominator))
  }
}
