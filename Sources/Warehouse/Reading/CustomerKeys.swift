import GRDB
import Model

/// Finds what customers are called in their systems.
///
/// A customer that is several accounts goes by the one of a system that states what its MRR is made of; of several of those by the
/// first one by system and id.
struct CustomerKeys {
  /// A customer's own account, and where any are linked the others of it.
  private let accounts: [RawStatement]
  private let systems: [Int64: String]
  private let billing: Set<String>

  private static let own = "select scope, natural_id from identity where identity = ?"
  static let linked = """
    select scope, natural_id from identity where customer_id = ? and customer_id <> identity
    """

  init(_ database: Database) throws {
    let areLinked =
      try Bool.fetchOne(
        database, sql: "select exists (select 1 from identity where customer_id <> identity)") ?? false
    accounts = try [Self.own, Self.linked].prefix(areLinked ? 2 : 1).map { try RawStatement(database, $0) }
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
    var keys = [Int64: CustomerKey](minimumCapacity: customers.underestimatedCount)
    var last: Int64?
    for customer in customers where customer != last {
      last = customer
      if keys[customer] == nil { keys[customer] = try key(of: customer) }
    }
    return keys
  }

  private func key(of customer: Int64) throws -> CustomerKey? {
    var best: CustomerKey?
    for select in accounts {
      select.bind(1, customer)
      while try select.step() {
        let key = CustomerKey(system: systems[select.integer(0)] ?? "", id: select.text(1))
        if best.map({ precedes(key, $0) }) ?? true { best = key }
      }
    }
    return best
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
