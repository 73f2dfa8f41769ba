import Model

/// Which customers carry which traps: roles spread evenly over the customers' numbers.
struct Cast: Sendable {
  struct Role: Sendable {
    let trap: Trap
    let system: Customer.System
    /// Where several customers play one trap together, or variants of it.
    let part: Int
  }

  let roles: [Role]
  private let customers: Int
  private let roleOfCustomer: [Int: Int]

  init(customers: Int, calendar: Calendar) {
    let roles = Self.allRoles.filter { calendar.first <= $0.trap.earliest }
    self.roles = roles
    self.customers = customers
    var roleOfCustomer: [Int: Int] = [:]
    for position in roles.indices {
      let index = Self.customer(ofRole: position, roles: roles.count, customers: customers)
      if index < customers { roleOfCustomer[index] = position }
    }
    self.roleOfCustomer = roleOfCustomer
  }

  func role(ofCustomer index: Int) -> (position: Int, role: Role)? {
    roleOfCustomer[index].map { ($0, roles[$0]) }
  }

  /// The first customer that plays a trap, if it has a place.
  func customer(playing trap: Trap) -> Int? {
    roles.firstIndex { $0.trap == trap }.map(customer(ofRole:)).flatMap { $0 < customers ? $0 : nil }
  }

  func customer(ofRole position: Int) -> Int {
    Self.customer(ofRole: position, roles: roles.count, customers: customers)
  }

  /// With fewer customers than roles, the last roles have nobody to play them.
  private static func customer(ofRole position: Int, roles: Int, customers: Int) -> Int {
    customers < roles ? position : (2 * position + 1) * customers / (2 * roles)
  }

  private static let allRoles: [Role] = Trap.allCases.flatMap { trap -> [Role] in
    switch trap {
    case .allOpenEnded, .renewalTwoDaysLate, .quarterlyPrice, .pauseAsGap, .yearlySeatsThenMonthly,
      .yearlyInvoice, .monthEndOnWeekend, .signedNotStarted:
      [Role(trap: trap, system: .billing, part: 0)]
    case .lateEveningStart, .lateEveningEnd, .quarantinedTonight, .unpaid, .zeroDecimalCurrency,
      .movesCountry,
      .vanishesFromSnapshots:
      [Role(trap: trap, system: .stripe, part: 0)]
    case .parentWithSubsidiaries: (0..<3).map { Role(trap: trap, system: .billing, part: $0) }
    case .awkwardName:
      CompanyName.awkward.indices.map {
        Role(trap: trap, system: $0 % 3 == 2 ? .stripe : .billing, part: $0)
      }
    default:
      [Role(trap: trap, system: .billing, part: 0), Role(trap: trap, system: .stripe, part: 0)]
    }
  }
}
