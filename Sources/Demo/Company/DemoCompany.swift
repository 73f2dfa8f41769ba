import Model

/// Larkspur Software, an invented company: the same numbers give the same exports, byte for byte, on every machine.
///
/// Its books end on 31 October 2026, whenever they are written; `months` counts back from there. From 200 customers
/// and 33 months on every ``Trap`` has its customers (from 24 months on all but the leap day).
public struct DemoCompany: Sendable {
  public static let name = "Larkspur Software"
  /// The reporting time zone in which the demo company's days are meant.
  public static let timeZone = NewYork.zoneName
  /// The last month its exports cover, to its end.
  public static let lastMonth = Calendar.last

  let customers: Int
  let seed: UInt64
  let calendar: Calendar
  private let signups: Signups
  let cast: Cast

  /// `customers` and `months` below 1 are taken as 1.
  public init(customers: Int = 3000, months: Int = 40, seed: UInt64 = 1) {
    self.customers = max(1, customers)
    self.seed = seed
    calendar = Calendar(months: months)
    signups = Signups(customers: self.customers, calendar: calendar)
    cast = Cast(customers: self.customers, calendar: calendar)
  }

  /// Calls `body` with every customer and the life it led, in the order of their numbers, one at a time.
  func forEachCustomer(_ body: (Customer, Life) throws -> Void) rethrows {
    var life = Life()
    for index in 0..<customers {
      life.removeAll()
      var random = SeededRandom(seed: seed, stream: UInt64(index))
      let month = signups.month(ofCustomer: index)
      let created = month.firstDay + random.below(month.length)
      let played = cast.role(ofCustomer: index)
      let customer = Customer(
        index: index, system: played?.role.system ?? system(of: index), random: &random, created: created)
      if let played {
        let story = story(of: played, customer: customer)
        try body(story.customer, story.life)
      } else {
        var ordinary = OrdinaryLife(customer: customer, calendar: calendar, random: random)
        ordinary.live(into: &life)
        try body(customer, life)
      }
    }
  }

  /// The sales team's side of a customer.
  func prospect(_ customer: Customer, _ life: Life) -> Prospect {
    var random = SeededRandom(seed: seed, stream: 1 << 61 | UInt64(customer.index))
    return Prospect(of: customer, life, calendar: calendar, random: &random)
  }

  /// Calls `body` with every account in the CRM that never became a customer, numbered after the customers.
  func forEachProspect(_ body: (Customer, Prospect) throws -> Void) rethrows {
    for index in customers..<(customers + customers / 4) {
      var random = SeededRandom(seed: seed, stream: 1 << 61 | UInt64(index))
      let prospect = Prospect(neverBought: index, calendar: calendar, random: &random)
      var account = Customer(index: index, system: .billing, random: &random, created: prospect.created)
      account.hasAccount = true
      try body(account, prospect)
    }
  }

  private func story(of played: (position: Int, role: Cast.Role), customer: Customer) -> TrapLife {
    var story = TrapLife(played.role, customer: customer, life: Life())
    story.live()
    if played.role.trap == .parentWithSubsidiaries, played.role.part > 0 {
      story.customer.parent = cast.customer(ofRole: played.position - played.role.part)
    }
    if played.role.trap != .noAccount { story.customer.hasAccount = true }
    return story
  }

  /// A third of the customers pay through Stripe, but no more than about 5,000: a snapshot repeats each of them every month.
  private func system(of index: Int) -> Customer.System {
    index % max(3, customers / 5000) == 1 ? .stripe : .billing
  }

  /// The customers that carry traps, in the order of ``Trap``.
  public var traps: [TrapCustomer] {
    cast.roles.indices.compactMap { position in
      let role = cast.roles[position]
      let index = cast.customer(ofRole: position)
      guard index < customers else { return nil }
      return TrapCustomer(
        trap: role.trap, system: role.system.rawValue, customer: Customer.id(index, in: role.system))
    }
  }
}
