import Model

/// Takes the discounts of subscriptions and customers off their charges, after what the charges have off themselves.
///
/// Where a subscription has a discount, that of its customer does not count. A percentage is taken off each charge. A fixed amount is taken off
/// what is billed together in one interval, so once from each subscription, and shared out by largest remainder in proportion to
/// what the charges that count at the moment are worth then.
struct CoveringDiscounts {
  /// What is billed together.
  private struct Unit: Hashable {
    var subscription: Int32
    var account: Int32
    var currency: Int32
    var intervalUnit: UInt8
    var intervalCount: Int32
  }

  private struct Member {
    var counted: CountedCharge
    var start: Day
    var end: Day?
    var gross: Int128
  }

  private let book: Book
  private let settings: RollupSettings
  private var units: [Unit: [Member]] = [:]
  private(set) var findings: [Finding] = []
  private(set) var excess: Int64 = 0
  private(set) var faults = DiscountFaults()

  init(_ book: Book, _ settings: RollupSettings) {
    self.book = book
    self.settings = settings
  }

  /// Whether any discount but its own can be of the charge.
  func cover(_ charge: Book.Charge) -> Bool {
    charge.account >= 0
      || charge.subscription >= 0 && !book.subscriptions[Int(charge.subscription)].discounts.isEmpty
  }

  mutating func add(_ counted: CountedCharge, of charge: Book.Charge) {
    let unit = Unit(
      subscription: charge.subscription, account: charge.account, currency: charge.currency,
      intervalUnit: charge.intervalUnit, intervalCount: charge.intervalCount)
    units[unit, default: []].append(
      Member(
        counted: counted, start: settings.zone.day(of: charge.start),
        end: charge.end.map(settings.zone.day(of:)),
        gross: Int128(charge.amount) * Int128(charge.quantity)))
  }

  /// All charges that were added, less what their subscriptions and customers have off.
  mutating func discounted(_ terms: BillingTerms) -> [CountedCharge] {
    var result: [CountedCharge] = []
    for (unit, members) in units {
      let members = ordered(members)
      var shared = SharedUnit(
        members.map(\.counted), stretches(unit, members, terms), factor: terms.factor(unit.intervalUnit),
        count: unit.intervalCount, terms: members.map { ($0.start, $0.end) }, settings.policy)
      let proven = provenFrom(unit)
      result += shared.pieces().map { piece in
        guard let proven, piece.start.day < proven else { return piece }
        var piece = piece
        piece.provenFrom = max(piece.provenFrom ?? proven, proven)
        return piece
      }
      if isForeign(unit) { faults.foreign += Int64(Set(members.map(\.counted.row)).count) }
      excess += shared.excess
      if let row = shared.unfit { findings.append(.tooLargeCharge(row)) }
    }
    findings.sort { $0.problem < $1.problem }
    if takesAny {
      for subscription in book.subscriptions { faults.add(subscription.discounts, settings.zone) }
      for states in book.accountDiscounts { faults.add(states, settings.zone) }
    }
    return result
  }

  private var takesAny: Bool {
    let policy = settings.policy
    return [policy.discountForever, policy.discountRepeating, policy.discountOnce].contains { $0 != .ignore }
  }

  /// What was seen of discounts on a unit's charges: those of its subscription, and those of its account.
  private func states(_ unit: Unit) -> [[Book.DiscountState]] {
    [
      unit.subscription < 0 ? [] : book.subscriptions[Int(unit.subscription)].discounts,
      unit.account < 0 ? [] : book.accountDiscounts[Int(unit.account)],
    ]
  }

  /// Since when snapshots show which discounts there were: before, the first ones seen are taken to have been there. nil where none counts.
  private func provenFrom(_ unit: Unit) -> Day? {
    guard takesAny else { return nil }
    return states(unit).compactMap { states in
      states.first.flatMap { $0.before ?? $0.from }.map(settings.zone.day(of:))
    }.max()
  }

  private func isForeign(_ unit: Unit) -> Bool {
    guard takesAny else { return false }
    let currency = book.currencies[Int(unit.currency)]
    return states(unit).joined().contains { state in
      guard let discount = state.discount, discount.amount > 0 else { return false }
      return discount.currency.map { $0 != currency } ?? false
    }
  }

  private func stretches(_ unit: Unit, _ members: [Member], _ terms: BillingTerms) -> [DiscountStretch] {
    let times = DiscountTimes(
      zone: settings.zone, time: terms.time,
      intervalEnd: { terms.end(of: unit.intervalUnit, unit.intervalCount, from: $0) },
      firstDay: members.map(\.start).min() ?? Day(number: 0), currency: book.currencies[Int(unit.currency)])
    let own =
      unit.subscription < 0 ? [] : times.stretches(of: book.subscriptions[Int(unit.subscription)].discounts)
    return own.before(unit.account < 0 ? [] : times.stretches(of: book.accountDiscounts[Int(unit.account)]))
  }

  /// By what makes charges differ in figures, so that the order of rows in an export decides nothing.
  private func ordered(_ members: [Member]) -> [Member] {
    members.map { member in
      let counted = member.counted
      return (
        member: member,
        names: [
          counted.plan < 0 ? "" : book.plans[Int(counted.plan)].name,
          counted.product < 0 ? "" : book.products[Int(counted.product)],
        ].map { Array($0.utf8) }
      )
    }.sorted { left, right in
      let (first, second) = (left.member, right.member)
      if first.start != second.start { return first.start < second.start }
      if first.end != second.end { return first.end.map { $0 < (second.end ?? Day(number: .max)) } ?? false }
      for (name, other) in zip(left.names, right.names) where name != other {
        return name.lexicographicallyPrecedes(other)
      }
      if first.gross != second.gross { return first.gross < second.gross }
      return (first.counted.row, first.counted.start) < (second.counted.row, second.counted.start)
    }.map(\.member)
  }
}

/// How long the intervals of charges are, as the policy and the reporting zone have it.
struct BillingTerms {
  let factors: [ExactRate]
  let time: (Moment) -> LocalTime

  func factor(_ unit: UInt8) -> ExactRate { factors[Int(unit)] }

  /// The first day after one interval from `start`; nil for one beyond any calendar.
  func end(of unit: UInt8, _ count: Int32, from start: Day) -> Day? {
    let count = Int(count)
    guard count < 100_000 else { return nil }
    let name = EntityColumn.intervalUnits[Int(unit)]
    guard name == "month" || name == "year" else { return start + count * (name == "week" ? 7 : 1) }
    let month = start.month + count * (name == "year" ? 12 : 1)
    return month.firstDay + (min(start.civil.day, month.length) - 1)
  }
}
