import Model

/// The sales team's side of an account: when it heard of it, and the deals that came of it.
struct Prospect {
  struct Deal {
    enum Kind: String {
      case new = "New Business"
      case existing = "Existing Business"
      case renewal = "Renewal"
    }

    var kind: Kind
    var stage: String
    /// Minor units of the account's currency.
    var amount: Int64?
    var created: Day
    var closed: Day
  }

  /// When the CRM got the account.
  let created: Day
  private(set) var deals: [Deal] = []

  private static let openStages = [
    "Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review",
  ]

  /// The deals behind a paying customer's life.
  init(of customer: Customer, _ life: Life, calendar: Calendar, random: inout SeededRandom) {
    created = customer.created - random.within(12, 110)
    let hasPaid = life.terms.contains { $0.state == .active && $0.monthlyList > 0 }
    var subscription = -1
    var monthly: Int64 = 0
    for term in life.terms where term.start <= calendar.lastDay + 60 {
      let now = term.monthlyList
      let isFirst = term.subscription != subscription && term.state == .active
      if term.start > calendar.lastDay {
        addOpen(.new, amount: now * 12, calendar: calendar, random: &random)
      } else if isFirst {
        let kind: Deal.Kind = deals.isEmpty ? .new : .existing
        let begun = deals.isEmpty ? created + 1 : term.start - random.within(5, 50)
        deals.append(
          Deal(kind: kind, stage: "Closed Won", amount: now * 12, created: begun, closed: term.start))
      } else if term.state == .active, now > monthly + monthly / 8 {
        deals.append(
          Deal(
            kind: .existing, stage: "Closed Won", amount: (now - monthly) * 12,
            created: term.start - random.within(5, 50), closed: term.start))
      } else if term.state == .active, now == monthly, PriceList.prices[term.price].interval.commitment >= 12
      {
        deals.append(
          Deal(
            kind: .renewal, stage: "Closed Won", amount: now * 12, created: term.start - 90,
            closed: term.start))
      }
      if isFirst || term.subscription == subscription { subscription = term.subscription }
      monthly = now
    }
    let amount = max(1, (life.terms.first?.monthlyList ?? 0) * 12)
    if !hasPaid { addLost(.new, amount: amount, from: customer.created, calendar: calendar, random: &random) }
    if random.chance(perMille: 420) {
      let day = customer.created + random.within(60, 500)
      addLost(.existing, amount: amount / 3, from: day, calendar: calendar, random: &random)
    }
    let isCustomer = life.terms.last.map { $0.isInForce(on: calendar.lastDay) } ?? false
    if isCustomer, random.chance(perMille: 110) {
      addOpen(.existing, amount: amount / 4, calendar: calendar, random: &random)
    }
  }

  /// An account that never bought: lost deals, perhaps an open one.
  init(neverBought index: Int, calendar: Calendar, random: inout SeededRandom) {
    let days = Int(calendar.lastDay.number - calendar.first.firstDay.number)
    created = calendar.first.firstDay + random.below(max(1, days - 20))
    let amount = Int64(random.logNormal(median: 620_000)) / 100 * 100
    for _ in 0..<random.within(0, 3) {
      let day = created + random.within(10, 300)
      addLost(.new, amount: amount, from: day, calendar: calendar, random: &random)
    }
    if random.chance(perMille: 400) { addOpen(.new, amount: amount, calendar: calendar, random: &random) }
  }

  private mutating func addLost(
    _ kind: Deal.Kind, amount: Int64, from day: Day, calendar: Calendar, random: inout SeededRandom
  ) {
    let closed = day + random.within(5, 90)
    guard closed <= calendar.lastDay else { return }
    let begun = max(created, day - random.within(0, 20))
    deals.append(
      Deal(
        kind: kind, stage: "Closed Lost", amount: random.chance(perMille: 60) ? nil : amount, created: begun,
        closed: closed))
  }

  private mutating func addOpen(
    _ kind: Deal.Kind, amount: Int64, calendar: Calendar, random: inout SeededRandom
  ) {
    let begun = max(created, calendar.lastDay - random.within(3, 100))
    deals.append(
      Deal(
        kind: kind, stage: random.element(of: Self.openStages),
        amount: random.chance(perMille: 60) ? nil : amount, created: begun,
        closed: calendar.lastDay + random.within(10, 150)))
  }
}

extension Life.Term {
  /// Minor units a month, roughly: the size of the deal, before discounts.
  fileprivate var monthlyList: Int64 {
    let factor = PriceList.prices[price].interval.monthFactor
    return Int64(Int128(unitAmount * quantity) * factor.numerator / factor.denominator)
  }
}
