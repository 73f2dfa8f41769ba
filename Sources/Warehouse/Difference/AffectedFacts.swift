import GRDB
import Model

/// What a state of the warehouse says of who refers to whom.
struct References {
  let links: CustomerLinks
  private let groups: [Int64: [Int64]]
  private let parent: RawStatement
  private let children: RawStatement
  private let ofSubscription: RawStatement
  private let subscriptions: RawStatement
  private let ofCharge: RawStatement
  private let chargesOfCustomer: RawStatement
  private let chargesOfSubscription: RawStatement
  private let ofOpportunity: RawStatement
  private let ofUsage: RawStatement
  private let ofAdjustment: RawStatement

  init(_ links: CustomerLinks, _ database: Database) throws {
    self.links = links
    groups = links.groups
    func select(_ columns: String, _ entity: EntityKind, by column: String) throws -> RawStatement {
      try RawStatement(
        database,
        "select \(columns) from \(versionTableName(entity)) where \(column) = ? and seen_to is null")
    }
    parent = try select("parent", .customer, by: "identity")
    children = try select("identity", .customer, by: "parent")
    ofSubscription = try select("customer", .subscription, by: "identity")
    subscriptions = try select("identity", .subscription, by: "customer")
    ofCharge = try select("customer, subscription", .recurringCharge, by: "identity")
    chargesOfCustomer = try select("identity", .recurringCharge, by: "customer")
    chargesOfSubscription = try select("identity", .recurringCharge, by: "subscription")
    ofUsage = try select("customer", .usageEvent, by: "identity")
    ofAdjustment = try select("customer", .adjustment, by: "identity")
    ofOpportunity = try select("customer", .opportunity, by: "identity")
  }

  /// What a customer refers to or is referred to by.
  func around(customer: Int64, _ part: inout BookPart) throws {
    for other in groups[links.canonical(customer)] ?? [] { part.customers.insert(other) }
    try collect(parent, customer) { part.customers.insert($0) }
    try collect(children, customer) { part.customers.insert($0) }
    try collect(subscriptions, customer) { part.subscriptions.insert($0) }
    try collect(chargesOfCustomer, customer) { part.charges.insert($0) }
  }

  func around(subscription: Int64, _ part: inout BookPart) throws {
    try collect(ofSubscription, subscription) { part.customers.insert($0) }
    try collect(chargesOfSubscription, subscription) { part.charges.insert($0) }
  }

  func around(charge: Int64, _ part: inout BookPart) throws {
    try collect(ofCharge, charge) { part.customers.insert($0) }
    try collect(ofCharge, charge, column: 1) { part.subscriptions.insert($0) }
  }

  func around(usage: Int64, _ part: inout BookPart) throws {
    try collect(ofUsage, usage) { part.customers.insert($0) }
  }

  func around(adjustment: Int64, _ part: inout BookPart) throws {
    try collect(ofAdjustment, adjustment) { part.customers.insert($0) }
  }

  func around(opportunity: Int64, _ part: inout BookPart) throws {
    try collect(ofOpportunity, opportunity) { part.customers.insert($0) }
  }

  private func collect(
    _ statement: RawStatement, _ key: Int64, column: Int32 = 0, _ body: (Int64) -> Void
  ) throws {
    statement.bind(1, key)
    while try statement.step() {
      if let found = statement.optionalInteger(column) { body(found) }
    }
  }
}

/// Closes changed identities over everything that refers to them or that they refer to, before the change and after it; nil when
/// that is more than `limit`.
func affected(
  by changed: ChangedIdentities, before: References, after: References, limit: Int
) throws -> BookPart? {
  var part = BookPart(
    customers: changed.of(.customer).union(after.links.differing(from: before.links)),
    subscriptions: changed.of(.subscription), charges: changed.of(.recurringCharge))
  for opportunity in changed.of(.opportunity) {
    for state in [before, after] { try state.around(opportunity: opportunity, &part) }
  }
  for state in [before, after] {
    for usage in changed.of(.usageEvent) { try state.around(usage: usage, &part) }
    for adjustment in changed.of(.adjustment) { try state.around(adjustment: adjustment, &part) }
  }
  var done = BookPart()
  while part.count > done.count {
    guard part.count <= limit else { return nil }
    let (customers, subscriptions, charges) = (
      part.customers.subtracting(done.customers), part.subscriptions.subtracting(done.subscriptions),
      part.charges.subtracting(done.charges)
    )
    done = part
    for state in [before, after] {
      for customer in customers { try state.around(customer: customer, &part) }
      for subscription in subscriptions { try state.around(subscription: subscription, &part) }
      for charge in charges { try state.around(charge: charge, &part) }
    }
  }
  return part
}
