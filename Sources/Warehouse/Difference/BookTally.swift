import GRDB
import Model

/// Counts over a book that its findings are made of. Those of the parts of a book add up to those of the whole.
struct BookTally: Equatable {
  /// Charges that are complete.
  var charges: Int64 = 0
  /// Rows that count nowhere, by what they lack.
  var uncounted: [UncountedCharges.Lack: Set<Int64>] = [:]
  /// Identities that no row describes, of entities that some source does, and how many facts refer to each.
  var undescribed: [EntityKind: [Int64: Int64]] = [:]
  var sharedNumbers = SharedNumbers()
  var voided = VoidedDocuments()
  /// Customers that stand alone because their parents lead into a circle.
  var circularParents: [Int64: CircularParents] = [:]
  var unlinkedAccounts: Int64 = 0
  var unlinkedCustomers: Int64 = 0

  init() {}

  /// - Parameter bills: Read last, with what the charges and all other facts referred to.
  init(
    _ uncounted: UncountedCharges, _ bills: BillingFacts, _ book: Book, _ circular: [Int64: CircularParents]
  ) {
    let (plans, subscriptions, customers) = bills.referred
    charges = Int64(book.charges.count)
    self.uncounted = uncounted.rows
    // Subscriptions that only charges name are millions, and most books are fed none.
    if book.fed.contains(.plan), !plans.undescribed.isEmpty { undescribed[.plan] = plans.undescribed }
    for entity in [EntityKind.subscription, .customer] where book.fed.contains(entity) {
      let found = entity == .subscription ? subscriptions.undescribed : customers.undescribed
      if !found.isEmpty { undescribed[entity] = Dictionary(uniqueKeysWithValues: found.map { ($0, 1) }) }
    }
    unlinkedAccounts = Int64(book.unlinkedAccounts)
    unlinkedCustomers = Int64(book.unlinkedCustomers)
    sharedNumbers = bills.sharedNumbers
    voided = bills.voided
    circularParents = circular
  }

  /// Takes a part out and puts another one in its place.
  mutating func replace(_ before: BookTally, by after: BookTally) {
    charges += after.charges - before.charges
    unlinkedAccounts += after.unlinkedAccounts - before.unlinkedAccounts
    unlinkedCustomers += after.unlinkedCustomers - before.unlinkedCustomers
    sharedNumbers.replace(before.sharedNumbers, by: after.sharedNumbers)
    voided.replace(before.voided, by: after.voided)
    for customer in before.circularParents.keys { circularParents[customer] = nil }
    circularParents.merge(after.circularParents) { $1 }
    for lack in UncountedCharges.Lack.allCases {
      let rows = (uncounted[lack] ?? []).subtracting(before.uncounted[lack] ?? [])
        .union(after.uncounted[lack] ?? [])
      uncounted[lack] = rows.isEmpty ? nil : rows
    }
    for entity in [EntityKind.customer, .plan, .subscription] {
      var counts = undescribed[entity] ?? [:]
      counts.merge((before.undescribed[entity] ?? [:]).mapValues { -$0 }, uniquingKeysWith: +)
      counts.merge(after.undescribed[entity] ?? [:], uniquingKeysWith: +)
      counts = counts.filter { $0.value != 0 }
      undescribed[entity] = counts.isEmpty ? nil : counts
    }
  }

  // MARK: In the warehouse

  private var rows: [(name: String, id: Int64, count: Int64)] {
    var rows: [(name: String, id: Int64, count: Int64)] = [
      ("charges", 0, charges), ("unlinked accounts", 0, unlinkedAccounts),
      ("unlinked customers", 0, unlinkedCustomers),
    ]
    for (lack, versions) in uncounted { rows += versions.map { ("without \(lack.rawValue)", $0, 1) } }
    for (entity, counts) in undescribed { rows += counts.map { ("undescribed \(entity.rawValue)", $0, $1) } }
    rows += sharedNumbers.bearers.map { ("shared number", $0, $1) }
    for (entity, versions) in voided.rows { rows += versions.map { ("voided \(entity.rawValue)", $0, 1) } }
    rows += circularParents.map { ("circular parents", $0, $1.rawValue) }
    return rows.filter { $0.count != 0 }
  }

  init(_ database: Database) throws {
    let select = try RawStatement(database, "select name, id, count from carried_count")
    while try select.step() {
      let (name, id, count) = (select.text(0), select.integer(1), select.integer(2))
      switch name {
      case "charges": charges = count
      case "unlinked accounts": unlinkedAccounts = count
      case "unlinked customers": unlinkedCustomers = count
      case "shared number": sharedNumbers.add(id, bearers: count)
      case "circular parents": circularParents[id] = CircularParents(rawValue: count)
      default:
        let words = name.split(separator: " ", maxSplits: 1).map(String.init)
        if words[0] == "without", let lack = UncountedCharges.Lack(rawValue: words[1]) {
          uncounted[lack, default: []].insert(id)
        } else if words[0] == "voided", let entity = EntityKind(rawValue: words[1]) {
          voided.add(id, of: entity)
        } else if let entity = EntityKind(rawValue: words[1]) {
          undescribed[entity, default: [:]][id] = count
        }
      }
    }
  }

  /// Puts these counts in place of the stored ones.
  func store(_ database: Database) throws {
    guard try BookTally(database) != self else { return }
    try database.execute(sql: "delete from carried_count")
    let insert = try RawStatement(database, "insert into carried_count values (?, ?, ?)")
    for row in rows {
      insert.bind(1, row.name)
      insert.bind(2, row.id)
      insert.bind(3, row.count)
      try insert.run()
    }
  }
}
