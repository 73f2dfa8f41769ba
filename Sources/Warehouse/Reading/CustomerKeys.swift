import GRDB
import Model

/// Finds what customers are called in their systems.
///
/// A customer that is several accounts goes by the one of a system that states what its MRR is made of; of several of those by the
/// first one by system and id.
struct CustomerKeys {
  private let database: Database
  /// A customer's own account, and where any are linked the others of it.
  private let joins: [String]
  private let systems: [Int64: String]
  private let billing: Set<String>

  private static let own = "i.identity = c.customer_id"
  private static let linked = "i.customer_id = c.customer_id and i.customer_id <> i.identity"

  init(_ database: Database) throws {
    let areLinked =
      try Bool.fetchOne(
        database, sql: "select exists (select 1 from identity where customer_id <> identity)") ?? false
    joins = Array([Self.own, Self.linked].prefix(areLinked ? 2 : 1))
    self.database = database
    systems = try Dictionary(
      uniqueKeysWithValues: Row.fetchAll(database, sql: "select scope, system from identity_scope").map {
        ($0[0], $0[1])
      })
    let terms = try PublicationTerms.fetch(database)
    let basis = terms.flatMap { Policy.Basis(rawValue: $0.basis) } ?? .subscriptions
    // A source that was taken out of the project leaves its rows behind.
    let sources = Set(terms?.sources ?? [])
    billing = try Set(
      Row.fetchAll(
        database,
        sql: """
          select s.name, s.system from source s join source_entity e on e.source = s.source where e.entity = ?
          """, arguments: [basis.entity.rawValue]
      ).filter { sources.contains($0[0]) }.map { $0[1] })
  }

  /// Those that are known, by the warehouse's number.
  func keys(of customers: some Sequence<Int64>) throws -> [Int64: CustomerKey] {
    var keys: [Int64: CustomerKey] = [:]
    for join in joins {
      let select = try RawStatement(database, Self.select(from: "(select ? as customer_id)", join))
      for customer in customers {
        select.bind(1, customer)
        try add(select, to: &keys)
      }
    }
    return keys
  }

  /// Those of everyone who moved in a month, in one pass: they can be a good part of all customers.
  ///
  /// - Parameter count: How many they are at most.
  func keys(movedIn month: Month, count: Int) throws -> [Int64: CustomerKey] {
    var keys: [Int64: CustomerKey] = [:]
    keys.reserveCapacity(count)
    for join in joins {
      let moved = "(select distinct customer_id from movement where month = \(month.number))"
      try add(RawStatement(database, Self.select(from: moved, join)), to: &keys)
    }
    return keys
  }

  static func select(from customers: String, _ join: String = linked) -> String {
    "select c.customer_id, i.scope, i.natural_id from \(customers) c cross join identity i on \(join)"
  }

  private func add(_ select: RawStatement, to keys: inout [Int64: CustomerKey]) throws {
    while try select.step() {
      let key = CustomerKey(system: systems[select.integer(1)] ?? "", id: select.text(2))
      if let known = keys.updateValue(key, forKey: select.integer(0)), !precedes(key, known) {
        keys[select.integer(0)] = known
      }
    }
  }

  private func precedes(_ left: CustomerKey, _ right: CustomerKey) -> Bool {
    let (first, second) = (billing.contains(left.system), billing.contains(right.system))
    return first == second ? left < right : first
  }
}

extension [Int64: CustomerKey] {
  /// The largest first, equal ones in the order of their customers' keys.
  func inOrder<Row>(
    _ rows: [Row], _ customer: (Row) -> Int64, by amount: (Row) -> some Comparable
  ) -> [Row] {
    rows.sorted { left, right in
      let (first, second) = (amount(left), amount(right))
      return first == second ? precedes(customer(left), customer(right)) : first > second
    }
  }
}

extension Policy.Basis {
  /// What MRR is made of.
  fileprivate var entity: EntityKind {
    switch self {
    case .subscriptions: .recurringCharge
    case .invoices: .invoiceLine
    case .contracts: .contract
    }
  }
}
