import Model

/// How chance lets an ordinary customer live: a plan of its size, more seats over the years, at last perhaps goodbye.
struct OrdinaryLife {
  let customer: Customer
  let calendar: Calendar
  private var random: SeededRandom
  /// Negotiated part of the list price in thousandths; only billing knows such prices.
  private var negotiated: Int64 = 1000

  init(customer: Customer, calendar: Calendar, random: SeededRandom) {
    self.customer = customer
    self.calendar = calendar
    self.random = random
  }

  mutating func live(into life: inout Life) {
    let product = chooseProduct()
    let interval = chooseInterval(of: product)
    let share = random.within(20, 75)
    let seats = Int64(max(1, customer.employees * share / (100 + customer.employees / 4)))
    if customer.system == .billing, product != .starter, random.chance(perMille: 180) {
      negotiated = Int64(random.within(78, 97) * 10)
    }
    var start = customer.created
    if product == .starter || product == .team, interval != .week, random.chance(perMille: 200) {
      guard let paid = tryFirst(product, interval, seats, into: &life) else { return }
      start = paid
    }
    let left = subscribe(
      product, interval, seats, from: start, discount: chooseDiscount(from: start, interval), into: &life)
    if product != .starter, random.chance(perMille: 130) {
      addInsights(interval, seats, from: start, to: left, into: &life)
    }
    if let left, random.chance(perMille: 110) {
      let back = left + random.within(40, 260)
      if back <= calendar.lastDay {
        _ = subscribe(product, .month, max(1, seats * 2 / 3), from: back, discount: nil, into: &life)
      }
    }
  }

  private mutating func chooseProduct() -> Product {
    switch customer.employees {
    case ..<12: random.chance(perMille: 780) ? .starter : .team
    case ..<60: random.chance(perMille: 700) ? .team : .business
    case ..<300: random.chance(perMille: 750) ? .business : .team
    default: random.chance(perMille: 700) ? .enterprise : .business
    }
  }

  private mutating func chooseInterval(of product: Product) -> BillingInterval {
    let weights =
      switch product {
      case .starter: [740, 50, 150, 60, 0]
      case .team, .insights: [560, 130, 300, 10, 0]
      case .business: [240, 160, 520, 0, 80]
      case .enterprise: [40, 120, 620, 0, 220]
      }
    return BillingInterval.allCases[random.pick(weights)]
  }

  private mutating func chooseDiscount(from start: Day, _ interval: BillingInterval) -> Discount? {
    guard interval != .week else { return nil }
    let until = Calendar.anniversary(of: start, after: max(3, interval.commitment))
    switch random.below(1000) {
    case ..<40: return Discount(basisPoints: Int64(random.within(2, 8)) * 250, duration: .forever)
    case ..<80: return Discount(basisPoints: 2500, duration: .repeating, until: until)
    case ..<100: return Discount(amount: customer.currency == .jpy ? 600 : 500, duration: .forever)
    case ..<125: return Discount(basisPoints: 5000, duration: .once)
    default: return nil
    }
  }

  /// Two weeks for nothing; returns the first paid day, or nil when nothing came of it.
  private mutating func tryFirst(
    _ product: Product, _ interval: BillingInterval, _ seats: Int64, into life: inout Life
  ) -> Day? {
    let end = customer.created + 14
    let price = PriceList.index(product, interval, customer.currency)
    let subscription = life.subscribe()
    life.add(subscription, price, seats: seats, from: customer.created, to: end, state: .trialing)
    if random.chance(perMille: 330) {
      life.subscriptions[subscription].cancelRequested = end - 3
      life.subscriptions[subscription].cancelReason = "never converted"
      return nil
    }
    return end
  }

  /// Leads one subscription (the trial's, if there was one) to its end; returns the day it ended, if it did.
  private mutating func subscribe(
    _ product: Product, _ interval: BillingInterval, _ seats: Int64, from start: Day, discount: Discount?,
    into life: inout Life
  ) -> Day? {
    let continuesTrial = life.terms.last.map { $0.state == .trialing && $0.end == start } ?? false
    let subscription = continuesTrial ? life.subscriptions.count - 1 : life.subscribe()
    let price = PriceList.index(product, interval, customer.currency, soldOn: start)
    open(subscription, price, seats, from: start, discount: discount, state: .active, into: &life)
    var step = 1
    while true {
      let anniversary = Calendar.anniversary(of: start, after: step)
      let mayLeave = step % interval.commitment == 0
      let isUnderWay = current(life).start < anniversary
      if mayLeave, isUnderWay, leaves(PriceList.prices[current(life).price].product, interval) {
        let requested = max(start + 1, anniversary - random.within(3, 45))
        if requested > calendar.lastDay || anniversary > calendar.lastDay + 90 { return nil }
        life.terms[life.terms.count - 1].end = anniversary
        let reason = random.element(of: Self.reasons)
        // Nobody asks for what a card that fails brings about, and nobody knows of it before.
        let isForced = reason == Life.Subscription.paymentFailed && anniversary <= calendar.lastDay
        life.subscriptions[subscription].cancelRequested =
          isForced ? anniversary : min(requested, anniversary)
        life.subscriptions[subscription].cancelReason =
          isForced || reason != Life.Subscription.paymentFailed ? reason : "other"
        return anniversary
      }
      if anniversary > calendar.lastDay { return nil }
      if mayLeave { renew(on: anniversary, interval, into: &life) }
      let changed = anniversary + random.within(1, 24)
      if changed <= calendar.lastDay { change(on: changed, interval, into: &life) }
      step += 1
    }
  }

  /// A second subscription beside the first, ending with it.
  private mutating func addInsights(
    _ interval: BillingInterval, _ seats: Int64, from start: Day, to end: Day?, into life: inout Life
  ) {
    let from = start + random.within(20, 500)
    guard from <= calendar.lastDay, end.map({ from < $0 }) ?? true else { return }
    let requested = life.subscriptions[life.subscriptions.count - 1].cancelRequested
    let subscription = life.subscribe()
    let price = PriceList.index(.insights, interval, customer.currency)
    life.add(subscription, price, seats: max(1, seats / 2), from: from, to: end)
    if end != nil {
      life.subscriptions[subscription].cancelRequested = requested.map { max($0, from) }
      life.subscriptions[subscription].cancelReason = "other"
    }
  }

  private static let reasons = [
    "too expensive", "missing features", "switched service", "unused", "other",
    Life.Subscription.paymentFailed,
  ]

  private func current(_ life: Life) -> Life.Term { life.terms[life.terms.count - 1] }

  private mutating func leaves(_ product: Product, _ interval: BillingInterval) -> Bool {
    let perTenThousandMonths =
      switch product {
      case .starter: 260
      case .team, .insights: 165
      case .business: 105
      case .enterprise: 70
      }
    // Longer commitments are left less often per month.
    let patience = interval.commitment >= 12 ? 80 : 100
    return random.below(10_000) < perTenThousandMonths * interval.commitment * patience / 100
  }

  /// A new term: yearly customers get a row per renewal, some at a higher price; old monthly prices are replaced.
  private mutating func renew(on day: Day, _ interval: BillingInterval, into life: inout Life) {
    let term = current(life)
    if day >= PriceList.riseMonth.firstDay, let successor = PriceList.successor(of: term.price) {
      open(term.subscription, successor, term.quantity, from: day, discount: term.discount, into: &life)
    } else if interval.commitment >= 12, customer.system == .billing {
      if random.chance(perMille: 450) { negotiated = negotiated * Int64(1000 + random.within(25, 70)) / 1000 }
      open(term.subscription, term.price, term.quantity, from: day, discount: term.discount, into: &life)
    }
  }

  private mutating func change(on day: Day, _ interval: BillingInterval, into life: inout Life) {
    let term = current(life)
    switch random.below(1000) {
    case ..<58:
      let more = max(1, term.quantity * Int64(random.within(8, 32)) / 100)
      open(
        term.subscription, term.price, term.quantity + more, from: day, discount: term.discount, into: &life)
    case ..<72 where term.quantity > 1:
      let fewer = max(1, term.quantity * Int64(random.within(5, 30)) / 100)
      open(
        term.subscription, term.price, term.quantity - fewer, from: day, discount: term.discount, into: &life)
    case ..<79:
      let price = PriceList.prices[term.price]
      guard let next = price.product.next else { return }
      guard interval != .week else { return }
      let index = PriceList.index(next, interval, price.currency, soldOn: day)
      open(term.subscription, index, term.quantity, from: day, discount: term.discount, into: &life)
    case ..<82 where interval == .month:
      interrupt(on: day, as: .paused, days: random.within(20, 75), into: &life)
    case ..<91 where customer.system == .stripe:
      interrupt(on: day, as: .pastDue, days: 12, into: &life)
    default: return
    }
  }

  private func interrupt(on day: Day, as state: Life.Term.State, days: Int, into life: inout Life) {
    let term = current(life)
    open(
      term.subscription, term.price, term.quantity, from: day, discount: term.discount, state: state,
      into: &life)
    guard current(life).state == state, day + days <= calendar.lastDay else { return }
    open(term.subscription, term.price, term.quantity, from: day + days, discount: term.discount, into: &life)
  }

  /// Ends the running term on `day` and starts the next; a change before the running one even began is left out.
  private func open(
    _ subscription: Int, _ price: Int, _ quantity: Int64, from day: Day, discount: Discount?,
    state: Life.Term.State = .active, into life: inout Life
  ) {
    if let last = life.terms.last, last.subscription == subscription, last.end == nil {
      guard last.start < day else { return }
      life.terms[life.terms.count - 1].end = day
    }
    life.add(subscription, price, seats: quantity, from: day, discount: discount, state: state)
    let list = PriceList.prices[price].amount
    life.terms[life.terms.count - 1].unitAmount = max(1, list * negotiated / 1000)
  }
}
